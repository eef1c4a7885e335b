"""Compares routers on running engines in interleaved rounds and prints a Markdown table.

In a round every router gets the same traffic, each with a salt of its own, in an order that rotates from round to
round. The first router named is the reference: ratios are to its mean TTFT in the same round. Each run's figures go to
stderr as they come, the table to stdout at the end.
"""

import asyncio
import json
import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, median

from ceiling import Ceiling
from commandline import PRESET, Router, arguments
from drive import Request, drive
from engines import Unreachable, all_counters, answer_of, counted_since
from report import HEAD, Run, rows
from workload import traffic


def log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def one_run(to: Router, engines: list[str], name: str, seed: str) -> tuple[Run, list[Request]]:
    """Raises Unreachable if an engine or the router died, or if no request was answered."""
    salt = f"{random.randrange(10**9):09}"
    before, cpu_before = all_counters(engines), to.cpu_s()
    requests = asyncio.run(drive(to.url, traffic(name, seed, salt), on_failure=lambda: all_counters(engines)))
    cpu_after = to.cpu_s()
    answered = [request for request in requests if not request.error]
    if not answered:
        raise Unreachable(f"router {to.name} answered none of {len(requests)} requests: {requests[0].error}")
    counted = counted_since(before, engines, len(answered))
    total = sum(c.answered for c in counted)
    if total != len(answered):
        log(f"warning: {to.name} answered {len(answered)} requests, the engines {total:.0f} (expected: as many)")
    run = Run(
        to.name,
        100 * sum(c.hits for c in counted) / max(1, sum(c.queries for c in counted)),
        fmean(request.ttft_ms for request in answered),
        [c.answered / max(1, total) for c in counted],
        len(requests) - len(answered),
        None if cpu_before is None or cpu_after is None else cpu_after - cpu_before,
    )
    for request in requests:
        if request.error:
            log(f"{to.name}: a request failed: {request.error}")
    return run, requests


class Rounds:
    """Drives all routers through rounds of one shape after another."""

    def __init__(self, routers: list[Router], engines: list[str], seed: str) -> None:
        self._routers, self._engines, self._seed = routers, engines, seed

    def one(self, name: str, number: int, seed: str) -> tuple[list[Run], list[Request]]:
        """Returns a round's runs and the reference's requests. Unreachable names the run that failed."""
        turn = number % len(self._routers)
        runs, sent = [], []
        for to in self._routers[turn:] + self._routers[:turn]:
            try:
                run, requests = one_run(to, self._engines, name, f"{self._seed}-{seed}-{number}")
            except Unreachable as e:
                raise Unreachable(f'{seed} {number + 1} of "{name}", router {to.name}: {e}') from e
            shares = "/".join(f"{100 * share:.0f}" for share in run.shares)
            cpu = "" if run.cpu_s is None else f"  cpu {run.cpu_s:.2f} s"
            log(
                f"{seed} {number + 1}  {name}  {to.name:10s} hit {run.hit_percent:5.1f} %  ttft {run.ttft_ms:5.0f} ms"
                f"  by engine {shares} %{cpu}  failed {run.failed}"
            )
            runs.append(run)
            if to is self._routers[0]:
                sent = requests
        return runs, sent

    def shape(self, name: str, rounds: int, ceiling: Ceiling) -> tuple[list[str], int]:
        """Returns the shape's lines of the table and the number of failed requests."""
        done, ceilings = [], []
        for number in range(rounds):
            runs, sent = self.one(name, number, "round")
            done.append(runs)
            ceilings.append(ceiling.percent(sent))
        best = [
            f"| {name} | *best possible: {where}* | {median(c[i] for c in ceilings):.1f} | | | | | | | |"
            for i, where in enumerate(["each group on one engine", "every group on all engines"])
        ]
        failed = sum(run.failed for runs in done for run in runs)
        return best + rows(name, done, self._routers[0].name), failed


def machine() -> str:
    """CPU, cores and memory, as Linux reports them."""
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    kib = int(Path("/proc/meminfo").read_text().split()[1])
    model = models[0].partition(": ")[2] if models else "unknown CPU"
    return f"{model}, {os.cpu_count()} cores, {kib / 2**20:.0f} GiB"


def main() -> int:
    """Exit codes: 1 requests failed; 2 bad input or no answer at the start; 3 something died later."""
    options = arguments(__doc__ or "")
    if options.check:
        return 0
    shapes = options.shape or PRESET
    rounds = Rounds(options.routers, options.engines, options.seed)
    started = False
    try:
        version = json.loads(answer_of("engine", options.engines[0] + "/version"))["version"]
        all_counters(options.engines)
        for to in options.routers:
            answer_of(f"router {to.name}", to.url + "/v1/models")
            to.cpu_s()
        ceiling = Ceiling(options.model, len(options.engines))
        started = True
        for number in range(options.warm):
            rounds.one(shapes[number % len(shapes)], number, "warm")
        notes = [f"{datetime.now(UTC):%Y-%m-%d}", machine(), f"{len(options.engines)} engines of vLLM {version}"]
        print("\n".join(["; ".join(notes) + ".", *options.note, "", HEAD]), flush=True)
        failed = 0
        for name in shapes:
            lines, failed_here = rounds.shape(name, options.rounds, ceiling)
            failed += failed_here
            print("\n".join(lines), flush=True)
    except Unreachable as e:
        log(f"rounds: {e}")
        return 3 if started else 2
    except KeyboardInterrupt:
        return 130
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
