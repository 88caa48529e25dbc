"""What comes of a streamed call: chunks of the protocol, which nobody has validated, as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workers.analysis.llm.requests import writable
from workers.analysis.llm.talk import Call

MOST_CALLS = 16
"""Tools that one turn may call; what is beyond is not heard."""
MOST_ARGUMENTS = 20_000
"""Characters of one call's arguments; a longer call is not heard."""


@dataclass(frozen=True)
class CallPart:
    """A piece of a call of a tool. `index` tells which; None where the server does not say."""

    index: int | None
    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Delta:
    """One chunk. `finish` as the protocol names it. Tokens None where they are not told."""

    text: str = ""
    calls: tuple[CallPart, ...] = ()
    finish: str | None = None
    refused: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None


def delta_of(chunk: Any) -> Delta:  # noqa: ANN401 - it may be anything
    """The delta of a chunk of a stream, or of a whole completion, which has a `message` in its place."""
    choices = getattr(chunk, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    said = getattr(choice, "delta", None) or getattr(choice, "message", None)
    finish = getattr(choice, "finish_reason", None)
    usage = getattr(chunk, "usage", None)
    return Delta(
        text=_text(getattr(said, "content", None)),
        calls=tuple(_parts(getattr(said, "tool_calls", None))),
        finish=finish if isinstance(finish, str) else None,
        refused=bool(getattr(said, "refusal", None)) or finish == "content_filter",
        input_tokens=_count(getattr(usage, "prompt_tokens", None)),
        output_tokens=_count(getattr(usage, "completion_tokens", None)),
    )


def _parts(calls: object) -> Iterator[CallPart]:
    for call in calls if isinstance(calls, list) else ():
        function = getattr(call, "function", None)
        index = getattr(call, "index", None)
        yield CallPart(
            index=index if isinstance(index, int) else None,
            id=_text(getattr(call, "id", None)),
            name=_text(getattr(function, "name", None)),
            arguments=_text(getattr(function, "arguments", None)),
        )


def _text(value: object) -> str:
    return writable(value) if isinstance(value, str) else ""


def _count(told: object) -> int | None:
    return told if isinstance(told, int) and told >= 0 else None


@dataclass
class Gathered:
    """What a call has said up to now."""

    text: str = ""
    finish: str | None = None
    refused: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None
    _calls: dict[int, CallPart] = field(default_factory=dict)

    def add(self, delta: Delta) -> None:
        """One more piece."""
        self.text += delta.text
        self.finish = delta.finish or self.finish
        self.refused = self.refused or delta.refused
        self.input_tokens = self.input_tokens if delta.input_tokens is None else delta.input_tokens
        self.output_tokens = self.output_tokens if delta.output_tokens is None else delta.output_tokens
        for part in delta.calls:
            self._add_part(part)

    def calls(self) -> tuple[Call, ...]:
        """The calls that came whole. One without an id gets one, for servers that give none want one back."""
        found = (self._calls[number] for number in sorted(self._calls))
        return tuple(
            Call(id=part.id or f"call_{number}", name=part.name[:100], arguments=part.arguments or "{}")
            for number, part in enumerate(found)
            if part.name and len(part.arguments) <= MOST_ARGUMENTS
        )

    def _add_part(self, part: CallPart) -> None:
        """A part without a number goes on with the last call, unless it names a function of its own."""
        last = max(self._calls, default=-1)
        number = part.index if part.index is not None else (last + 1 if part.name or last < 0 else last)
        if number not in self._calls and len(self._calls) >= MOST_CALLS:
            return
        before = self._calls.get(number)
        if before is None:
            self._calls[number] = part
        else:
            arguments = (before.arguments + part.arguments)[: MOST_ARGUMENTS + 1]
            self._calls[number] = CallPart(number, before.id or part.id, before.name or part.name, arguments)
