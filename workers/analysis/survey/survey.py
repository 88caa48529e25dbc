"""What a commit does, gathered once for triage and the offline judge: its facts in groups, its files by role."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.injection import Injection, injections_of
from workers.analysis.kept import Kept
from workers.analysis.paths import Role, role_of
from workers.analysis.redaction.redaction import Finding, findings_of
from workers.analysis.survey.exposure import is_aside, is_central, is_development, is_sensitive, is_tool_setting
from workers.analysis.survey.groups import CODE_THINGS, OUTER_THINGS, Group, groups_of
from workers.analysis.survey.hazards import Danger, dangers_of
from workers.analysis.survey.strokes import Calls, Stroke, calls_of, strokes_of
from workers.messages import Message, read_message
from workers.model import Commit, FileChange, FileStatus, Kind

PRODUCT_ROLES = frozenset({Role.SOURCE, Role.SCHEMA, Role.CONFIG, Role.MANIFEST, Role.BUILD})
"""Files whose change can reach people who use or run the product."""

SMALL_CHANGE = 40
"""Changed lines of code up to which single calls and lines are worth telling."""

_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`")
_FOR_MACHINES = re.compile(
    r"(?i)\b(?:select|insert|update|delete|from|where|join|create|alter|table)\b|://|[<>=|&^$*@#~/]|--|\\[^n\"']"
)
_QUERY = re.compile(r"(?i)(?:select|insert|update|delete|create|alter|with|drop)\b")
_PLAIN_WORD = re.compile(r"(?<!\S)[A-Za-z'’-]+[,.;:!?]?(?!\S)")
LONG_SENTENCE = 8
"""Plain words that make a string a sentence, even with a sign or an address in it."""

_TEST_MODULE = re.compile(r"tests?(?:\.|\(|$)|test_\w")
_DECLARED: Mapping[Kind, re.Pattern[str]] = {
    Kind.FIX: re.compile(
        r"\b(?:fix|bug|prevent|avoid|correct|resolv|repair|handle|ensure|restor|workaround|regress|wrong|missing|crash|leak|"
        r"race|don't|do not|no longer)|修|解决|避免|纠正|防止",
        re.IGNORECASE,
    ),
    Kind.FEATURE: re.compile(
        r"\b(?:feat|add|support|implement|introduc|allow|enabl|provid|expos|new|extend|accept)|新增|支持|实现|增加|添加|引入|允许",
        re.IGNORECASE,
    ),
    Kind.REFACTOR: re.compile(
        r"\b(?:refactor|restructur|clean|simplif|renam|mov|extract|reorgani|split|inline|unif|dedup|remov|drop|migrat|replac)"
        r"|重构|整理|重命名|简化|拆分|提取",
        re.IGNORECASE,
    ),
    Kind.PERFORMANCE: re.compile(
        r"\b(?:perf|optimi|speed|fast|reduc|cach|improve|accelerat)|性能|优化|提速|加速|减少", re.IGNORECASE
    ),
}
_BREAKING = re.compile(r"^[\w-]+(?:\([^)]*\))?!:|^BREAKING[ -]CHANGE", re.MULTILINE)
_BREAKING_SAID = re.compile(r"\b(?:breaking|backwards?[- ]incompatible|incompatible change)\b|不兼容", re.IGNORECASE)


@dataclass(frozen=True)
class Survey(Kept):
    """A commit with its facts and kinds, and what follows from them. Everything derived is computed when asked."""

    commit: Commit
    facts: tuple[Fact, ...]
    kinds: tuple[Kind, ...]

    @cached_property
    def message(self) -> Message:
        return read_message(self.commit.message)

    @property
    def main_kind(self) -> Kind:
        """The first kind; a revert is one whatever else it is; chore when nothing is known."""
        if self.message.is_revert:
            return Kind.REVERT
        return self.kinds[0] if self.kinds else Kind.CHORE

    @property
    def says_kind(self) -> bool:
        """Whether the subject itself speaks of the main kind: a guess from weights is no ground for a claim."""
        return self.says(self.main_kind)

    def says(self, kind: Kind) -> bool:
        """Whether the subject has a word for a kind; True for kinds that files alone show."""
        declared = _DECLARED.get(kind)
        return declared is None or bool(declared.search(self.message.subject))

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        return {file.path: role_of(file.path) for file in self.commit.files}

    def files(self, *roles: Role) -> tuple[FileChange, ...]:
        """The files of these roles, in the commit's order."""
        return tuple(file for file in self.commit.files if self.roles[file.path] in roles)

    @cached_property
    def source(self) -> tuple[FileChange, ...]:
        """Code of the product; benchmarks and demonstrations are none."""
        return tuple(file for file in self.files(Role.SOURCE) if not is_aside(file.path))

    @cached_property
    def product(self) -> tuple[FileChange, ...]:
        """Files whose change can reach people who use or run the product; settings of tools are not."""
        files = (file for file in self.commit.files if self.roles[file.path] in PRODUCT_ROLES)
        return tuple(file for file in files if not is_tool_setting(file.path) and not is_aside(file.path))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Facts of product files in groups of one thing and one deed, the most consequential first."""
        known = {file.path for file in self.product}
        known |= {path for path, role in self.roles.items() if role is Role.CI}
        told = [fact for fact in self.facts if fact.path in known]
        told = [fact for fact in told if fact.thing is Thing.DEPENDENCY or self.roles[fact.path] is not Role.CI]
        return groups_of(self._as_seen(fact) for fact in told if not self._is_test_code(fact))

    def _as_seen(self, fact: Fact) -> Fact:
        """A dependency counts as public where those who install the product get it too."""
        if fact.thing is not Thing.DEPENDENCY:
            return fact
        aside = self.roles.get(fact.path) is not Role.MANIFEST or is_aside(fact.path)
        return fact.model_copy(update={"public": fact.public and not aside and not is_development(fact.name)})

    def group(self, deed: Deed, *things: Thing) -> tuple[Group, ...]:
        """The public groups of a deed and any of these things."""
        return tuple(group for group in self.groups if group.deed is deed and group.thing in things and group.public)

    @cached_property
    def touched(self) -> tuple[Fact, ...]:
        """Functions and types of product code whose inside changed or whose signature did, once each by name."""
        paths = {file.path for file in self.source}
        inside = (fact for fact in self.facts if fact.path in paths and _is_inside(fact))
        named = (fact for fact in inside if not self._is_test_code(fact))
        found = {fact.name: fact for fact in named}
        owners = {name.rsplit(".", 1)[0] for name in found if "." in name}
        return tuple(fact for name, fact in found.items() if name not in owners)

    @cached_property
    def inline_tests(self) -> tuple[Fact, ...]:
        """Facts about tests that stand inside files of product code, as they do in Rust."""
        paths = {file.path for file in self.source}
        return tuple(fact for fact in self.facts if fact.path in paths and self._is_test_code(fact))

    def _is_test_code(self, fact: Fact) -> bool:
        if fact.thing in CODE_THINGS:
            return fact.name.split("(")[0].split(".")[0] in self._test_names
        places = [place for place in fact.evidence if place.side == "new"]
        return fact.thing in OUTER_THINGS and any(self._is_below_tests(place.path, place.start) for place in places)

    def _is_below_tests(self, path: str, line: int) -> bool:
        return line >= self._first_test_line.get(path, line + 1)

    @cached_property
    def _first_test_line(self) -> Mapping[str, int]:
        """Where the test module of a Rust file is first seen to begin: by custom it is the last of the file."""
        found: dict[str, int] = {}
        for fact in self.facts:
            if fact.path.endswith(".rs") and fact.thing in CODE_THINGS and _TEST_MODULE.match(fact.name):
                lines = [place.start for place in fact.evidence if place.side == "new"]
                found[fact.path] = min([*lines, found.get(fact.path, sys.maxsize)])
        return found

    @cached_property
    def _test_names(self) -> frozenset[str]:
        """What a fact's first name is when it is about a test inside product code: a test module, or what it holds."""
        modules = [fact.name.split(".") for fact in self.facts if _TEST_MODULE.match(fact.name)]
        return frozenset(part for names in modules for part in (names[0], *names[1:2]))

    @cached_property
    def strokes(self) -> tuple[Stroke, ...]:
        """Changed lines of product code, without those of tests that stand inside its files, as far as is seen."""
        below = self._is_below_tests
        return tuple(one for one in strokes_of(self.source) if one.side == "old" or not below(one.path, one.line))

    @cached_property
    def calls(self) -> Calls:
        """What a small change calls anew or no longer; empty for a larger one."""
        if len(self.strokes) > SMALL_CHANGE:
            return Calls((), ())
        defined = frozenset(fact.name.split("(")[0].rsplit(".", 1)[-1] for fact in self.facts)
        return calls_of(self.strokes, defined)

    @cached_property
    def is_fix(self) -> bool:
        return bool({Kind.FIX, Kind.SECURITY, Kind.PERFORMANCE} & set(self.kinds))

    @cached_property
    def dangers(self) -> tuple[Danger, ...]:
        """Hazards that a fix names and its changed lines agree with."""
        if not self.is_fix or self.message.is_revert:
            return ()
        return dangers_of(self.message.subject, _before_lists(self.message.body), self.strokes)

    @cached_property
    def comments_only(self) -> bool:
        """Whether product code changed and every changed line of it is blank or a comment."""
        read = [file for file in self.product if file.patch]
        if not read or self.strokes or strokes_of(self.product):
            return False
        return not any(fact for fact in self.facts if fact.deed is not Deed.TOUCHED)

    @cached_property
    def prose_only(self) -> bool:
        """Whether all that changes in product code is prose inside strings, such as log and error messages."""
        if not self.strokes or any(file.patch is None for file in self.source):
            return False
        old, new = (
            sorted(_without_prose(line) for line in self.strokes if line.side == side) for side in ("old", "new")
        )
        return old == new and len(self.source) == len(self.product)

    @property
    def is_cosmetic(self) -> bool:
        """Whether product code changes in nothing but comments or the prose of its messages."""
        return self.comments_only or self.prose_only

    @cached_property
    def says_breaking(self) -> bool:
        """Whether the message carries the mark of a breaking change."""
        return bool(_BREAKING.search(self.commit.message) or _BREAKING_SAID.search(self.message.subject))

    @cached_property
    def sensitive(self) -> tuple[str, ...]:
        """Product code that guards something."""
        tested = {fact.path for fact in self.inline_tests} - {
            fact.path for group in self.groups for fact in group.facts
        }
        only_tests = tested - {fact.path for fact in self.touched}
        return tuple(file.path for file in self.source if is_sensitive(file.path) and file.path not in only_tests)

    @cached_property
    def secrets(self) -> tuple[Finding, ...]:
        """Secrets that lines of this commit bring, each placeholder once; they are hidden, and so is what they open."""
        added = (finding for finding in findings_of(self.commit) if finding.change == "added")
        return tuple({finding.placeholder: finding for finding in reversed(list(added))}.values())[::-1]

    @cached_property
    def injections(self) -> tuple[Injection, ...]:
        """Where the commit addresses whoever judges it."""
        return injections_of(self.commit)

    @cached_property
    def central(self) -> tuple[str, ...]:
        """Product code that much of the program goes through."""
        return tuple(file.path for file in self.source if is_central(file.path))

    @cached_property
    def tests(self) -> tuple[FileChange, ...]:
        return self.files(Role.TEST)

    @property
    def is_untested(self) -> bool:
        """Whether product code changed and no test did, in a file of its own or inside the code."""
        return bool(self.strokes) and not self.tests and not self.inline_tests and not self.is_cosmetic

    @cached_property
    def docs(self) -> tuple[FileChange, ...]:
        return self.files(Role.DOCS)

    @cached_property
    def moved_files(self) -> tuple[FileChange, ...]:
        return tuple(file for file in self.product if file.status is FileStatus.RENAMED)

    @cached_property
    def areas(self) -> tuple[tuple[str, int], ...]:
        """Folders of the product's files with how many files changed in each, most first; few of them, if need be
        by naming higher ones."""
        return areas_of([file.path for file in (self.product or self.commit.files)])


