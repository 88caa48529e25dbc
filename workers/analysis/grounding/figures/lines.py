"""Numbers of lines: of a side, of tests or other code, of blank ones, net, or of the files that a sentence names."""

from __future__ import annotations

import re

from workers.analysis.grounding.figures.tallies import Counted, tally
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.numerals import Figure
from workers.analysis.grounding.prose.reading import Reading
from workers.analysis.grounding.prose.texts import is_remark
from workers.analysis.grounding.sides import ChangedFile
from workers.analysis.paths import Role, role_of
from workers.model import Side

_PUTS_IN = re.compile(r"(?:\b(?:add|insert|introduc)\w*|新增|增加|添加|加入)[^，。；,;]{0,16}$", re.IGNORECASE)
_TAKES_OUT = re.compile(r"(?:\b(?:delet|remov|drop)\w*|删除|删去|删掉|移除|减少)[^，。；,;]{0,16}$", re.IGNORECASE)
_TOLD = re.compile(
    r"\s*(?:(?:more |new )?(?:lines? (?:are |were |of \w+ )?|行(?:被|已)?)"
    r"(?:(?P<new>added|inserted|新增|添加)|(?P<old>deleted|removed|dropped|删除|移除))"
    r"|(?:(?P<put_in>added|inserted)|(?:deleted|removed|dropped)) lines?\b)",
    re.IGNORECASE,
)
_OF_TESTS = re.compile(
    r"\s*(?:more |new )?(?:lines? (?:of|in) (?:the |new )?(?:unit )?tests?\b|test (?:code )?lines?\b|行(?:的)?测试)",
    re.IGNORECASE,
)
_OF_DOCS = re.compile(r"\s*(?:more |new )?(?:lines? of (?:the )?doc(?:s|umentation)\b|行(?:的)?文档)", re.IGNORECASE)
_OF_CODE = re.compile(
    r"\s*(?:more |new )?(?:lines? of (?:library|production|product|integration|implementation|application|runtime"
    r"|source|non-test) code\b|行(?:的)?(?:产品|业务|生产|实现|源|库)代码)",
    re.IGNORECASE,
)
_OF_COMMENTS = re.compile(
    r"\s*(?:more |new )?(?:(?:lines? of |[\w-]+-line )(?:\w+ )?comments?\b|comment lines?\b|行(?:的)?\S{0,4}注释)",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\b(?:blank|empty)\b|空白?行", re.IGNORECASE)
_NET = re.compile(r"\bnet\b|净", re.IGNORECASE)


def lines_hold(figure: Figure, sentence: str, reading: Reading, ground: Ground) -> bool | None:
    """Whether the diff has so many lines of what is told; None where it does not tell, and other texts may."""
    number = int(figure.value or 0)
    if of_role := _files_of_role(figure, reading.prose, ground):
        return number in _lines_of(of_role)
    if _OF_COMMENTS.match(reading.prose, figure.end):
        return number in _comment_lines(ground)
    if side := _side_said(figure, reading.prose):
        counts = _lines_of_side(side, sentence, ground)
        return number in counts or (_is_about(figure, reading.prose) and any(_is_near(number, one) for one in counts))
    return True if number in tally(Counted.LINES, ground) | _line_counts(sentence, reading, ground) else None


_ABOUT = re.compile(
    r"\b(?:roughly|about|around|approximately|nearly|almost|some)\s*$|(?:大约|约|近|将近|差不多)\s*$", re.IGNORECASE
)
ABOUT = 0.15
"""Share by which a number may be off that is told as a rough one."""


def _is_about(figure: Figure, prose: str) -> bool:
    return bool(_ABOUT.search(prose[: figure.start]))


def _is_near(number: int, other: int) -> bool:
    return abs(number - other) <= ABOUT * other


def _files_of_role(figure: Figure, prose: str, ground: Ground) -> list[ChangedFile]:
    """The files of the role of which lines are told ("nineteen lines of tests"); none where no role is told."""
    roles = [(file, role_of(file.file.path)) for file in ground.files]
    if _OF_TESTS.match(prose, figure.end):
        return [file for file, role in roles if role is Role.TEST]
    if _OF_DOCS.match(prose, figure.end):
        return [file for file, role in roles if role is Role.DOCS]
    if _OF_CODE.match(prose, figure.end):
        return [file for file, role in roles if role not in (Role.TEST, Role.DOCS)]
    return []


def _comment_lines(ground: Ground) -> set[int]:
    """Lines of comments that come or go, in runs and all together."""
    sides = [
        [sum((is_remark(line) or line.lstrip().startswith('"""')) for line in side) for side in block]
        for block in ground.blocks
    ]
    runs = {number for pair in sides for number in pair}
    return {*runs, sum(old for old, _ in sides), sum(new for _, new in sides)}


def _lines_of(files: list[ChangedFile]) -> set[int]:
    """Lines that files gain, lose, or both, each and together."""
    pairs = [(file.file.additions, file.file.deletions) for file in files]
    pairs.append((sum(new for new, _ in pairs), sum(old for _, old in pairs)))
    return {number for new, old in pairs for number in (new, old, new + old, abs(new - old))}


def _side_said(figure: Figure, prose: str) -> Side | None:
    """The side of which a number of lines is told: by the word behind them, else by the verb before."""
    if told := _TOLD.match(prose[figure.end :]):
        return "new" if told["new"] or told["put_in"] else "old"
    before = prose[: figure.start]
    puts, takes = bool(_PUTS_IN.search(before)), bool(_TAKES_OUT.search(before))
    return None if puts == takes else "new" if puts else "old"


def _lines_of_side(side: Side, sentence: str, ground: Ground) -> set[int]:
    sums = [file.file.additions if side == "new" else file.file.deletions for file in ground.files]
    runs = {len(block.new if side == "new" else block.old) for block in ground.blocks}
    blank = {_blank_lines(file, side) for file in ground.files} if _BLANK.search(sentence) else set()
    return {*sums, *runs, *blank, sum(sums)}


def _line_counts(sentence: str, reading: Reading, ground: Ground) -> set[int]:
    """Lines of runs, of the files that the sentence names, and, where it says so, blank lines and what is left net."""
    named = [file for name in reading.names_in(sentence) for file in ground.files_named(name.text)]
    found = {len(side) for block in ground.blocks for side in block}
    if named:
        come, gone = sum(file.file.additions for file in named), sum(file.file.deletions for file in named)
        found |= {come, gone, abs(come - gone)}
    if _NET.search(sentence):
        found |= {abs(file.file.additions - file.file.deletions) for file in ground.files}
        found.add(abs(ground.additions - ground.deletions))
    if _BLANK.search(sentence):
        found |= {_blank_lines(file, side) for file in ground.files for side in _SIDES}
    return found


_SIDES: tuple[Side, ...] = ("new", "old")


def _blank_lines(file: ChangedFile, side: Side) -> int:
    runs = (block.new if side == "new" else block.old for block in file.blocks)
    return sum(not line.strip() for run in runs for line in run)
