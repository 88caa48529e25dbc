"""A group of facts as a clause ("adds the flag `--x`"), and clauses as sentences."""

from __future__ import annotations

from collections.abc import Sequence

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.survey.groups import CODE_THINGS, EVIDENCE_SHOWN, Group
from workers.analysis.wording.phrases import NAMES_SHOWN, code, common_folder, listed, names
from workers.model import Evidence, Statement
from workers.words import Words

FILES_SHOWN = 2
"""How many files a clause names: paths are long."""

VALUE_LIMIT = 60
"""Longest old or new value in characters that is told inside a clause."""

_VALUED = frozenset({Thing.FLAG, Thing.SETTING, Thing.ENVIRONMENT, Thing.PARAMETER, Thing.DEPENDENCY, Thing.CONSTANT})


_INTERNAL = CODE_THINGS | {Thing.DEPENDENCY}


def clause(group: Group, words: Words) -> str:
    """What a group does, without a subject: verb and things. Exact numbers where not all names are told."""
    if not group.names:
        return words(f"clause.{group.deed}", things=words(f"count.{group.thing}", n=group.count))
    if group.deed is Deed.MOVED and group.thing is Thing.FILE and (folders := _folders(group)):
        old, new = folders
        return words("clause.moved_folder", n=group.count, old=code(old), new=code(new))
    if group.deed is Deed.RENAMED:
        return words("clause.renamed", things=_thing(group, _renamings(group, words), words))
    if group.deed is Deed.CHANGED:
        return _changed(group, words)
    return words(f"clause.{group.deed}", things=things(group, words))


def _folders(group: Group) -> tuple[str, str] | None:
    """The folder that all files of a group left and the one they entered, where there is one of each."""
    old = common_folder([fact.old or "" for fact in group.facts])
    new = common_folder([fact.name for fact in group.facts])
    return (old, new) if old and new and old != new and group.count > FILES_SHOWN else None


def things(group: Group, words: Words, shown: int = NAMES_SHOWN) -> str:
    """The names of a group with what they are: "the flags `--a` and `--b`"."""
    limit = min(shown, FILES_SHOWN) if group.thing is Thing.FILE else shown
    return _thing(group, _names(group.names, group.uncounted, words, limit), words)


def all_things(groups: Sequence[Group], words: Words, shown: int = 2) -> str:
    """The things of several groups in one list, few names of each."""
    return listed([things(group, words, shown) for group in groups], words, "list.last_things")


def _thing(group: Group, told: str, words: Words) -> str:
    inner = "internal" if group.thing in _INTERNAL and not group.public else "noun"
    return words(f"{inner}.{group.thing}", names=told, n=group.count)


def _names(found: Sequence[str], uncounted: int, words: Words, shown: int = NAMES_SHOWN) -> str:
    if not uncounted:
        return names(found, words, shown)
    some = words("list.comma").join(code(name) for name in found[:shown])
    total = len(found) + uncounted
    return words("list.more", names=some, rest=total - min(shown, len(found)), total=total)


def _renamings(group: Group, words: Words) -> str:
    shown = group.facts[: FILES_SHOWN if group.thing is Thing.FILE else NAMES_SHOWN]
    pairs = [words("clause.pair", old=code(fact.old or fact.name), new=code(fact.name)) for fact in shown]
    rest = group.count - len(pairs)
    if not rest:
        return listed(pairs, words)
    return words("list.more", names=words("list.comma").join(pairs), rest=rest, total=group.count)


def _changed(group: Group, words: Words) -> str:
    if _tells_values(group):
        return words("list.clauses").join(_from_to(fact, words) for fact in group.facts)
    if group.thing is Thing.DEPENDENCY:
        return _updated(group, words)
    return words("clause.changed", things=words(f"altered.{group.thing}", names=_shown(group, words), n=group.count))


def _tells_values(group: Group) -> bool:
    """Whether the clause of changed things says from what to what."""
    few = group.count == len(group.facts) <= 2
    return group.thing in _VALUED and few and all(map(has_values, group.facts))


def _updated(group: Group, words: Words) -> str:
    if group.count <= NAMES_SHOWN + 1:
        return words("clause.updated", names=_shown(group, words))
    some = listed([code(name) for name in group.names[:NAMES_SHOWN]], words)
    return words("clause.updated_many", n=group.count, names=some)


def _shown(group: Group, words: Words) -> str:
    return _names(group.names, group.uncounted, words)


def _from_to(fact: Fact, words: Words) -> str:
    values = {"old": code(fact.old or ""), "new": code(fact.new or "")}
    if fact.thing is Thing.DEPENDENCY:
        return words("clause.updated_from_to", name=code(fact.name), **values)
    return words("clause.from_to", things=words(f"altered.{fact.thing}", names=code(fact.name), n=1), **values)


def has_values(fact: Fact) -> bool:
    """Whether both the old and the new value are there, differ, and are short enough to tell."""
    both = (fact.old, fact.new)
    return fact.old != fact.new and all(value and len(value) <= VALUE_LIMIT and value.strip() for value in both)


def sentence(text: str, words: Words) -> str:
    """Text with a capital first letter and the language's full stop."""
    return words("sentence", text=text[:1].upper() + text[1:])


def sentence_of(groups: Sequence[Group], words: Words) -> Statement:
    """One sentence that tells several groups, with the places where they can be seen."""
    text = words("list.clauses").join(clause(group, words) for group in groups)
    return Statement(text=sentence(text, words), evidence=evidence_of(groups))


def evidence_of(groups: Sequence[Group]) -> tuple[Evidence, ...]:
    """Places of all groups in turn, so that each has its first, at most `EVIDENCE_SHOWN` or one for each group."""
    limit = max(EVIDENCE_SHOWN, len(groups))
    ranked = [(rank, at, place) for at, group in enumerate(groups) for rank, place in enumerate(group.evidence)]
    return tuple(place for _, _, place in sorted(ranked, key=lambda entry: entry[:2])[:limit])
