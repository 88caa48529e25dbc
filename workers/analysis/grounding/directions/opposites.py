"""Statements whose verb says the opposite of the message or of the whole diff, though they may name nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workers.analysis.grounding.directions.claims import bare, is_taken_away
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.lexicon import in_english
from workers.analysis.grounding.prose.reading import N, Reading
from workers.analysis.grounding.prose.synonyms import in_known_verbs
from workers.analysis.grounding.prose.texts import words_in
from workers.analysis.grounding.sides import ChangedFile
from workers.model import Statement

_HEAD_EN = (
    r"(?:^|\bfiles?\s|[;:]\s|,\s(?:and\s)?|\band\s|\balso\s|\bnow\s"
    r"|\b(?:commit|change|patch|it|this|PR)\s(?:also\s)?|\b(?:was|were|has been|have been)\s)"
)
_HEAD_ZH = (
    r"(?:^|[，；：。、]|并|同时|此次提交|本次提交|该提交|此提交|提交|现在|还|也|中|里"
    r"|为[^，。；]{1,12}|将[^，。；]{1,12})"
)


class Opposites(NamedTuple):
    """Two families of verbs that mean the opposite, in English stems and in Chinese words."""

    name: str
    positive: re.Pattern[str]
    negative: re.Pattern[str]
    heads: tuple[re.Pattern[str], re.Pattern[str]]
    stops: tuple[re.Pattern[str], re.Pattern[str]]


def _pair(name: str, positive: str, negative: str, positive_zh: str, negative_zh: str) -> Opposites:
    words = [
        rf"(?:(?<![A-Za-z-])(?:{one})|(?:{two})(?!过?后|过?的))"
        for one, two in ((positive, positive_zh), (negative, negative_zh))
    ]
    first, second = (re.compile(word, re.IGNORECASE) for word in words)
    heads = [re.compile(rf"(?:{_HEAD_EN}|{_HEAD_ZH})\s*(?P<verb>{word})", re.IGNORECASE) for word in words]
    stops = [re.compile(rf"(?:\bno longer\s+|不再\s*){word}", re.IGNORECASE) for word in words]
    return Opposites(name, first, second, (heads[0], heads[1]), (stops[0], stops[1]))


_ALL = (
    _pair(
        "add",
        r"add(?:s|ed|ing)?\b|introduc\w+|creat(?:e|es|ed|ing)\b|gains?\b",
        r"remov\w+|delet\w+|drop(?:s|ped|ping)?\b|eliminat\w+|los(?:e|es|ing)\b|rm\b|retir(?:e|es|ed|ing)\b"
        r"|withdr[ae]w\w*|scrap(?:s|ped|ping)\b",
        "新增|添加|增加|引入|加入|新建|补充|加上|补回",
        "删除|移除|去掉|去除|删去|剔除|删掉|清理",
    ),
    _pair("enable", r"enabl\w+|activat\w+", r"disabl\w+|deactivat\w+", "启用|开启", "禁用|停用|关闭"),
    _pair(
        "allow",
        r"allow(?:s|ed|ing)?\b|permit\w*|accept(?:s|ed|ing)?\b",
        r"forbid\w*|disallow\w*|prohibit\w*|reject(?:s|ed|ing)?\b|den(?:y|ies|ied)\b",
        "允许",
        "禁止|拒绝|不允许|不再允许",
    ),
    _pair("show", r"show(?:s|ed|ing)?\b|display\w*", r"hid(?:e|es|den|ing)\b", "显示|展示", "隐藏"),
    _pair("upgrade", r"upgrad\w+|bump\w*|(?<!\d )updat\w+", r"downgrad\w+", "升级", "降级"),
    _pair("include", r"includ(?:e|es|ed|ing)\b", r"exclud\w+", "包含|纳入", "排除"),
    _pair(
        "raise",
        r"rais(?:e|es|ed|ing)\b|increas\w+",
        r"lower(?:s|ed|ing)?\b|decreas\w+|reduc\w+",
        "提高|上调|增大",
        "降低|下调|减小",
    ),
)
_NEGATION = re.compile(
    r"\b(?:no longer|not|never|without|instead of|un|externally|accidentally|already|manually"
    r"|(?:nothing|none) (?:is|was|are|were|has been)"
    r"|(?:can|could|may|will|would|able to)(?:\s+(?:now|also))?)\s*$"
    r"|不再\s*$|没有\s*$|未\s*$|不\s*$|而非\s*$",
    re.IGNORECASE,
)


def opposite_faults(statement: Statement, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Faults of the verbs that open a clause."""
    yield from _nothing(reading, ground)
    prose = in_known_verbs(reading.prose)
    prose = _FILE_SUBJECT.sub("", prose) if _opens_with_file(reading, ground) else prose
    for pair in _ALL:
        way = _way(pair, prose)
        if pair.name == "add":
            only = _only_way(pair, prose)
            yield from _additions(way, only, statement, reading, ground)
            yield from _against_message(only, reading, ground)
        elif way is not None:
            said = _said(pair, ground.message)
            if said is not None and said != way:
                yield Fault(
                    code="against_message", details={"what": ground.commits[0].subject if ground.commits else ""}
                )


