"""Medians, ratios and intervals over rounds, and the Markdown table that shows them."""

import math
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Run:
    """One router's run of a shape in one round; cpu_s is None where no pid was given."""

    router: str
    hit_percent: float
    ttft_ms: float
    shares: list[float]
    failed: int
    cpu_s: float | None


HEAD = (
    "| shape | router | hit rate, % | mean TTFT, ms | TTFT ratio | range | 95 % interval | least share, % "
    "| CPU, s a round | failed |\n| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: |"
)


def rows(shape: str, rounds: list[list[Run]], reference: str) -> list[str]:
    """One line per router, the reference first. Ratios are to the reference's TTFT in the same round."""
    by_router: dict[str, list[Run]] = {}
    for one in rounds:
        for run in one:
            by_router.setdefault(run.router, []).append(run)
    base = by_router[reference]
    return [
        _row(shape, router, runs, [r.ttft_ms / b.ttft_ms for r, b in zip(runs, base, strict=True)])
        for router, runs in sorted(by_router.items(), key=lambda item: item[0] != reference)
    ]


def _row(shape: str, router: str, runs: list[Run], ratios: list[float]) -> str:
    cpu = [run.cpu_s for run in runs if run.cpu_s is not None]
    interval = median_interval(ratios)
    cells = [
        shape,
        router,
        f"{median(run.hit_percent for run in runs):.1f}",
        f"{median(run.ttft_ms for run in runs):.0f}",
        f"{median(ratios):.2f}",
        f"{min(ratios):.2f} to {max(ratios):.2f}",
        f"{interval[0]:.2f} to {interval[1]:.2f}" if interval else "",
        f"{100 * min(min(run.shares) for run in runs):.0f}",
        f"{median(cpu):.2f}" if cpu else "",
        str(sum(run.failed for run in runs)),
    ]
    return "| " + " | ".join(cells) + " |"


def median_interval(values: list[float]) -> tuple[float, float] | None:
    """The narrowest pair of order statistics that contains the median with 95 % confidence, for any distribution.

    None for fewer than six values, because then even the lowest and the highest are not enough.
    """
    ordered, n = sorted(values), len(values)
    outside, cut = 0.0, 0  # outside: the chance that the median lies below the cut-th value or above its mirror
    while cut < n // 2 and outside + 2 * math.comb(n, cut) / 2**n <= 0.05:
        outside += 2 * math.comb(n, cut) / 2**n
        cut += 1
    return (ordered[cut - 1], ordered[n - cut]) if cut else None
