"""What of a commit has consequences for people, and how grave: the rules behind a tier, without words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.paths import Role
from workers.analysis.redaction.redaction import Finding
from workers.analysis.survey.exposure import is_central, is_exposed, is_migration, path_is_api
from workers.analysis.survey.groups import CODE_THINGS, OUTER_THINGS, Group
from workers.analysis.survey.hazards import Danger, Hazard
from workers.analysis.survey.survey import Survey
from workers.analysis.symbols.dependencies import version_step
from workers.model import Evidence, FileStatus, Kind, Tier

Topic = Literal[
    "secret", "breaking", "danger", "group", "moved_module", "migration", "surfaces", "central", "revert", "runtime",
    "deprecated", "locking", "sensitive", "change", "fix", "feature", "performance",
]  # fmt: skip

MANY_SURFACES = 2
"""A feature that opens so many different outer surfaces at once (flags, routes, settings ...) is high."""

DRASTIC = frozenset(set(Hazard) - {Hazard.LEAK, Hazard.CRASH})
"""Hazards that make a fix high wherever it is; the others do so in files that much of the program goes through."""

SECRETS_TOLD = 3
"""How many secrets a sentence tells before it counts the rest."""


@dataclass(frozen=True)
class Signal:
    """One reason for a tier. `floor` is the tier a later judge may not go below because of it."""

    topic: Topic
    tier: Tier
    floor: Tier = Tier.LOW
    group: Group | None = None
    danger: Danger | None = None
    names: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=())


def signals_of(survey: Survey) -> tuple[Signal, ...]:
    """Every signal of a commit, the gravest first and otherwise in the order of the rules."""
    return survey.kept("signals", lambda: _signals_of(survey))


def _signals_of(survey: Survey) -> tuple[Signal, ...]:
    found = [signal for rule in _RULES for signal in rule(survey)]
    return tuple(sorted(found, key=lambda signal: signal.tier.rank))


def _secrets(survey: Survey) -> Iterator[Signal]:
    # What tests, examples and documents show is mostly made up: told, but no alarm.
    roles = {survey.roles.get(found.path or "") for found in survey.secrets}
    if roles - {Role.TEST, Role.EXAMPLE, Role.DOCS}:
        yield Signal("secret", Tier.HIGH, Tier.HIGH, evidence=secret_places(survey.secrets))
    elif roles:
        yield Signal("secret", Tier.MEDIUM, evidence=secret_places(survey.secrets))


def _breaking(survey: Survey) -> Iterator[Signal]:
    # The words may only raise what the diff agrees with: product files must have changed, and not only in comments.
    if survey.says_breaking and survey.product and not survey.is_cosmetic:
        yield Signal("breaking", Tier.HIGH, Tier.HIGH)


def _dangers(survey: Survey) -> Iterator[Signal]:
    for danger in survey.dangers:
        central = any(is_central(place.path) for place in danger.evidence)
        drastic = danger.in_subject and (danger.hazard in DRASTIC or central)
        tier = Tier.HIGH if drastic else Tier.MEDIUM
        yield Signal("danger", tier, Tier.MEDIUM, danger=danger, evidence=danger.evidence)


def _groups(survey: Survey) -> Iterator[Signal]:
    for group in survey.groups:
        for part in _parts(group):
            tier = _tier_of(part, survey)
            if tier is not Tier.LOW:
                gone = group.deed in (Deed.REMOVED, Deed.RENAMED) or group.thing is Thing.FIELD
                yield Signal("group", tier, tier if gone else Tier.LOW, group=part, evidence=part.evidence)


def _parts(group: Group) -> tuple[Group, ...]:
    """Code is judged apart by whether others refer to it; of dependencies, major versions apart from the rest."""
    if group.thing in CODE_THINGS:
        return _split(group, [is_exposed(fact.path) for fact in group.facts])
    if group.thing is Thing.DEPENDENCY and group.deed is Deed.CHANGED:
        return _split(group, [is_major(fact) for fact in group.facts])
    return (group,)


def _split(group: Group, chosen: list[bool]) -> tuple[Group, ...]:
    parts = (
        group.only(fact for fact, yes in zip(group.facts, chosen, strict=True) if yes),
        group.only(fact for fact, yes in zip(group.facts, chosen, strict=True) if not yes),
    )
    return tuple(part for part in parts if part.facts)


def _tier_of(group: Group, survey: Survey) -> Tier:
    if not group.public:
        return Tier.LOW
    if group.thing in OUTER_THINGS:
        return _tier_of_outer(group, survey)
    if group.thing in CODE_THINGS:
        return _tier_of_code(group, survey)
    if group.thing is Thing.DEPENDENCY:
        return _tier_of_dependency(group)
    return Tier.MEDIUM if group.thing is Thing.SUBMODULE else Tier.LOW


def _tier_of_outer(group: Group, survey: Survey) -> Tier:
    if not any(is_public_value(fact) for fact in group.facts):
        return Tier.LOW
    # In code a refactoring reshapes, what looks like a setting is as often a structure of the code itself.
    if survey.main_kind is Kind.REFACTOR and all(_is_of_code(fact, survey) for fact in group.facts):
        return Tier.MEDIUM
    if group.deed in (Deed.REMOVED, Deed.RENAMED):
        return Tier.HIGH
    if group.deed is Deed.CHANGED and group.thing not in (Thing.COMMAND, Thing.ROUTE):
        return Tier.HIGH
    return Tier.MEDIUM


def _is_of_code(fact: Fact, survey: Survey) -> bool:
    """Whether a setting stands in code of the product that others do not import."""
    return survey.roles[fact.path] is Role.SOURCE and not is_exposed(fact.path)


def is_public_value(fact: Fact) -> bool:
    """Whether people set or read the value; JSON beside source code is data of the program, not its settings."""
    return fact.thing is not Thing.SETTING or not fact.path.endswith(".json")


def _tier_of_code(group: Group, survey: Survey) -> Tier:
    exposed = is_exposed(group.facts[0].path)
    if group.deed in (Deed.REMOVED, Deed.RENAMED):
        return Tier.HIGH if exposed else Tier.MEDIUM
    if group.deed is Deed.ADDED:
        return Tier.MEDIUM if exposed and Kind.FEATURE in survey.kinds else Tier.LOW
    if group.deed is Deed.MOVED:
        return Tier.MEDIUM if exposed else Tier.LOW
    return Tier.MEDIUM if exposed else Tier.LOW


def _tier_of_dependency(group: Group) -> Tier:
    if group.deed is Deed.CHANGED:
        return Tier.MEDIUM if is_major(group.facts[0]) else Tier.LOW
    return Tier.MEDIUM


_ZERO = re.compile(r"\D{0,2}0\.")


def is_major(fact: Fact) -> bool:
    """Whether a dependency's version changes in a way its users must expect to notice: x of x.y, or y of 0.y.

    In JavaScript so many tools never leave 0.y that there only x counts.
    """
    if fact.path.endswith("package.json") and _ZERO.match(fact.old or "") and _ZERO.match(fact.new or ""):
        return False
    return version_step(fact.old, fact.new) == "major"


def _moved_modules(survey: Survey) -> Iterator[Signal]:
    moved = [file for file in survey.moved_files if path_is_api(file.old_path or "")]
    if moved:
        yield Signal("moved_module", Tier.HIGH, Tier.HIGH, names=tuple(file.old_path or "" for file in moved))


_DESTRUCTIVE = re.compile(
    r"\b(?:drop|rename|alter)[\s_]+(?:table|column|type|index)|\b(?:truncate|delete\s+from)\b", re.I
)


def _migrations(survey: Survey) -> Iterator[Signal]:
    files = [file for file in survey.files(Role.SCHEMA, Role.SOURCE) if is_migration(file.path)]
    stored = [file for file in files if survey.roles[file.path] is Role.SCHEMA]
    if stored:
        drastic = any(_DESTRUCTIVE.search(file.patch or "") for file in stored)
        tier = Tier.HIGH if drastic else Tier.MEDIUM
        yield Signal("migration", tier, tier, names=tuple(file.path for file in stored))


def _surfaces(survey: Survey) -> Iterator[Signal]:
    """A feature that brings several sorts of public surface, or brings any through the heart of the program."""
    if survey.main_kind is not Kind.FEATURE:
        return
    groups = _different(survey.group(Deed.ADDED, *OUTER_THINGS))
    if len(groups) >= MANY_SURFACES:
        yield Signal("surfaces", Tier.HIGH, names=tuple(group.thing.value for group in groups))
    elif groups and survey.central:
        yield Signal("central", Tier.HIGH, group=groups[0], names=survey.central, evidence=groups[0].evidence)


def _different(groups: Iterable[Group]) -> list[Group]:
    """The groups without those that only tell another's names again: the flag `--x` that sets `Options.x` is one."""
    found: list[Group] = []
    seen: set[str] = set()
    for group in groups:
        bare = {name.rsplit(".", 1)[-1].strip("-").replace("-", "").replace("_", "").lower() for name in group.names}
        if not bare <= seen:
            found.append(group)
        seen |= bare
    return found


