"""record.py KIND FIRST_SEED LAST_SEED [SHARE]: writes workloads of a kind to standard output, one per line.

SHARE scales the number of conversations.
"""

import json
import sys

from play import Play

SEQUENTIAL = dict(clients=1)
SATURATED = dict(clients=12, think=(0, 30_000), answer=(20, 200), exact=0.2, burst=0.1, abort=0.1)
KINDS = {
    "sequence": dict(SEQUENTIAL, blocks=256, block_size=32),
    "sequence-in-little-cache": dict(
        SEQUENTIAL, blocks=60, block_size=16, exact=0.3, repeat=0.1, one=0.1, edit=0.1, cut=0.2, salted=0.1, stop=0.2
    ),
    "sequence-with-resets": dict(SEQUENTIAL, blocks=100, block_size=16, repeat=0.2, reset=0.05),
    "sequence-in-chunks": dict(
        SEQUENTIAL,
        blocks=300,
        block_size=16,
        max_batched=128,
        exact=0.3,
        long=0.3,
        long_user=(200, 1500),
        repeat=0.1,
    ),
    "overlapping": dict(blocks=256, block_size=32, conversations=60, system=(150, 500)),
    "overlapping-and-evicting": dict(
        blocks=128,
        block_size=32,
        conversations=60,
        system=(100, 200),
        user=(20, 400),
        answer=(4, 40),
        think=(0, 400_000),
    ),
    "overlapping-in-little-cache": dict(
        blocks=100,
        block_size=16,
        conversations=60,
        clients=10,
        exact=0.3,
        repeat=0.2,
        one=0.1,
        burst=0.1,
        abort=0.1,
        stop=0.2,
        edit=0.1,
        cut=0.2,
        reset=0.2,
        salted=0.1,
    ),
    "preempted": dict(SATURATED, blocks=64, block_size=16, max_batched=256, max_seqs=16),
    "preempted-in-chunks": dict(
        SATURATED,
        blocks=128,
        block_size=16,
        max_batched=64,
        max_seqs=8,
        long=0.3,
        long_user=(100, 900),
        max_model_len=1500,
    ),
    "bursts": dict(
        blocks=128, block_size=16, clients=4, burst=0.6, repeat=0.4, exact=0.4, one=0.2, max_seqs=6
    ),
}


def main(kind, first, last, share="1"):
    options = dict(KINDS[kind])
    options["conversations"] = max(1, round(options.get("conversations", 40) * float(share)))
    for seed in range(int(first), int(last) + 1):
        print(json.dumps(Play(kind, seed, **options).run().result(), separators=(",", ":")))


if __name__ == "__main__":
    main(*sys.argv[1:])
