"""The tools as a model is told of them: names, what they are for, the schemas of their arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workers.analysis.llm.talk import Tool

_STRING, _NUMBER = {"type": "string"}, {"type": "integer"}
_COMMIT = {"type": "string", "description": "sha of a commit of the digest; default: the first commit of the question"}
_AT = {"type": "string", "enum": ["commit", "parent"], "description": "after the commit, or before it"}
_LINES = {"start": {**_NUMBER, "description": "first line"}, "end": {**_NUMBER, "description": "last line"}}


def _tool(name: str, description: str, needed: Sequence[str], **properties: Any) -> Tool:  # noqa: ANN401
    schema = {"type": "object", "properties": properties, "required": list(needed), "additionalProperties": False}
    return Tool(name=name, description=description, parameters=schema)


OFFERED = (
    _tool("show_diff", "The diff of one file of a commit.", ["path"], path=_STRING, start=_NUMBER, commit=_COMMIT),
    _tool(
        "read_file",
        "Lines of a file, or the names in a folder, at the commit or at its parent.",
        ["path"],
        path=_STRING,
        at=_AT,
        commit=_COMMIT,
        **_LINES,
    ),
    _tool("search", "Lines of the repository with a literal text.", ["text"], text=_STRING, at=_AT, commit=_COMMIT),
    _tool(
        "blame",
        "Who last changed lines of a file, when, why.",
        ["path"],
        path=_STRING,
        at=_AT,
        commit=_COMMIT,
        **_LINES,
    ),
    _tool("list_commits", "The commits of the digest, newest first.", [], start=_NUMBER),
    _tool(
        "pull_request",
        "What was written in a pull request that the commit names.",
        ["number"],
        number=_NUMBER,
        commit=_COMMIT,
    ),
)
"""The tools as the model is told of them."""
