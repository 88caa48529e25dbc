"""Old and new told as a pair ("from 10 to 20", “由 a 改为 b”): each must be on its side of the diff."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workers.analysis.grounding.directions.claims import bare, comes_somewhere, goes_somewhere, presence_of
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import FIRST, LAST, N, Reading
from workers.analysis.grounding.prose.texts import folded, stands

_NUM = r"(?<![\w.])v?\d[\d,_]*(?:\.\d+)*(?:-(?:alpha|beta|rc|pre|dev|next)[\w.]*)?"
_EMPTY = r"(?:(?:an?|the) empty string|空字符串)"
_OP = rf"(?:{N}|{_NUM}|{_EMPTY})"
_UNIT = r"(?:\s?(?:%|ms|s|seconds?|minutes?|hours?|days?|[KMG]i?B|bytes|x|times))?"
_GAP = rf"(?:(?!\b(?:to|from|into|and|with|by|or)\b)(?-i:[^.;:。；{chr(FIRST)}-{chr(LAST)}\d])){{0,40}}?"
_NUMERIC = re.compile(_NUM)
_NO_TEXT = re.compile(_EMPTY, re.IGNORECASE)
_PLAIN = r"[A-Za-z][\w./+-]*"

_CALL = r" (?:[a-z]+ ){0,3}(?:calls?|reference|access|imports?|uses?|usage) (?:to|of|from)"

_ENGLISH = [
    rf"\bfrom\b{_GAP}(?P<old>{_OP}){_UNIT}{_GAP}\b(?:to|into|→|->)\b{_GAP}(?P<new>{_OP})",
    rf"\bfrom\b{_GAP}(?P<old>{_OP}) with (?:[a-z-]+ ){{1,5}}to\b{_GAP}(?P<new>{_OP})",
    rf"(?P<new>{_OP}){_GAP}\breplaces the (?:former|previous|earlier|old) (?:[a-z-]+ ){{1,7}}?(?P<old>{_OP})",
    rf"\brenam(?:es?|ed|ing)\b{_GAP}(?P<old>{_OP}){_GAP}\b(?:to|as|into)\b{_GAP}(?P<new>{_OP})",
    rf"(?P<old>{_OP}){_GAP}\b(?:is|are|was|were|been|gets)\s+(?:now\s+)?(?:renamed|replaced|superseded"
    rf"|changed|converted)\s+(?:to|as|into|with|by)\b{_GAP}(?P<new>{_OP})",
    rf"\b(?:replac(?:es?|ed|ing)|substitut(?:es?|ed|ing)|swap(?:s|ped|ping)?|exchang(?:es?|ed))\b"
    rf"(?: out)?{_GAP}(?P<old>{_OP}){_UNIT}{_GAP}\b(?:with|by|for)\b{_GAP}(?P<new>{_OP})",
    rf"(?P<new>{_OP}){_GAP}\b(?:instead of|rather than|in place of|replaces|supersedes)\b(?: (?:from|to|in"
    rf"|with|by|on|via|at|into)|{_CALL})?{_GAP}(?P<old>{_OP})",
    rf"\b(?:chang(?:es?|ed|ing)|convert(?:s|ed|ing)?|turn(?:s|ed|ing)?|migrat(?:es?|ed|ing)|switch(?:es|ed"
    rf"|ing)?|mov(?:es?|ed|ing)|bump(?:s|ed|ing)?|upgrad(?:es?|ed|ing)|rewrit(?:es?|ten))\b{_GAP}"
    rf"(?P<old>{_OP}){_UNIT}{_GAP}\b(?:to|into)\b{_GAP}(?P<new>{_OP})",
    rf"(?P<old>{_OP}){_UNIT}\s*(?:→|->|=>|⇒|➜|turns? into\b){_GAP}(?P<new>{_OP})",
    rf"(?P<old>{_OP}){_UNIT}\s*\b(?:becomes?|became)\s+(?:(?!around|of|for|over|in|on|part|with)[\w-]+\s+){{0,2}}"
    rf"(?P<new>{_OP})",
    rf"(?P<old>{_OP}){_GAP}\b(?:gives? way to|gave way to|yields? to|ma(?:kes?|de) (?:room|way) for"
    rf"|is succeeded by)\b{_GAP}"
    rf"(?P<new>{_OP})",
    rf"(?P<new>{_OP}){_GAP},?\s*(?:and |but )?\b(?:not|no longer)\s+(?:from|on|by|via|with|through|in|as|at)?\s*"
    rf"(?:the\s+)?(?P<old>{_OP})(?!\s+(?:is|are|was|were|does|do|has)\b)",
    rf"\bmov(?:es?|ed|ing)\b{_GAP}\b(?:out of|away from|from)\b{_GAP}(?P<old>{_OP}){_GAP}(?:\band )?\b(?:into"
    rf"|to)\b{_GAP}"
    rf"(?P<new>{_OP})",
    rf"(?P<new>{_OP}){_GAP}\bwhere (?:it|they) (?:used to|formerly|previously)\b{_GAP}(?P<old>{_OP})",
    rf"(?P<new>{_OP}){_GAP}\b(?:takes?|took|taking) the place of\b{_GAP}(?P<old>{_OP})",
    rf"\bdrop(?:s|ped|ping)?\b{_GAP}(?P<old>{_OP}){_GAP}\bin favou?r of\b{_GAP}(?P<new>{_OP})",
    rf"\b(?:was|previously|formerly|used to be|before it was)\b{_GAP}(?P<old>{_OP}){_UNIT}{_GAP},?\s*"
    rf"(?:and |but )?(?:it )?(?:is )?now\b{_GAP}(?P<new>{_OP})",
    rf"\bnow\b{_GAP}(?P<new>{_OP}){_UNIT}{_GAP}\b(?:was|previously|formerly|instead of)\b{_GAP}(?P<old>{_OP})",
    rf"(?P<old>{_OP}){_GAP}\b(?:exchanged|swapped(?: out)?|traded) for\b{_GAP}(?P<new>{_OP})",
    rf"\b(?:used|called|read|said|was)\b{_GAP}(?P<old>{_OP}){_GAP}\bbefore\b,?\s*(?:and |but )?{_GAP}"
    rf"(?P<new>{_OP}){_GAP}\bnow\b",
    rf"(?:^|[,;]\s)instead of\b{_GAP}(?P<old>{_OP}),{_GAP}(?P<new>{_OP})",
    rf"(?P<new>{_OP}){_GAP}\b(?:takes?|took) over from\b{_GAP}(?P<old>{_OP})",
    rf"(?P<new>{_OP}){_UNIT}\s*\((?:it )?(?:was|formerly|previously|before)\s*:?\s*(?P<old>{_OP})",
    rf"\bfrom\s+(?:an? |the )?(?P<old>{_PLAIN})\s+to\s+(?:an? |the )?(?P<new>{_PLAIN})\b",
    rf"\breplac(?:es?|ed|ing)\s+(?:an? |the )?(?P<old>{_PLAIN})\s+(?:with|by)\s+(?:an? |the )?(?P<new>{_PLAIN})\b",
    rf"\b(?P<new>{_PLAIN})\s+instead of\s+(?:an? |the )?(?P<old>{_PLAIN})\b",
]
_HAN_GAP = rf"(?-i:[^。；;，,：{chr(FIRST)}-{chr(LAST)}\d]){{0,16}}?"
_WIDE = rf"(?-i:[^。；;{chr(FIRST)}-{chr(LAST)}\d]){{0,16}}?"
_HAN_UNIT = r"(?:\s?(?:%|ms|s|毫秒|秒|分钟|小时|天|倍|[KMG]i?B|字节|个|次|条|行))?"
_TO = (
    r"(?:改[为成](?!\s*(?:按|以|用|向|对|逐|只|仅|调用|使用|采用|返回|抛出|传入|直接|通过|读取|由|显式|先|在))|改名为|更名为|更正为|纠正为"
    r"|校正为|改回|切到|让位于|放开到|限制为|压缩到|压缩至|上移到|下移到"
    r"|重命名为|变为|变成|变更为|换为|换成|替换为|替换成|更换为|升级到|升级至"
    r"|升级为|升至|升到|提升到|提升至|提高到|提高至"
    r"|上调至|上调到|上调为|下调至|下调到|下调为|降至|降到|降为|降低到|降低至|调整为|调整到|调整至|调至"
    r"|调为|调高到|调高至|调低到|调低至|切换到|切换为"
    r"|切换至|迁移到|迁移至|移到|移至|移回|移动到|移动至|搬到|搬回|迁回|转为|转换为|转成|更新为|更新到|更新至|修改为"
    r"|修正为|扩大到|扩大至|增加到|增加至|增至|减少到"
    r"|减少至|减少为|增加为|减至|减为|缩短为|延长为|提高为|提升为|降低为|放宽为|扩大为|缩小为|缩短到|缩短至|延长到|延长至|放宽到|放宽至|收紧为|统一为|简化[为成]|精简[为成]|收窄[为到]|重构为|改写为)"
)
_CHINESE = [
    rf"(?:从|由|自){_HAN_GAP}(?P<old>{_OP}){_HAN_UNIT}{_WIDE}(?:{_TO}|到|至|变|改[为成]){_HAN_GAP}(?P<new>{_OP})",
    rf"(?P<old>{_OP}){_HAN_UNIT}(?!\s*的(?-i:[^。；，,]){{0,14}}?[由从]){_HAN_GAP}{_TO}了?{_HAN_GAP}(?P<new>{_OP})",
    rf"(?:用|以|使用|采用){_HAN_GAP}(?P<new>{_OP}){_HAN_GAP}(?:来)?(?:替换|取代|代替|替代)(?:掉|了|原有的?"
    rf"|原来的?|旧的?)?{_HAN_GAP}(?P<old>{_OP})",
    rf"(?P<old>{_OP}){_HAN_GAP}被{_HAN_GAP}(?P<new>{_OP})(?:\s*[、与和及]\s*{_OP})*{_HAN_GAP}"
    r"(?:取代|替代|替换|代替)",
    rf"(?P<new>{_OP}){_HAN_GAP}[，,]?\s*(?:而不是|而非|取代了?|代替了?|替代了?|替换了|不再使用|不再是"
    rf"|不再用){_HAN_GAP}(?P<old>{_OP})",
    rf"(?:原为|原来是|原先是|此前是|此前为|之前是|之前为|原本是|原值为|旧值为|以前是){_HAN_GAP}"
    rf"(?P<old>{_OP}){_HAN_UNIT}{_WIDE}(?:现为|现在是|现在为|新值为|现改为|现){_HAN_GAP}(?P<new>{_OP})",
    rf"(?:原来|原先|原本|此前|之前|以前|过去)(?:是|为|取|用|读|按|走|传|叫|写)(?:的是)?\s*(?P<old>{_OP}){_HAN_UNIT}{_WIDE}"
    rf"(?:现在|如今|现)(?:改|换|变)?[为成用由]?(?:是|取|用|读|按|走|传|叫|写)?\s*(?P<new>{_OP})",
    rf"(?P<new>{_OP})\s*[（(]\s*(?:原为|原名|原先为|旧称|此前为|之前为|前身为|曾为)\s*(?P<old>{_OP})",
    rf"(?:现在|如今|现)(?:是|为)\s*(?P<new>{_OP}){_HAN_UNIT}\s*[，,；（(]?\s*(?:而)?(?:此前|之前|以前|原先|原来|过去)(?:是|为|用的是)?\s*"
    rf"(?P<old>{_OP})",
    rf"(?:从|由)\s*(?P<old>{_PLAIN})\s*(?:{_TO}|到|至)\s*(?P<new>{_PLAIN})",
    rf"(?P<old>{_PLAIN})\s*(?:{_TO})\s*(?P<new>{_PLAIN})",
]
_ONWARDS = re.compile(r"\s*(?:on|onwards?|upwards?|up|and (?:up|above|later|newer))\b", re.IGNORECASE)
"""What makes "from 1" the beginning of a range and no earlier state."""
_PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern in (*_ENGLISH, *_CHINESE)]
_RANGE = re.compile(
    r"\b(?:range|between|anywhere|list(?:s|ed)|cover(?:s|ed|ing)?|spans?|entries|everything"
    r"|all)\b[^.;]{0,20}$|(?:范围|区间)[^。；]{0,14}$",
    re.IGNORECASE,
)
_TRIGGER = re.compile(
    r"from|not|no longer|used to|way to|yield|way for|room for|succeed|renam|replac|substitut|swap|exchang|instead"
    r"|rather|place of|supersed|chang|convert|turn|migrat"
    r"|switch|mov|bump"
    r"|upgrad|rewrit|→|->|=>|becom|became|favou?r|was|previous|former|now"
    r"|[从由自改变换让限压替升降调切迁移转更修扩增减缩延放收统简重被原而取代不现前]",
    re.IGNORECASE,
)

_MOVES = re.compile(
    r"\b(?:mov|relocat|migrat|transfer|hoist|extract|shift)\w*|[移迁搬挪]|抽到|提取到|下沉|上提", re.IGNORECASE
)
"""Of what moves, the two names may be places that stay as they are."""


_NO_CHANGE = re.compile(r"→|->|=>|⇒|➜|\bnot\b")


class Pair(NamedTuple):
    """What is told as old and as new, where the pair begins, if it is marked as code, if it may be places, and if it
    may be something else than a change: a mapping, a way through, a contrast.
    """

    old: str
    new: str
    start: int
    marked: bool
    moves: bool
    loose: bool


def pairs_in(sentence: str, reading: Reading) -> Iterator[Pair]:
    """Every pair of old and new that a sentence tells."""
    if not _TRIGGER.search(sentence):
        return
    seen = set()
    for pattern in _PATTERNS:
        for match in pattern.finditer(sentence):
            marked = not re.match(r"[A-Za-z]", match["old"])
            pair = Pair(
                _written(match["old"], reading),
                _written(match["new"], reading),
                match.start(),
                marked,
                bool(_MOVES.search(sentence)),
                bool(_NO_CHANGE.search(match[0])),
            )
            if _ONWARDS.match(sentence, match.end("old")):
                continue
            if pair[:2] not in seen and pair.old != pair.new and not _RANGE.search(sentence[: match.start()]):
                seen.add(pair[:2])
                yield pair


def _written(operand: str, reading: Reading) -> str:
    if _NO_TEXT.fullmatch(operand):
        return '""'
    if FIRST <= ord(operand[0]) <= LAST:
        return reading.name(operand).text
    return operand.rstrip(",_." if operand[0].isdigit() else ",.")


def pair_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Pairs that the diff shows the other way round, or not at all."""
    for sentence in reading.sentences:
        for pair in pairs_in(sentence, reading):
            verdict = _verdict(pair, ground)
            if verdict is None and _RENAMES.search(sentence) and _stays(pair, ground):
                verdict = "not_moved"
            if verdict == "swapped":
                yield Fault(code="swapped", details={"old": pair.old, "new": pair.new})
            elif verdict is not None:
                yield Fault(code=verdict, details={"what": pair.new if verdict == "not_new" else pair.old})