def _revert(survey: Survey) -> Iterator[Signal]:
    if survey.message.is_revert and survey.product:
        yield Signal("revert", Tier.MEDIUM, Tier.MEDIUM)


_RUNTIME = re.compile(
    r"^([-+])\s*(?:\"node\"\s*:|requires-python\s*=|rust-version\s*=|python_requires\s*=|go \d|"
    r"<(?:maven\.compiler\.(?:source|target|release)|java\.version|java_source_version)>)",
    re.MULTILINE,
)


def _runtime(survey: Survey) -> Iterator[Signal]:
    for file in survey.files(Role.MANIFEST):
        if {"-", "+"} <= set(_RUNTIME.findall(file.patch or "")):
            yield Signal("runtime", Tier.HIGH, Tier.MEDIUM, names=(file.path,))
            return


_DEPRECATES = re.compile(
    r"@deprecated\b|\.\.\s+deprecated::|\bDeprecationWarning\b|#\[deprecated|\[\[deprecated|\bwarn_deprecat\w*|@Deprecated\b"
)


def _deprecations(survey: Survey) -> Iterator[Signal]:
    files = [
        file.path
        for file in survey.source
        if any(row.startswith("+") and _DEPRECATES.search(row) for row in _rows(file.patch))
    ]
    if files:
        yield Signal("deprecated", Tier.MEDIUM, names=tuple(files))


