"""What a diff has so and so many of: files, lines, tests, functions, and whatever its facts tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from pathlib import PurePosixPath

from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.paths import Role, role_of
from workers.analysis.survey.survey import Survey
from workers.analysis.symbols.symbols import facts_of
from workers.model import FileStatus, Side


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
        if sort is Counted.ASSERTIONS:
            found |= ground.kept("calls of tests", lambda: _calls_of_tests(ground))
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
    """Lines added, deleted, replaced, or both, of all files, of each, of the tests and of the rest."""
    tests = [file for file in ground.files if role_of(file.file.path) is Role.TEST]
    rest = [file for file in ground.files if file not in tests]
    groups = [ground.files, tests, rest, *((file,) for file in ground.files)]
    return {number for files in groups for number in _lines_of(files)}


def _lines_of(files: Sequence[ChangedFile]) -> set[int]:
    new, old = sum(file.file.additions for file in files), sum(file.file.deletions for file in files)
    replaced = sum(max(map(len, block)) for file in files for block in file.blocks)
    return {new, old, new + old, replaced}


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
    re.compile(
        r"^[ \t]*(?:it|test|bench|specify|It|Specify|DescribeTable|Entry)"
        r"(?:\.(?:only|skip|todo|each|concurrent|failing|fails|serial|sequential"
        r"|skipIf|runIf|if|extend|step)\b(?:\([^()\n]*\)(?=\())?)*\s*[(\[`'\"]",
        re.MULTILINE,
    ),
    re.compile(r"^[ \t]*(?:def|fun|void|feature|scenario|Scenario:?|Scenario Outline:) [`'\"]", re.MULTILINE),
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


_CALL = re.compile(r"^[ \t]*[\w.$:]+!?\(.*\);?$", re.MULTILINE)


def _calls_of_tests(ground: Ground) -> set[int]:
    """How many lines of a test file are calls and nothing else: its assertions, whatever the project calls them."""
    tests = [file for file in ground.files if role_of(file.file.path) is Role.TEST]
    return {len(_CALL.findall(_short(side))) for file in tests for side in (file.new, file.old)} - {0}


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


_ROW = re.compile(r"^[ \t]*(?:\{|\[|\(|yield\b|['\"][^'\"]+['\"] *(?:=>|:)|\w+\()")


def rows_of_tables(ground: Ground) -> frozenset[int]:
    """How many changed lines of a file and side open a row of a table of test data, by the mark that opens it."""
    found: set[int] = set()
    for file in ground.files:
        for text in (file.new, file.old):
            marks = Counter(match[0].strip()[:5] for line in text.split("\n") if (match := _ROW.match(line)))
            found |= {*marks.values()}
    return frozenset(found)


_ITEM = re.compile(r"\s*(['\"`])[^'\"`]*\1,?")
REPEATED = 12
"""Characters of a line from which on people see it as the same thing where it comes again."""


def items_and_repeats(ground: Ground) -> frozenset[int]:
    """How many lines of a run are quoted items of a list, and how often a side has the same line, in a file and all."""
    files = [file for file in ground.files if role_of(file.file.path) not in (Role.LOCK, Role.GENERATED)]
    runs = [run for file in files for block in file.blocks for run in block]
    found = {sum(bool(_ITEM.fullmatch(line)) for line in run) for run in runs}
    for sides in ([file.new for file in files], [file.old for file in files]):
        for text in (*sides, "\n".join(sides)):
            lines = Counter(line.strip() for line in text.split("\n") if len(line.strip()) >= REPEATED)
            found |= {*lines.values()}
    return frozenset(found)


_PARTS = re.compile(r"\b(?:arguments?|parameters?|elements?|items?|values?)\b|参数|元素", re.IGNORECASE)
_SPACES = re.compile(r"\bspaces\b|空格", re.IGNORECASE)
_LIST = re.compile(r"[(\[{]([^()\[\]{}\n]+)[)\]}]")


def listed_on_lines(noun: str, ground: Ground) -> set[int]:
    """How many arguments, elements or spaces changed lines write out, where such are counted."""
    lines = f"{ground.lowered_new}\n{ground.lowered_old}"
    if _PARTS.search(noun):
        return {match[1].count(",") + 1 for match in _LIST.finditer(lines)}
    return {len(run) for run in re.findall(r"(?<=['\"` \n]) {2,}", lines)} if _SPACES.search(noun) else set()


_OPENING = re.compile(r"(?:[\w\"'-]+:|[*+-]|#+|case|<\w+>|@\w+)$")


def first_words(ground: Ground) -> frozenset[int]:
    """How many changed lines of a side open with the same key, bullet, tag or mark: the length of lists."""
    found: set[int] = set()
    all_files = ("\n".join(file.new for file in ground.files), "\n".join(file.old for file in ground.files))
    for text in (*(side for file in ground.files for side in (file.new, file.old)), *all_files):
        firsts = Counter(words[0] for line in text.split("\n") if (words := line.split(None, 1)))
        found |= {number for word, number in firsts.items() if _OPENING.match(word)}
    return frozenset(found)


def declared_tests(ground: Ground) -> tuple[int, int]:
    """How many lines that open a test come and go, by the pattern that finds most."""
    sides = ([_short(file.side(side)) for file in ground.files] for side in _SIDES)
    new, old = (max(sum(len(pattern.findall(text)) for text in texts) for pattern in _TEST) for texts in sides)
    return new, old


def opens_tests(text: str) -> bool:
    """Whether any line of a text opens a test."""
    return any(pattern.search(_short(text)) for pattern in _TEST)


_SIDES: tuple[Side, Side] = ("new", "old")
