"""The sections of a judgement: their schemas, and what was said made into what a Judgement holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from workers.analysis.llm.values import ReplyFault
from workers.analysis.replies.said import items, line, statement, statements
from workers.analysis.replies.schemas import STATEMENT, Schema, list_of, object_of, one_of
from workers.model import Insight, Recommendation, Statement, Tier
from workers.words import LANGUAGES, Words, load_words

SECTIONS: Mapping[Tier, tuple[str, ...]] = {
    Tier.HIGH: ("summary", "impact", "insights", "risks", "recommendations", "conclusion"),
    Tier.MEDIUM: ("summary", "impact", "risks", "recommendations"),
    Tier.LOW: ("summary", "risks"),
}
"""The sections that a commit of a tier has, in the order in which they are said. Every tier has risks: text that
addresses a reader or a model is told there."""

DIMENSIONS = (
    "architecture",
    "compatibility",
    "reliability",
    "security",
    "performance",
    "operation",
    "maintainability",
)
AUDIENCES = ("users", "developers", "operators", "reviewers", "packagers")
"""What an insight may be on and whom a recommendation may address: keys of the catalogue, so that headings agree."""

OTHER = "other"
"""The key of a dimension or an audience that is none of ours."""

STATEMENTS_MOST = 8
"""Statements of one section, or of one dimension, that are kept at most; a few more than are asked for."""

Section: TypeAlias = tuple[Statement, ...] | tuple[Insight, ...] | tuple[Recommendation, ...] | Statement | None
"""What a Judgement holds in one of its fields."""

_LIST = list_of(STATEMENT)
SECTION_SCHEMAS: Mapping[str, Schema] = {
    "summary": _LIST,
    "impact": _LIST,
    "insights": list_of(object_of({"dimension": one_of(DIMENSIONS), "statements": _LIST})),
    "risks": _LIST,
    "recommendations": list_of(object_of({"audience": one_of(AUDIENCES), "statement": STATEMENT})),
    "conclusion": STATEMENT,
}


def section(name: str, value: object, words: Words) -> Section:
    """What a Judgement holds in the field of this name. ReplyFault for a wrong shape."""
    return _MAKERS[name](value, words)


def _plain(name: str, value: object, _: Words) -> tuple[Statement, ...]:
    return statements(value, name, STATEMENTS_MOST)


def _insights(value: object, words: Words) -> tuple[Insight, ...]:
    """One insight for each dimension, in our order, under our name for it."""
    found: dict[str, tuple[Statement, ...]] = {}
    for item in items(value, "insights"):
        if not isinstance(item, dict):
            raise ReplyFault("wrong_schema", 'each item of insights must be {"dimension", "statements"}')
        key = _key_of("dimension", item.get("dimension"), DIMENSIONS)
        said = statements(item.get("statements"), "statements of insights", STATEMENTS_MOST)
        found[key] = (*found.get(key, ()), *said)[:STATEMENTS_MOST]
    return tuple(
        Insight(dimension=words(f"dimension.{key}"), statements=found[key])
        for key in (*DIMENSIONS, OTHER)
        if found.get(key)
    )


def _recommendations(value: object, words: Words) -> tuple[Recommendation, ...]:
    found: list[Recommendation] = []
    for item in items(value, "recommendations"):
        # Some models write the statement's fields beside the audience, and some no more than the statement.
        whole = item if isinstance(item, dict) else {"statement": item}
        said = statement(whole.get("statement", whole), "recommendations")
        if said is not None:
            audience = words(f"audience.{_key_of('audience', whole.get('audience'), AUDIENCES)}")
            found.append(Recommendation(audience=audience, statement=said))
    return tuple(found[:STATEMENTS_MOST])


def _conclusion(value: object, _: Words) -> Statement | None:
    return next(iter(statements(value, "conclusion", 1)), None)


def _key_of(table: str, value: object, keys: Sequence[str]) -> str:
    """The key that a name stands for: itself, or its word in one of our languages."""
    name = line(value).casefold()
    catalogues = [load_words("workers.analysis", language) for language in LANGUAGES]
    named = {words(f"{table}.{key}").casefold(): key for words in catalogues for key in keys}
    return name if name in keys else named.get(name, OTHER)


_MAKERS: Mapping[str, Callable[[object, Words], Section]] = {
    "summary": partial(_plain, "summary"),
    "impact": partial(_plain, "impact"),
    "insights": _insights,
    "risks": partial(_plain, "risks"),
    "recommendations": _recommendations,
    "conclusion": _conclusion,
}