_RENAMES = re.compile(r"\brenam\w+|重命名|改名|更名", re.IGNORECASE)


def _stays(pair: Pair, ground: Ground) -> bool:
    """Whether of two names of which one is said to have taken the other's place, neither comes nor goes anywhere."""
    old, new = bare(pair.old), bare(pair.new)
    if not pair.marked or not ground.blocks or _by_paths(old, new, ground) or _told(old, new, ground.message):
        return False
    seen = ground.presence(old).changes and ground.presence(new).changes
    return bool(seen) and not (goes_somewhere(old, ground) and comes_somewhere(new, ground))


def _verdict(pair: Pair, ground: Ground) -> str | None:
    old, new = ground.whole(bare(pair.old)), ground.whole(bare(pair.new))
    if old == new:  # calls that differ in their arguments alone
        old, new = pair.old, pair.new
    if by_paths := _by_paths(old, new, ground):
        return None if by_paths == "forward" else "swapped"
    forward, backward = _ways(old, new, ground)
    if forward or backward:
        return None if forward or _told(old, new, ground.subjects) or _told_so(old, new, ground) else "swapped"
    told = _told(old, new, ground.message)
    if _NUMERIC.fullmatch(old) and _NUMERIC.fullmatch(new):
        return None if told or not ground.blocks else "not_new"
    if told:
        return None
    return "swapped" if _told(new, old, ground.message) else _by_sides(old, new, ground, pair)


