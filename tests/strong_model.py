"""What a model says that has read the commit well, or would mislead: scripts for the fake model server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.model_protocol import Asked

Reply = Mapping[str, Any]


def said(text: str, path: str = "", quote: str = "", proposed: bool = False) -> dict[str, Any]:
    """A statement, with one place where a path is given."""
    evidence = [{"path": path, "side": "new", "quote": quote}] if path else []
    return {"text": text, "evidence": evidence, "proposed": proposed}


def added_line(asked: Asked) -> tuple[str, str]:
    """The first line that the shown commit adds, and the file it stands in."""
    path = ""
    for line in asked.content.splitlines():
        if named := re.match(r"= \w+(?: \+\d+ -\d+)? (\S+)", line):
            path = named[1]
        elif line.startswith("+") and line[1:].strip() and path:
            return path, line[1:].strip()
    return path, ""


def judging(**sections: Any) -> Callable[[Asked], str]:
    """A script that gives these sections where they are asked for, and else what is right and dull.

    A section may be a function of the request. Of repairs it gives up all, of highlights it has none.
    """

    def script(asked: Asked) -> str:
        wanted = asked.schema["properties"]
        reply = {name: _value(name, sections, asked) for name in wanted}
        return json.dumps(reply, ensure_ascii=False)

    return script


def _value(name: str, sections: Mapping[str, Any], asked: Asked) -> Any:
    if name in sections:
        value = sections[name]
        return value(asked) if callable(value) else value
    path, quote = added_line(asked)
    dull = said(f"`{path}` gets a new line.", path, quote) if quote else said(f"`{path}` changes.")
    tier = re.search(r"^tier: (\w+)", asked.content, re.MULTILINE)
    return {
        "tier": tier[1] if tier else "low",
        "tier_reasons": [f"`{path}` changes"],
        "kinds": ["fix"],
        "conclusion": dull,
        "recommendations": [{"audience": "users", "statement": dull}],
        "insights": [{"dimension": "reliability", "statements": [dull]}],
        "risks": [],
        "repairs": [],
        "highlights": [],
    }.get(name, [dull])
