"""Facts that belong in one sentence: the same thing, the same deed, the same publicity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.survey.exposure import is_central, is_exposed
from workers.model import Evidence

EVIDENCE_SHOWN = 5
"""How many places a sentence about a group cites at most; it names no more than that."""

_THINGS = (
    Thing.COMMAND,
    Thing.FLAG,
    Thing.ROUTE,
    Thing.FIELD,
    Thing.SETTING,
    Thing.ENVIRONMENT,
    Thing.TYPE,
    Thing.FUNCTION,
    Thing.PARAMETER,
    Thing.CONSTANT,
    Thing.DEPENDENCY,
    Thing.SUBMODULE,
    Thing.FILE,
    Thing.MODE,
)
_DEEDS = (Deed.REMOVED, Deed.RENAMED, Deed.CHANGED, Deed.MOVED, Deed.ADDED)

CODE_THINGS = frozenset({Thing.FUNCTION, Thing.TYPE, Thing.CONSTANT, Thing.PARAMETER})
"""Things that only other code can refer to."""

OUTER_THINGS = frozenset({Thing.COMMAND, Thing.FLAG, Thing.ROUTE, Thing.FIELD, Thing.SETTING, Thing.ENVIRONMENT})
"""Things that people and other programs refer to without reading the code."""


@dataclass(frozen=True)
class Group:
    """Facts of one thing and one deed. `public` says whether anybody outside refers to them; files always count."""

    thing: Thing
    deed: Deed
    public: bool
    facts: tuple[Fact, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(fact.name for fact in self.facts if fact.count == 1)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Where to see the first of them, one place each; a file as such is seen by its name."""
        if self.thing is Thing.FILE:
            return ()
        places = (place for fact in self.facts[:EVIDENCE_SHOWN] for place in fact.evidence[:1])
        return tuple(place for place in places if place.quote.strip())

    @property
    def count(self) -> int:
        """How many things it holds; a fact that sums up a large file counts for all of its own."""
        return sum(fact.count for fact in self.facts)

    @property
    def uncounted(self) -> int:
        """How many of them have no name here."""
        return self.count - len(self.names)

    def only(self, facts: Iterable[Fact]) -> Group:
        """The same group with fewer facts."""
        return Group(self.thing, self.deed, self.public, tuple(facts))


def groups_of(facts: Iterable[Fact]) -> tuple[Group, ...]:
    """Groups of facts, the most consequential first; a name counts once. What is only touched is in none of them."""
    gathered: dict[tuple[Thing, Deed, bool], dict[str, Fact]] = {}
    for fact in _folded(_positional(_with_moves([fact for fact in facts if fact.deed is not Deed.TOUCHED]))):
        gathered.setdefault((fact.thing, fact.deed, _is_public(fact)), {}).setdefault(fact.name, fact)
    groups = (Group(*key, tuple(sorted(named.values(), key=_reach))) for key, named in gathered.items())
    return tuple(sorted(groups, key=_consequence))


_SPOKEN = frozenset({"__init__", "__call__", "__new__", "__enter__", "__exit__"})


def _is_public(fact: Fact) -> bool:
    """Whether others refer to it: not so where its last name starts with an underscore, as no language exports that."""
    if fact.thing not in CODE_THINGS:
        return fact.public or fact.thing in (Thing.FILE, Thing.SUBMODULE, Thing.MODE)
    last = fact.name.split("(")[0].rsplit(".", 1)[-1]
    return fact.public and (not last.startswith("_") or last in _SPOKEN)


_BY_NAME = (".py", ".pyi", ".kt", ".kts", ".swift", ".cs", ".rb", ".php", ".scala", ".dart")
"""Files of languages in which callers may write the names of parameters."""


def _positional(facts: list[Fact]) -> list[Fact]:
    """The facts with parameters that only have another name, where callers cannot notice, told as internal."""
    balance: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        if fact.thing is Thing.PARAMETER and fact.deed in (Deed.ADDED, Deed.REMOVED):
            balance[fact.path, fact.name.split("(")[0]] += 1 if fact.deed is Deed.ADDED else -1
    renamed = {key for key, surplus in balance.items() if not surplus and not key[0].endswith(_BY_NAME)}
    return [
        fact.model_copy(update={"public": False})
        if fact.thing is Thing.PARAMETER and (fact.path, fact.name.split("(")[0]) in renamed
        else fact
        for fact in facts
    ]


def _folded(facts: list[Fact]) -> list[Fact]:
    """The facts without those that another one implies: members of a type that came, went or moved as a whole, and
    a changed signature whose parameters are told."""
    whole = {(fact.deed, fact.name) for fact in facts if fact.thing is Thing.TYPE}
    # The key of a file and the field of the class that reads it are one setting.
    whole |= {
        (fact.deed, fact.name.rsplit(".", 1)[1]) for fact in facts if fact.thing is Thing.SETTING and "." in fact.name
    }
    told = {fact.name.split("(")[0] for fact in facts if fact.thing is Thing.PARAMETER}
    return [fact for fact in facts if not _is_implied(fact, whole, told)]


def _is_implied(fact: Fact, whole: set[tuple[Deed, str]], told: set[str]) -> bool:
    if fact.thing is Thing.SETTING:
        return (fact.deed, fact.name) in whole
    if fact.thing not in CODE_THINGS:
        return False
    if fact.thing is Thing.FUNCTION and fact.deed is Deed.CHANGED and fact.name in told:
        return True
    owners = fact.name.split("(")[0].split(".")[:-1]
    return any((fact.deed, ".".join(owners[:depth])) in whole for depth in range(1, len(owners) + 1))


def _consequence(group: Group) -> tuple[bool, int, int]:
    return (not group.public, _DEEDS.index(group.deed), _THINGS.index(group.thing))


def _reach(fact: Fact) -> tuple[bool, bool]:
    """Sorts facts of files that reach far to the front and keeps the diff's order otherwise."""
    return (not is_exposed(fact.path), not is_central(fact.path))


def _with_moves(facts: list[Fact]) -> list[Fact]:
    """The facts with code that left one file and entered another under the same name told once, as moved."""
    added = {_identity(fact): fact for fact in facts if fact.deed is Deed.ADDED and fact.thing in CODE_THINGS}
    removed = {_identity(fact): fact for fact in facts if fact.deed is Deed.REMOVED and fact.thing in CODE_THINGS}
    both = added.keys() & removed.keys()
    if not both:
        return facts
    kept = [fact for fact in facts if _identity(fact) not in both or fact.deed not in (Deed.ADDED, Deed.REMOVED)]
    return kept + [
        fact.model_copy(update={"deed": Deed.MOVED, "old": removed[key].path, "new": fact.path})
        for key, fact in added.items()
        if key in both and removed[key].path != fact.path
    ]


def _identity(fact: Fact) -> tuple[Thing, str]:
    return (fact.thing, fact.name)
