"""What a conversation with a model is made of: how it opens, what the model may call, and what comes of a turn."""

from __future__ import annotations

from typing import Any

from workers.model import Value


class Tool(Value):
    """A function that the model may call. `parameters` is the JSON schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, Any]


class Opening(Value):
    """How a conversation begins.

    `system` is the stable part, `content` what the person says first; `json_schema` is that of the model's last word,
    called `name`. `max_output` is tokens of one turn. `seconds` is what all its calls and pauses may take together,
    and never more than the endpoint's budget; `patience` those that a slot is waited for.
    """

    name: str
    system: str
    content: str
    json_schema: dict[str, Any]
    tools: tuple[Tool, ...] = ()
    max_output: int
    deep: bool = True
    seconds: float
    patience: float = 60.0


class Call(Value):
    """A tool that the model calls: `arguments` is JSON as the model wrote it, so it may be anything."""

    id: str
    name: str
    arguments: str


class Words(Value):
    """A piece of what the model says."""

    text: str


class Again(Value):
    """The call died in the middle of its words and is made again: what it said is not whole, and is not taken up.

    Whoever hears this may `say` to the model what it need not say again.
    """


class Turned(Value):
    """The end of a turn: tools that the model calls, or () where it has said all. `cut`: it came to its limit."""

    calls: tuple[Call, ...] = ()
    cut: bool = False


Piece = Words | Again | Turned
