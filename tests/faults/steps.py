"""The steps of the pipeline at which faults strike, each known by what passes there: a command, or a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Place = Literal["redis", "github", "model", "post"]
Part = Literal["scheduler", "worker", "horse", "other"]


@dataclass(frozen=True)
class Step:
    """Where it is seen: at Redis by a part's command that matches, else a request.

    `number`: which post of a channel on that day. `after`: once it has been carried out, and before whoever asked for
    it hears so.
    """

    place: Place
    part: Part = "horse"
    command: re.Pattern[bytes] | None = None
    number: int = 1
    after: bool = False

    def is_command(self, part: Part, piece: bytes, after: bool) -> bool:
        """Whether it is reached by what a part says to Redis."""
        is_it = self.place == "redis" and (self.part, self.after) == (part, after)
        return is_it and self.command is not None and self.command.search(piece) is not None


def _command(part: Part, pattern: bytes, after: bool = False) -> Step:
    return Step("redis", part, re.compile(pattern, re.DOTALL), after=after)


STEPS: Mapping[str, Step] = {
    "claimed": _command("scheduler", rb"\r\nWATCH\r\n"),
    "begun": _command("scheduler", rb"run-end.*\r\nEXEC\r\n", after=True),
    "collect": Step("github"),
    "listed": _command("horse", rb"\r\nHSET\r\n.{0,80}-analyse-"),
    "analyse": Step("model"),
    "judged": _command("horse", rb"\r\nEVALSHA\r\n.{0,80}cd:1:analysis:", after=True),
    "assemble": _command("horse", rb"\r\nSET\r\n[^\r]*\r\ncd:1:digest:"),
    "handed over": _command("horse", rb"\r\nHSET\r\n.{0,80}-then\r\n"),
    "deliver": _command("horse", rb"\r\nEVALSHA\r\n.{0,80}cd:1:delivery:"),
    "send": Step("post"),
    "accepted": Step("post", after=True),
    "between parts": Step("post", number=2),
    "finish": _command("horse", rb"cd:1:delivery:.{0,200}:parts\r\n.{0,20}cd:1:counts"),
    "completed": _command("horse", rb"cd:1:schedule\r\n.{0,20}cd:1:counts\r\n.*completed:", after=True),
}
"""In order."""
