"""What a diff has so and so many of: files, lines, tests, functions, and whatever its facts tell."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from pathlib import PurePosixPath

from workers.analysis.grounding.ground import Ground
from workers.analysis.paths import Role, role_of
from workers.analysis.survey.survey import Survey
from workers.analysis.symbols.symbols import facts_of
from workers.model import FileStatus


class Counted(StrEnum):
    """What a count is of, where the facts of a diff can tell."""

    FILES = "files"
    LINES = "lines"
    COMMITS = "commits"
    TESTS = "tests"
    FUNCTIONS = "functions"
    IMPORTS = "imports"
    ASSERTIONS = "assertions"
    OTHER = "other"


def tally(sort: Counted, ground: Ground) -> set[int]:
    """How many things of a sort there are, by every way in which people count them."""
    if sort in _DECLARED:
        found = _declared(_DECLARED[sort], ground)
        return found | {_roles(ground).count(Role.TEST)} if sort is Counted.TESTS else found
    if sort is Counted.FILES:
        return ground.kept("files", lambda: _files(ground))
    if sort is Counted.LINES:
        return _lines(ground)
    return {len(ground.commits)} if sort is Counted.COMMITS else set()


def _roles(ground: Ground) -> list[Role]:
    return [role_of(file.file.path) for file in ground.files]


def _files(ground: Ground) -> set[int]:
    """Files of each status, role, ending and folder, and those that are no tests."""
    roles = _roles(ground)
    statuses = {sum(file.file.status is status for file in ground.files) for status in FileStatus}
    code = len([role for role in roles if role not in (Role.TEST, Role.DOCS)])
    by_role = {roles.count(role) for role in Role}
    return {len(roles), len(roles) - roles.count(Role.TEST), code} | statuses | by_role | _by_ending_and_folder(ground)


def _lines(ground: Ground) -> set[int]:
    """Lines added, deleted, or both, of all files and of each."""
    pairs = [(ground.additions, ground.deletions)]
    pairs += [(file.file.additions, file.file.deletions) for file in ground.files]
    return {number for added, deleted in pairs for number in (added, deleted, added + deleted)}


def _by_ending_and_folder(ground: Ground) -> set[int]:
    found: dict[str, int] = {}
    product_paths = {one.path for commit in ground.commits for one in Survey(commit, (), ()).product}
    for file in ground.files:
        product = file.file.path in product_paths
        path = PurePosixPath(file.file.path)
        above = {f"{folder}/" for folder in path.parents}
        for key in {path.suffix or path.name, path.name, f"={path.parent}", *above}:
            found[key] = found.get(key, 0) + 1
            found[f"product {key}"] = found.get(f"product {key}", 0) + product
    return set(found.values())


_TEST = (
    re.compile(
        r"^[ \t]*(?:(?:public |async |static |private |pub |void )*(?:def test|fn \w*test|func Test"
        r"|func Benchmark)\w*"
        r"|static void test_|TEST(?:_[A-Z]+)?\s*\(|test \{)",
        re.MULTILINE,
    ),
    re.compile(r"^[ \t]*(?:it|test|bench|specify)(?:\.\w+)*\s*[(\[`'\"]", re.MULTILINE),
    re.compile(r"^[ \t]*(?:#\[(?:\w+::)*[tT]est\b|@(?:\w+)?Test\b)", re.MULTILINE),
)
_FUNCTION = re.compile(
    r"^[ \t]*(?:export |default |pub(?:\([^)]*\))? |public |private |protected |internal |static |async "
    r"|unsafe |final |const |inline |override )*"
    r"(?:def |fn |func |function\b|fun |(?:const|let|var) \w+ = (?:async )?(?:function|\([^)]*\) ?=>)"
    r"|[\w<>\[\],.*& ]+ \*?\w+\([^;]*\) ?\{|\w+\([^()]*\) ?\{)",
    re.MULTILINE,
)
_IMPORT = re.compile(
    r"^[ \t]*(?:import |from \S+ import|use |#include|require\b|const .* = require\(|using )", re.MULTILINE
)

_ASSERTION = re.compile(
    r"^[ \t]*(?:[\w.$:]*(?:assert|expect|require|should|verify|check|strictEqual|test_)\w*"
    r"|t)[.!(]",
    re.MULTILINE | re.IGNORECASE,
)

_DECLARED = {
    Counted.ASSERTIONS: (_ASSERTION,),
    Counted.TESTS: _TEST,
    Counted.FUNCTIONS: (_FUNCTION,),
    Counted.IMPORTS: (_IMPORT,),
}


def _declared(patterns: tuple[re.Pattern[str], ...], ground: Ground) -> set[int]:
    """How many lines of a sort each side has, all together and by file; each pattern counts for itself."""
    found: set[int] = set()
    for pattern in patterns:
        pairs = [
            (len(pattern.findall(_short(file.new))), len(pattern.findall(_short(file.old)))) for file in ground.files
        ]
        pairs.append((sum(new for new, _ in pairs), sum(old for _, old in pairs)))
        found |= {number for new, old in pairs for number in (new, old, new - old, old - new)}
    return {number for number in found if number > 0}


LONGEST_LINE = 300
"""Characters of a line above which it declares nothing that a person would count."""


def _short(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if len(line) <= LONGEST_LINE)


def fact_counts(ground: Ground) -> frozenset[int]:
    """How many things of each sort the commits add, remove, change, rename or move, public and other."""
    found: Counter[tuple[object, ...]] = Counter()
    groups = [group for commit in ground.commits for group in Survey(commit, facts_of(commit), ()).groups]
    for group in groups:
        for key in ((group.thing,), (group.thing, group.deed), (group.thing, group.deed, group.public)):
            found[key] += group.count
    return frozenset({*found.values(), *(group.count for group in groups)})


_OPENING = re.compile(r"(?:[\w\"'-]+:|[*+-]|#+|case|<\w+>|@\w+)$")


def first_words(ground: Ground) -> frozenset[int]:
    """How many changed lines of a side open with the same key, bullet, tag or mark: the length of lists."""
    found: set[int] = set()
    for file in ground.files:
        for text in (file.new, file.old):
            firsts = Counter(words[0] for line in text.split("\n") if (words := line.split(None, 1)))
            found |= {number for word, number in firsts.items() if _OPENING.match(word)}
    return frozenset(found)