def _rows(patch: str | None) -> list[str]:
    # Most patches have nothing of the sort and need no splitting.
    return patch.split("\n") if patch and "eprecat" in patch else []


_LOCKS = re.compile(
    r"\b(?:p?thread_(?:mutex|rwlock|cond)\w*|(?:Reentrant(?:ReadWrite)?|Stamped)Lock|RwLock|Mutex(?:Guard)?|mutex\w*|"
    r"synchronized(?=\s*\()|Atomic(?:[UI]\w+|Bool|Integer|Long|Reference|Boolean)|atomic(?:Get|Set|Incr|Decr|_)\w*|"
    r"compare_?(?:exchange|AndSet)\w*|(?:threading|asyncio|anyio)\.(?:R?Lock|Semaphore|Condition|Event)|spin_?lock\w*)\b"
)


def _locking(survey: Survey) -> Iterator[Signal]:
    # A new file brings its own locks; it is a change of the old ones that other code notices.
    modified = {file.path for file in survey.source if file.status is FileStatus.MODIFIED}
    lines = [stroke for stroke in survey.strokes if stroke.path in modified and not _is_import(stroke.text)]
    strokes = [stroke for stroke in lines if _LOCKS.search(stroke.text)]
    if strokes:
        found = dict.fromkeys(match[0] for stroke in strokes if (match := _LOCKS.search(stroke.text)))
        evidence = tuple(stroke.evidence() for stroke in strokes[:3])
        yield Signal("locking", Tier.MEDIUM, names=tuple(found), evidence=evidence)


def _is_import(text: str) -> bool:
    return text.lstrip().startswith(("import ", "from ", "use ", "#include", "using "))


def _sensitive(survey: Survey) -> Iterator[Signal]:
    if survey.sensitive and not survey.is_cosmetic:
        yield Signal("sensitive", Tier.MEDIUM, Tier.MEDIUM, names=survey.sensitive)


def _kinds(survey: Survey) -> Iterator[Signal]:
    """Fixes, features and performance work in the product, where the diff has more than comments.

    Without any code it must be more than the usual step of a dependency.
    """
    reaching = survey.source or (survey.product and Kind.DEPENDENCIES not in survey.kinds)
    if not reaching or survey.is_cosmetic:
        return
    kinds: tuple[tuple[Topic, Kind], ...] = (
        ("fix", Kind.FIX),
        ("feature", Kind.FEATURE),
        ("performance", Kind.PERFORMANCE),
    )
    for topic, kind in kinds:
        if kind in survey.kinds and survey.says(kind):
            yield Signal(topic, Tier.MEDIUM)
        elif survey.main_kind is kind:
            yield Signal("change", Tier.MEDIUM)


_RULES = (
    _secrets,
    _breaking,
    _dangers,
    _groups,
    _moved_modules,
    _migrations,
    _surfaces,
    _runtime,
    _revert,
    _deprecations,
    _locking,
    _sensitive,
    _kinds,
)


def secret_places(found: Sequence[Finding]) -> tuple[Evidence, ...]:
    """Where the first of them stand, one place each."""
    return tuple(place for finding in found[:SECRETS_TOLD] for place in finding.evidence)
