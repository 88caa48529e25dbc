"""A question in a dialect: the body of the request, and what is added to the texts."""

from __future__ import annotations

import json
from typing import Any

from workers.analysis.llm.dialect import Dialect, Rung
from workers.analysis.llm.values import Question, ReplyFault

TEMPERATURE = 0.1
"""Low: the same commit should get the same judgement. Not 0, at which small models fall into repeating themselves."""

_SCHEMA_TEXT = (
    "Reply with one JSON object and nothing else: no words before or after it, no Markdown fence. It must have every "
    "property of this JSON schema and no other:"
)
_NOTE_TEXT = (
    "An earlier reply to this could not be used: {problem}. Reply with one JSON object that obeys the schema, and with "
    "nothing else."
)
_PROBLEMS = {"empty": "it was empty", "not_json": "it was not valid JSON", "wrong_schema": "it did not obey the schema"}
NOTE_MOST = 300
"""Characters of a reader's complaint that the model is told."""


def body_of(question: Question, model: str, dialect: Dialect, most: int, fault: ReplyFault | None) -> dict[str, Any]:
    """The request of a question. `most` bounds the reply in tokens; `fault` is what was wrong with the last reply.

    What the server may keep in its cache stands first and stays the same; the note on a fault stands last.
    """
    content = f"{question.content}\n\n{_note(fault)}" if fault else question.content
    body: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": "system", "content": writable(_system(question, dialect))},
            {"role": "user", "content": writable(content)},
        ],
        dialect.limit: most,
    }
    if dialect.temperature:
        body["temperature"] = TEMPERATURE
    if dialect.rung is Rung.SCHEMA:
        schema = {"name": question.name, "schema": question.json_schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif dialect.rung is Rung.OBJECT:
        body["response_format"] = {"type": "json_object"}
    return body


def texts_of(body: dict[str, Any]) -> str:
    """All that a model reads of a request, as far as we wrote it."""
    return "\n".join(message["content"] for message in body["messages"])


def _system(question: Question, dialect: Dialect) -> str:
    if dialect.rung is Rung.SCHEMA:
        return question.system
    schema = json.dumps(question.json_schema, ensure_ascii=False, separators=(",", ":"))
    return f"{question.system}\n\n{_SCHEMA_TEXT}\n{schema}"


def _note(fault: ReplyFault) -> str:
    problem = _PROBLEMS.get(fault.code, fault.code)
    detail = " ".join(fault.detail.split())[:NOTE_MOST]
    return _NOTE_TEXT.format(problem=f"{problem} ({detail})" if detail else problem)


def writable(text: str) -> str:
    """Lone surrogates cannot be sent as UTF-8."""
    return text.encode("utf-8", "replace").decode()