_FILE_SUBJECT = re.compile(rf"^\s*(?:在\s*|In\s+)?{N}\s*(?:文件|模块)?\s*(?:中|里|now|,|，)?\s*")
_NOTHING = (
    (
        True,
        re.compile(
            r"\badds? (?:nothing|none)\b|\bno additions\b|\bnothing (?:is|was) added\b|(?:没有|未)(?:新增"
            r"|添加|增加)(?:任何)?(?:内容|代码|行)",
            re.IGNORECASE,
        ),
    ),
    (
        False,
        re.compile(
            r"\b(?:deletes?|removes?) (?:nothing|none)\b|\bno deletions\b|\bnothing (?:is|was) (?:deleted"
            r"|removed)\b|(?:没有|未)(?:删除|移除)(?:任何)?(?:内容|代码|行)",
            re.IGNORECASE,
        ),
    ),
)


def _nothing(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """A diff that is said to add nothing, or to take nothing away, and does."""
    for adds, pattern in _NOTHING:
        found = pattern.search(reading.prose)
        if found and _ASSERTED.search(reading.prose[: found.start()]):
            continue
        if found and (ground.additions if adds else ground.deletions):
            yield Fault(code="count_wrong", details={"what": reading.told(found[0])})


_ASSERTED = re.compile(
    r"\b(?:assert|verif|check|ensur|confirm|make sure)\w*(?: that)? $|(?:断言|验证|确认|确保)$", re.IGNORECASE
)
"""What is asserted is told of a test, and not of the diff."""


def _opens_with_file(reading: Reading, ground: Ground) -> bool:
    opens = _FILE_SUBJECT.match(reading.prose)
    names = reading.names_in(opens[0]) if opens else []
    return bool(names and "." in names[0].text and ground.files_named(names[0].text))


def _way(pair: Opposites, prose: str) -> bool | None:
    """True where only the positive verbs open clauses of a text, False where only the negative ones do."""
    if not pair.positive.search(prose) and not pair.negative.search(prose):
        return None
    ways = set()
    for positive, head, stop in zip((True, False), pair.heads, pair.stops, strict=True):
        for match in head.finditer(prose):
            before = prose[: match.start("verb")]
            if not _NEGATION.search(before) and not re.search(r"\bthat\b[^,;]*$", before):
                ways.add(positive)
        if stop.search(prose):
            ways.add(not positive)
    return ways.pop() if len(ways) == 1 and _only_way(pair, prose) is not None else None


def _only_way(pair: Opposites, prose: str) -> bool | None:
    """The way of a pair if a text uses verbs of that way alone, wherever they stand."""
    found = {
        positive
        for positive, pattern in ((True, pair.positive), (False, pair.negative))
        for match in pattern.finditer(prose)
        if not _NEGATION.search(prose[: match.start()])
    }
    return found.pop() if len(found) == 1 else None


def _said(pair: Opposites, message: str) -> bool | None:
    positive, negative = bool(pair.positive.search(message)), bool(pair.negative.search(message))
    return positive if positive != negative else None


def _additions(
    way: bool | None, only: bool | None, statement: Statement, reading: Reading, ground: Ground
) -> Iterator[Fault]:
    """What a statement says to come or go, held against the whole diff, its quotes, its words and the message.

    `way` is what verbs say that open a clause, `only` what all its verbs say.
    """
    if only is None or not ground.files or not (ground.additions or ground.deletions):
        return
    if _happens_at_run_time(only, ground) and (way is None or _SCHEMA.search(reading.prose)):
        return
    if _AHEAD.search(reading.prose) or (
        not only and is_taken_away([bare(name.text) for name in reading.names], ground)
    ):
        return
    fault = Fault(code="not_added" if only else "not_removed", details={"what": reading.told(reading.prose)})
    single = not re.search(r"\band\b|\bwhile\b|[;；]|，?并|同时", reading.prose)
    named = any(not ground.files_named(name.text) for name in reading.names)
    if (not reading.names and _SUPPOSED.search(reading.prose)) or (way is None and _CODE_DOES.search(reading.prose)):
        return
    if _OF_A_RUN.search(in_known_verbs(reading.prose)) or _EARLIER.search(reading.prose):
        return
    if (
        ((ground.additions if only else ground.deletions) == 0 and _said(_ALL[0], ground.subjects) is not only)
        or (single and _quotes_other_side(only, statement, ground))
        or (way is not None and not named and _quotes_other_side(only, statement, ground))
        or (
            single
            and not named
            and not _COUNTED.search(reading.prose)
            and (way is not None or reading.names)
            and _against_words(only, reading, ground)
        )
    ):
        yield fault


_SUPPOSED = re.compile(
    r"\b(?:deleting|removing|adding|dropping)\b[^.;,]{0,40}\b(?:leaves?|does|would|will|lets?|keeps?|helps?)\b"
    r"|(?:删除|移除|新增|添加)[^，。；]{0,16}[后时][，,]",
    re.IGNORECASE,
)
"""What somebody might do, not what the commit did."""
_OF_A_RUN = re.compile(
    r"\b(?:issue|bug|problem|case|race)s? (?:where|when|in which)\b"
    r"|\b(?:dropp|discard|remov|delet|clear|stripp)ed\b[^.;,]{0,12}\b(?:once|when|whenever|if|until|while|unless|at)\b"
    rf"|\b(?:if|when|whenever|once|unless) (?:(?:[\w-]+|{N}) ){{1,3}}"
    r"(?:drops|discards|removes|deletes|clears|adds|loses)\b"
    r"|\b(?:that|which|who) (?:\w+ )?(?:drops?|discards?|removes?|deletes?|clears?|adds?|loses?)\b",
    re.IGNORECASE,
)
"""What happens when code runs, and not what the commit did."""
_EARLIER = re.compile(
    r"\b(?:was|were) (?:originally |first |initially )?(?:added|introduced|removed|dropped|deleted) (?:back )?"
    r"(?:in|by|with|as part of) (?:#|v?\d|[0-9a-f]{7}|versions?\b|commit\b|PR\b|an? earlier|the previous|releases?\b)"
    r"|在 ?(?:#\d|v?\d|旧版|之前的?版本|更早)[^，。；]{0,10}(?:引入|新增|添加|加入|移除|删除)",
    re.IGNORECASE,
)
"""What an earlier commit did."""
_AHEAD = re.compile(
    r"(?:届时|将会?|会在|下一?个)[^，。；]{0,14}(?:新增|添加|加上|加入|新建|创建|删除|移除|删掉|去掉)"
    r"|\b(?:will|have to|next (?:major|release|version))\b[^.;,]{0,30}\b(?:add|remov|delet|drop)"
    r"|(?:建议|应当|应该|考虑|最好|不妨|值得)[^，。；]{0,14}(?:新增|添加|增加|补充|加上|加入|引入|删除|移除|去掉|清理)"
    r"|\b(?:consider|recommend\w*|suggest\w*|worth|should|ought to|need to|would be (?:good|wise) to)\b[^.;,]{0,20}"
    r"\b(?:add|introduc|creat|remov|delet|drop)",
    re.IGNORECASE,
)
"""What is to come or go one day, or might better."""
_COUNTED = re.compile(r"(?<![\w.])\d+ (?:个|项|处|行|[a-z])")
"""Things in numbers: the counts are checked by themselves."""
_GOVERNED = re.compile(
    rf"(?:{_ALL[0].positive.pattern}|{_ALL[0].negative.pattern})[^。；;.，,]{{0,40}}?{N}"
    rf"|{N}(?:, which)?[^。；;.，,]{{0,24}}?(?:{_ALL[0].negative.pattern})",
    re.IGNORECASE,
)
_CODE_DOES = re.compile(
    r"(?:会在?|时|可以|能够|自动|负责|用于|应当|需要)(?:自动)?(?:新增|添加|新建|创建|删除|移除)"
    r"|(?:阶段|期间|结束后|运行时|执行时)[^，。；]{0,6}(?:新增|添加|删除|移除|删掉|清理|去掉)|\b(?:to|can|will|should"
    r"|must|that) (?:now |also |then )?(?:add|remove|delete|drop)",
    re.IGNORECASE,
)


def _against_message(adds: bool | None, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """A verb that governs no name, against a message that says the opposite and a diff that leans its way."""
    said = _said(_ALL[0], ground.message)
    if (
        adds is None
        or said is None
        or said == adds
        or _GOVERNED.search(reading.prose)
        or _CODE_DOES.search(reading.prose)
        or _AHEAD.search(reading.prose)
    ):
        return
    lines, others = (ground.additions, ground.deletions) if adds else (ground.deletions, ground.additions)
    if (
        others > 2 * lines
        and not _COUNTED.search(reading.prose)
        and not re.search(r"[;；]|并|替换|改为|replac|instead", reading.prose)
        and (others > 10 * lines or not re.search(r"\band\b", reading.prose))
    ):
        yield Fault(code="against_message", details={"what": ground.commits[0].subject})


def _happens_at_run_time(adds: bool, ground: Ground) -> bool:
    """Whether the new lines themselves take something away, so that "removes" may tell what code does."""
    return not adds and bool(_ALL[0].negative.search(ground.lowered_new))


def _quotes_other_side(adds: bool, statement: Statement, ground: Ground) -> bool:
    """Whether all quotes stand where lines only come, though the statement takes away, or the other way round."""
    sides = []
    for item in statement.evidence:
        lines = [line.strip() for line in item.quote.split("\n") if line.strip()]
        files = ground.files_named(item.path)
        blocks = [block for file in files for block in file.blocks]
        here = [block for block in blocks if any(line in "\n".join(block.new + block.old) for line in lines)]
        alone = bool(here) and all(not (block.new if adds else block.old) for block in here)
        sides.append(alone or (adds and _only_go(lines, files)))
    return bool(sides) and all(sides)


def _only_go(lines: Sequence[str], files: Sequence[ChangedFile]) -> bool:
    """Whether files lose lines and have the like nowhere, neither new nor as they were."""
    went = any(line in file.old for file in files for line in lines)
    return went and not any(line in side for file in files for side in (file.new, file.context) for line in lines)


_SCHEMA = re.compile(r"\b(?:columns?|tables?|fields?|index(?:es)?|constraints?)\b|字段|列|表|索引|约束", re.IGNORECASE)
_DULL = frozenset(
    words_in(
        "that with from this when which into their them they then than have does also only code support"
        " handling logic case cases new more some such adds added adding removes removed removing drops"
        " deletes introduces creates unused missing"
    )
)


def _against_words(adds: bool, reading: Reading, ground: Ground) -> bool:
    """Whether the things that a statement speaks of stand on the other side alone, or the message says the opposite."""
    words = [word for word in re.findall(r"[a-z]{4,}", reading.prose.lower()) if word not in _DULL]
    words += in_english(reading.prose)
    stems = {re.sub(r"(?:ies|es|s|ing|ed|ion)$", "", word) for word in words if len(word) > 3}
    files = [file for name in reading.names for file in ground.files_named(name.text)] or ground.files
    new = sum(file.new.lower().count(stem) for stem in stems if len(stem) > 2 for file in files)
    old = sum(file.old.lower().count(stem) for stem in stems if len(stem) > 2 for file in files)
    here, there = (new, old) if adds else (old, new)
    if there and not here:
        return True
    said = _said(_ALL[0], ground.message)
    lines, others = (ground.additions, ground.deletions) if adds else (ground.deletions, ground.additions)
    return said is not None and said != adds and others > lines and there >= here