def _by_sides(old: str, new: str, ground: Ground, pair: Pair) -> str | None:
    """What the sides alone say of a pair that no place of the diff shows as one."""
    here, there = presence_of(old, ground), presence_of(new, ground)
    if not pair.marked and not ((here.old or here.new) and (there.old or there.new)):
        return None  # plain words of which one is none of the diff
    if here.new and not here.old and not here.context and there.old and not there.new:
        return "swapped"
    if pair.loose:
        return None
    if pair.moves and here.context:
        return "swapped" if _grows(old, ground) > 0 > _grows(new, ground) else None
    if pair.marked and not here.old and (here.new or here.context):
        return "not_old"
    return "not_new" if there.old and not there.new and not there.context else None


def _grows(place: str, ground: Ground) -> int:
    """By how many lines the hunks grow of which git says that they lie in a function or class of this name."""
    rows = (row for file in ground.files for hunk in file.hunks if stands(place, hunk.header) for row in hunk.rows)
    return sum((row[:1] == "+") - (row[:1] == "-") for row in rows)


def _told(old: str, new: str, message: str) -> bool:
    """Whether a message itself tells the pair in this order."""
    message = folded(message)
    way = r"(?:\b(?:to|into|with|by)\b|→|->)"
    found = re.search(rf"{re.escape(old)}(?:[A-Za-z%]{{1,3}})?\W.{{0,40}}?{way}\W.{{0,40}}?{re.escape(new)}", message)
    return bool(found or re.search(rf"{re.escape(new)}\W.{{0,30}}?\binstead of\W.{{0,30}}?{re.escape(old)}", message))


