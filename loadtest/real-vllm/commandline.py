"""The command line of rounds.py: parses and checks its arguments; errors are one line."""

import argparse
import re
from dataclasses import dataclass
from typing import NoReturn

from engines import Unreachable
from processes import cpu_s
from workload import USAGE, UnknownShape, traffic

PRESET = [
    "conversations 24 5 2",
    "conversations 24 5 6",
    "conversations 24 5 12",
    "conversations 8 12 6",
    "burst 12 6",
    "zipf 96 6",
]


class OneLineParser(argparse.ArgumentParser):
    """Reports an error in one line and exits with 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


@dataclass(frozen=True)
class Router:
    """A router by name; pid is 0 where its CPU time is not asked for."""

    name: str
    url: str
    pid: int

    def cpu_s(self) -> float | None:
        if not self.pid:
            return None
        try:
            return cpu_s(self.pid)
        except ProcessLookupError as e:
            raise Unreachable(f"router {self.name} has ended: {e}") from e


def router(text: str) -> Router:
    """NAME=URL[,pid=N]."""
    parts = re.fullmatch(r"([^=]+)=(https?://[^,]+)(?:,pid=(\d+))?", text)
    if not parts:
        raise argparse.ArgumentTypeError(f'router "{text}" (expected: NAME=http://HOST:PORT[,pid=N])')
    return Router(parts[1], parts[2].rstrip("/"), int(parts[3] or 0))


def shape(text: str) -> str:
    try:
        traffic(text, "", "")
    except UnknownShape as e:
        raise argparse.ArgumentTypeError(str(e)) from e
    return text


def arguments(what: str) -> argparse.Namespace:
    """Parses the arguments of rounds.py; the help begins with its purpose."""
    parser = OneLineParser(description=what)
    parser.add_argument("routers", nargs="+", type=router, metavar="NAME=URL[,pid=N]")
    parser.add_argument("--engines", required=True, type=lambda text: [e.rstrip("/") for e in text.split(",")])
    parser.add_argument("--model", required=True, help="directory of the model's tokenizer")
    parser.add_argument("--shape", action="append", type=shape, help=f"{USAGE}; default: all of {PRESET}")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--warm", type=int, default=10, help="warm-up rounds, not counted, with the shapes in turn")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--note", action="append", default=[], help="a line to print above the table")
    parser.add_argument("--check", action="store_true", help="only check the arguments")
    options = parser.parse_args()
    names = [to.name for to in options.routers]
    if len(set(names)) < len(names):
        parser.error(f"routers {', '.join(names)} (expected: a name of its own for each)")
    if options.rounds < 1 or options.warm < 0:
        parser.error(f"--rounds {options.rounds} --warm {options.warm} (expected: at least 1 and at least 0)")
    return options