def _without_prose(line: Stroke) -> str:
    return _STRING.sub(lambda match: '""' if _is_prose(match[0]) else match[0], line.text).strip()


def _is_prose(string: str) -> bool:
    """Whether a string's words are for people: no query, pattern or address; or a long sentence with one in it."""
    text = string[1:-1].strip()
    long = len(_PLAIN_WORD.findall(text)) >= LONG_SENTENCE and not _QUERY.match(text)
    return " " in text and (long or not _FOR_MACHINES.search(string))


def _is_inside(fact: Fact) -> bool:
    return fact.thing in (Thing.FUNCTION, Thing.TYPE) and fact.deed in (Deed.TOUCHED, Deed.CHANGED)


def _before_lists(body: str) -> str:
    """A body without the list of squashed commits, which speaks of the way and not of the result."""
    return "\n".join(line for line in body.splitlines() if not line.startswith(("* ", "- ")))[:4000]


AREAS_DEPTH = 4
"""How many folders of a path name an area at most."""

AREAS_MOST = 4
"""Above so many areas, higher folders are named."""


def areas_of(paths: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Folders with the number of files in each, as deep as `AREAS_MOST` allows; "" is the top folder."""
    for depth in range(AREAS_DEPTH, 0, -1):
        counts = Counter("/".join(PurePosixPath(path).parts[:-1][:depth]) for path in paths)
        if len(counts) <= AREAS_MOST:
            break
    return tuple(counts.most_common())
