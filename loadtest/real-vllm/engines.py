"""Reads the counters of the engines, so that the figures do not depend on the routers."""

import time
import urllib.request
from dataclasses import dataclass


class Unreachable(Exception):
    """An engine or a router does not answer, or has restarted."""


@dataclass(frozen=True)
class Counters:
    """Prompt tokens looked up in the prefix cache and found there, answered requests, and the start (Unix seconds)."""

    queries: float
    hits: float
    answered: float
    started_at: float


def answer_of(what: str, url: str) -> str:
    """Fetches the body at a URL. Raises Unreachable, with the URL, if there is none within 10 s."""
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return str(response.read(), "utf-8")
    except (OSError, ValueError) as e:
        raise Unreachable(f"{what} does not answer at {url}: {e} (expected: 200)") from e


def counters(engine: str) -> Counters:
    """Reads one engine's counters. Raises Unreachable if it does not answer or has no prefix cache counters."""
    sums: dict[str, float] = {}
    for line in answer_of("engine", engine + "/metrics").splitlines():
        if not line.startswith("#"):
            name, value = line.split("{")[0].split(" ")[0], line.split(" ")[-1]
            sums[name] = sums.get(name, 0) + float(value)
    try:
        return Counters(
            sums["vllm:prefix_cache_queries_total"],
            sums["vllm:prefix_cache_hits_total"],
            sums.get("vllm:request_success_total", 0),
            sums["process_start_time_seconds"],
        )
    except KeyError as e:
        raise Unreachable(f"{engine}/metrics has no {e} (expected: vLLM with --enable-prefix-caching)") from e


def all_counters(engines: list[str]) -> list[Counters]:
    return [counters(engine) for engine in engines]


def counted_since(before: list[Counters], engines: list[str], answered: int) -> list[Counters]:
    """The difference of each engine's counters since then. Waits up to 2 s until they include so many answers.

    Raises Unreachable if an engine died or restarted in between.
    """
    deadline = time.monotonic() + 2
    while True:
        after = all_counters(engines)
        for engine, b, a in zip(engines, before, after, strict=True):
            if a.started_at != b.started_at:
                raise Unreachable(f"engine {engine} was started anew during the run")
        counted = [
            Counters(a.queries - b.queries, a.hits - b.hits, a.answered - b.answered, a.started_at)
            for b, a in zip(before, after, strict=True)
        ]
        if sum(c.answered for c in counted) >= answered or time.monotonic() > deadline:
            return counted
        time.sleep(0.05)
