"""What JSON schemas of replies are made of, strict as OpenAI asks: every property required, no others.

Statements stand in `$defs`, which keeps a schema small where a server puts it into the prompt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]


def one_of(values: Iterable[str]) -> Schema:
    """A string that is one of these."""
    return {"type": "string", "enum": [str(value) for value in values]}


def list_of(items: Schema) -> Schema:
    """A list of any length: few servers enforce one, so readers bound it."""
    return {"type": "array", "items": items}


def object_of(properties: Mapping[str, Schema]) -> Schema:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def reply_of(properties: Mapping[str, Schema]) -> Schema:
    """A whole reply, in which STATEMENT may stand."""
    return {**object_of(properties), "$defs": {"statement": object_of(SAID)}}


STRING: Schema = {"type": "string"}
STATEMENT: Schema = {"$ref": "#/$defs/statement"}
SAID: Mapping[str, Schema] = {
    "text": STRING,
    "evidence": list_of(object_of({"path": STRING, "side": one_of(("new", "old")), "quote": STRING})),
    "proposed": {"type": "boolean"},
}
"""The properties of a statement."""