def _told_so(old: str, new: str, ground: Ground) -> bool:
    """Whether the message has the pair in so many words."""
    mark = r"[`'\"]?"
    return bool(re.search(rf"\bfrom {mark}{re.escape(old)}{mark} to {mark}{re.escape(new)}(?![\w.]\w)", ground.message))


def _by_paths(old: str, new: str, ground: Ground) -> str:
    """How a renamed file, or a text that moved between two files, bears out a pair; "" where it is neither."""
    renames = [file.file for file in ground.files if file.file.old_path]
    ways = {
        way
        for file in renames
        for way, before, after in (("forward", old, new), ("backward", new, old))
        if _ends(before, file.old_path or "") and _ends(after, file.path)
    }
    if len(ways) == 1:
        return ways.pop()
    olds, news = ground.files_named(old), ground.files_named(new)
    if not olds or not news or set(olds) & set(news) or not re.search(r"[/.]", old + new):
        return ""
    given = sum(file.file.additions - file.file.deletions for file in news)
    taken = sum(file.file.additions - file.file.deletions for file in olds)
    if given > 0 > taken:
        return "forward"
    return "backward" if taken > 0 > given else ""


def _ends(name: str, path: str) -> bool:
    short = name.rstrip("/")
    return path == short or path.endswith("/" + short) or path.startswith(short + "/") or f"/{short}/" in path


def _ways(old: str, new: str, ground: Ground) -> tuple[int, int]:
    """At how many places of the diff the one text gives way to the other, and the other way round."""
    forward = backward = 0
    for block in ground.blocks:
        if block.old and block.new:
            before, after = "\n".join(block.old), "\n".join(block.new)
            one = _turns(old, new, before, after)
            two = _turns(new, old, before, after)
            forward += one > two
            backward += two > one
    return (forward, backward) if forward != backward else (forward, 0)


def _turns(old: str, new: str, before: str, after: str) -> int:
    """2 where a text goes and the other comes, 1 where both are at least on their sides, 0 otherwise."""
    if not (_in(old, before) and _in(new, after)):
        return 0
    return 1 + (not _in(old, after) or not _in(new, before))


def _in(text: str, lines: str) -> bool:
    return (
        stands(text, lines)
        or (" " in text and folded(text) in folded(lines))
        or (text[:1].isdigit() and bool(re.search(rf"(?<![\d.]){re.escape(text)}(?![\d.]\d|\d)", lines)))
        or (text[:1] in "vV" and text[1:2].isdigit() and _in(text[1:], lines))
    )
