"""Sends requests to one engine directly and records one JSON line per request, to study or to fit a model.

cached_tokens is null unless the engine runs with --enable-prompt-tokens-details.
"""

import asyncio
import json
import random
import sys

from commandline import OneLineParser, shape
from drive import drive
from workload import USAGE, traffic


def main() -> None:
    parser = OneLineParser(description=__doc__)
    parser.add_argument("engine", help="the engine's URL")
    parser.add_argument("file", help="the JSON lines are appended here")
    parser.add_argument("--shape", action="append", type=shape, required=True, help=f"{USAGE}; may be given again")
    parser.add_argument("--runs", type=int, default=1, help="runs of each shape, each with its own seed")
    parser.add_argument("--seed", default="record", help="prefix of the runs' seeds")
    options = parser.parse_args()
    try:
        for run in range(options.runs):
            for name in options.shape:
                record(options.engine.rstrip("/"), options.file, name, f"{options.seed}-{run}")
    except OSError as e:
        sys.exit(f"record: {e}")


def record(engine: str, file: str, name: str, seed: str) -> None:
    salt = f"{random.randrange(10**9):09}"
    requests = asyncio.run(drive(engine, traffic(name, seed, salt), with_usage=True))
    with open(file, "a", encoding="utf-8") as out:
        for r in requests:
            line = {
                "seed": seed,
                "shape": name,
                "conversation": r.conversation,
                "turn": r.turn,
                "sent_at": r.sent_at,
                "ttft_ms": round(r.ttft_ms, 2),
                "e2e_ms": round(r.e2e_ms, 2),
                "prompt_tokens": r.prompt_tokens,
                "cached_tokens": r.cached_tokens,
                "engine": engine,
                "error": r.error,
            }
            print(json.dumps(line), file=out)
    failed = [r.error for r in requests if r.error]
    print(f"{name}: {len(requests)} requests, {len(failed)} failed {failed[:1] or ''}", file=sys.stderr)


if __name__ == "__main__":
    main()
