"""A list of messages as the command line prints it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any


def messages_json(messages: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The messages as JSON, bit by bit, and a last line break."""
    yield from json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(messages)
    yield "\n"
