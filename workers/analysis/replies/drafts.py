"""The judgement of a commit as a model said it, before anything of it is checked against the commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from workers.analysis.llm.values import Reader, ReplyFault
from workers.analysis.replies.reading import keyed, read
from workers.analysis.replies.said import items, line
from workers.analysis.replies.schemas import STRING, Schema, list_of, one_of, reply_of
from workers.analysis.replies.sections import SECTION_SCHEMAS, SECTIONS, section
from workers.model import Judgement, Kind, Tier, Value
from workers.words import Words

REASONS_MOST = 4
KINDS_MOST = 4
REASON_LIMIT = 300
"""Reasons and kinds that are kept at most, and characters of a reason: a longer one is dropped."""

_VERDICT: Mapping[str, Schema] = {"kinds": list_of(one_of(Kind)), "tier_reasons": list_of(STRING), "tier": one_of(Tier)}
_NEVER_EMPTY = ("summary", "conclusion")


class Draft(Value):
    """What a model said of a commit.

    `tier` is the one that was asked for where it said none that there is; `kinds` may be empty. `missing` names the
    sections that were asked for and did not arrive, or arrived cut; of a cut one the judgement has the statements
    that came whole.
    """

    tier: Tier
    tier_reasons: tuple[str, ...]
    kinds: tuple[Kind, ...]
    judgement: Judgement
    missing: tuple[str, ...]


def sections_of(tier: Tier) -> tuple[str, ...]:
    """The sections that an analysis of this tier has."""
    return SECTIONS[tier]


def schema_of(tier: Tier, sections: Sequence[str] | None = None) -> Schema:
    """The schema of a judgement of this tier, or of these of its sections; tier and kinds are said with the summary."""
    wanted = SECTIONS[tier] if sections is None else sections
    verdict = _VERDICT if "summary" in wanted else {}
    return reply_of({**verdict, **{name: SECTION_SCHEMAS[name] for name in wanted}})


def reader_of(tier: Tier, words: Words, sections: Sequence[str] | None = None) -> Reader[Draft]:
    """The reader of a reply to `schema_of(tier, sections)`. `words` (of `workers.analysis`) name dimensions and
    audiences in the language."""
    return partial(_draft, tier, words, SECTIONS[tier] if sections is None else tuple(sections))


def merged(draft: Draft, more: Draft) -> Draft:
    """A draft whose missing sections were asked for once more: what arrived takes the place of what was cut."""
    said: dict[str, Any] = {
        name: getattr(more.judgement, name) for name in draft.missing if getattr(more.judgement, name)
    }
    said |= {"missing": more.missing, "complete": not more.missing}
    return draft.model_copy(update={"judgement": draft.judgement.model_copy(update=said), "missing": more.missing})


def _draft(tier: Tier, words: Words, sections: Sequence[str], text: str, cut: bool) -> Draft:
    said = read(text, cut)
    values = keyed(said.values)
    judged = {name: section(name, values[name], words) for name in sections if values.get(name) is not None}
    empty = [name for name in _NEVER_EMPTY if name in judged and not judged[name]]
    missing = tuple(name for name in sections if name == said.cut or name not in judged or name in empty)
    if not any(judged.values()):
        raise ReplyFault("wrong_schema", f"the reply must have {', '.join(sections)}")
    return Draft(
        tier=_tier(values.get("tier")) or tier,
        tier_reasons=_reasons(values.get("tier_reasons")),
        kinds=_kinds(values.get("kinds")),
        judgement=Judgement.model_validate({"engine": "model", "complete": not missing, "missing": missing, **judged}),
        missing=missing,
    )


def _tier(value: object) -> Tier | None:
    name = line(value).lower()
    return next((tier for tier in Tier if tier == name), None)


def _kinds(value: object) -> tuple[Kind, ...]:
    names = (line(item).lower() for item in items(value, "kinds"))
    found = (kind for name in names for kind in Kind if kind == name)
    return tuple(dict.fromkeys(found))[:KINDS_MOST]


def _reasons(value: object) -> tuple[str, ...]:
    found = (line(item, REASON_LIMIT) for item in items(value, "tier_reasons"))
    return tuple(reason for reason in found if reason)[:REASONS_MOST]
