"""The traffic of a shape: its requests, their order, and how many are in flight. A seed decides all of it.

The salt stands in every system prompt, so that routers driven with one seed find nothing of each other in the
engines' caches. It does not change the number of tokens as long as its length is the same.
"""

from dataclasses import dataclass
from random import Random

WORDS = (
    "alpha beta gamma delta engine router cache block prefix token tree latency queue replica node shard batch "
    "stream chunk window"
).split()
GROUPS = 4
SYSTEM_PROMPTS = 12


class UnknownShape(ValueError):
    """The text of a shape does not match USAGE."""


USAGE = "conversations [N [TURNS [AT_ONCE]]], burst [N [SIBLINGS]] or zipf [N [AT_ONCE]]"
DEFAULTS = {"conversations": [24, 5, 6], "burst": [12, 6], "zipf": [96, 6]}


@dataclass(frozen=True)
class Turn:
    """A user message, sent after a pause."""

    pause_s: float
    text: str


@dataclass(frozen=True)
class Conversation:
    """A system prompt, which the conversations of one group share, and the user's turns."""

    number: int
    group: int
    system: str
    turns: list[Turn]


@dataclass(frozen=True)
class Traffic:
    """Batches run one after another. A batch starts together, with at most at_once requests in flight."""

    batches: list[list[Conversation]]
    at_once: int


def traffic(shape: str, seed: str, salt: str) -> Traffic:
    """Parses a shape as described by USAGE. Raises UnknownShape for any other text."""
    kind, *given = shape.split() or [""]
    defaults = DEFAULTS.get(kind, [])
    if not defaults or len(given) > len(defaults) or not all(n.isdecimal() and int(n) for n in given):
        raise UnknownShape(f'shape "{shape}" (expected: {USAGE})')
    numbers = [int(n) for n in given] + defaults[len(given) :]
    if kind == "conversations":
        count, turns, at_once = numbers
        return Traffic([[_conversation(i, turns, seed, salt) for i in range(count)]], at_once)
    count, at_once = numbers
    if kind == "burst":
        return Traffic([_siblings(b, at_once, seed, salt) for b in range(count)], at_once)
    return Traffic([_zipf(count, seed, salt)], at_once)


def _words(random: Random, count: int) -> str:
    return " ".join(random.choices(WORDS, k=count))


def _conversation(i: int, turns: int, seed: str, salt: str) -> Conversation:
    random, group = Random(f"{seed}-{i}"), i % GROUPS
    system = f"Session {salt} group {group}. " + _words(Random(f"{seed}-g{group}"), 150)
    said = [_words_then_pause(random) for _ in range(turns)]
    return Conversation(i, group, system, said)


def _words_then_pause(random: Random) -> Turn:
    text = _words(random, 120)
    return Turn(random.random() * 0.5, text)


def _siblings(burst: int, siblings: int, seed: str, salt: str) -> list[Conversation]:
    random = Random(f"{seed}-b{burst}")
    system = f"Session {salt} burst {burst}. " + _words(random, 150)
    turn = Turn(0, _words(random, 450))
    return [Conversation(burst * siblings + i, burst, system, [turn]) for i in range(siblings)]


def _zipf(count: int, seed: str, salt: str) -> list[Conversation]:
    """Single questions; the system prompt of rank k is chosen in proportion to 1/k."""
    random = Random(f"{seed}-zipf")
    ranks = range(SYSTEM_PROMPTS)
    systems = [f"Session {salt} prompt {k}. " + _words(Random(f"{seed}-p{k}"), 600) for k in ranks]
    chosen = random.choices(ranks, weights=[1 / (k + 1) for k in ranks], k=count)
    return [Conversation(i, k, systems[k], [Turn(0, _words(random, 40))]) for i, k in enumerate(chosen)]
