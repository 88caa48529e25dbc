"""An answer to a question, statement by statement, while it is still being said."""

from __future__ import annotations

from collections.abc import Iterator

from workers.analysis.llm.values import ReplyFault
from workers.analysis.replies.reading import list_in
from workers.analysis.replies.said import items, line, statement
from workers.analysis.replies.schemas import SAID, STRING, Schema, list_of, object_of
from workers.model import Statement, Value

SAID_MOST = 10
"""Statements of an answer that are kept; a few more than are asked for."""
SHA_LEAST, SHA_MOST = 7, 64
CITED_MOST = 8
"""Digits of a sha, and commits of one statement, that are heard."""


class Answered(Value):
    """One statement as it was said, and the shas, or their beginnings, that it cites."""

    statement: Statement
    commits: tuple[str, ...] = ()


def answers_schema() -> Schema:
    """The schema of an answer."""
    properties = {"text": STRING, "commits": list_of(STRING), **{name: SAID[name] for name in ("evidence", "proposed")}}
    return object_of({"answer": list_of(object_of(properties))})


class AnswerReader:
    """Reads a reply as it comes. A statement is given once, when it is whole, and not before."""

    def __init__(self) -> None:
        self.text = ""
        self._heard = 0
        self._given = 0
        self._wrong: ReplyFault | None = None

    def feed(self, piece: str) -> tuple[Answered, ...]:
        """The statements that have become whole with a further piece."""
        self.text += piece
        if "}" not in piece:
            return ()
        try:
            return tuple(self._new(cut=True))
        except ReplyFault:
            return ()

    def finish(self, cut: bool) -> tuple[Answered, ...]:
        """The statements that are left at the end. ReplyFault where the reply is none."""
        found = tuple(self._new(cut))
        if self._wrong is not None and not self._given:
            raise self._wrong
        return found

    def _new(self, cut: bool) -> Iterator[Answered]:
        whole = list_in(self.text, cut, "answer")[:SAID_MOST]
        for item in whole[self._heard :]:
            self._heard += 1
            said = self._statement(item)
            if said is not None:
                self._given += 1
                yield Answered(statement=said, commits=_cited(item))

    def _statement(self, item: object) -> Statement | None:
        try:
            return statement(item, "answer")
        except ReplyFault as fault:
            self._wrong = fault
            return None


def _cited(item: object) -> tuple[str, ...]:
    cited = items(item.get("commits"), "commits") if isinstance(item, dict) else ()
    shas = (line(one, SHA_MOST).lower() for one in cited)
    return tuple(dict.fromkeys(sha for sha in shas if len(sha) >= SHA_LEAST))[:CITED_MOST]
