"""What is said to come, go, get stricter or looser in plain words, held against the words of the diff and message."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.grounding.directions.claims import bare, is_taken_away
from workers.analysis.grounding.directions.pairs import number_changes
from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.lexicon import in_english
from workers.analysis.grounding.prose.phrases import stem
from workers.analysis.grounding.prose.reading import N, Reading, Sort
from workers.analysis.grounding.prose.texts import stands, words_in
from workers.analysis.paths import Role, role_of

_STRICTER = re.compile(
    r"\b(?:stricter|more strict|more restrictive|tighter|harsher|tightens?|tightened"
    r"|less (?:permissive|lenient|forgiving|tolerant))\b"
    r"|(?:更(?:加|为)?|变得?(?:更)?)严格?|更(?:加|为)?苛刻|收紧了",
    re.IGNORECASE,
)
_LOOSER = re.compile(
    r"\b(?:more (?:permissive|lenient|forgiving|tolerant|relaxed|liberal)|looser|laxer|loosens?|loosened"
    r"|relaxes|relaxed|less (?:strict|restrictive))\b"
    r"|\b(?:left out|skipped|ignored|excluded|filtered out|rejected|refused) (?:before|until now|so far|previously)"
    r"(?=\s*(?:[.,;]|$))"
    r"|(?:更(?:加|为)?|变得?(?:更)?)宽松|更(?:加|为)?宽容|放宽了|(?:此前|以前|原先)(?:都|会)?(?:被)?(?:跳过|忽略|排除|拒绝|过滤)",
    re.IGNORECASE,
)
_STRICT_TALK = re.compile(
    r"strict|tight|harden|restrict|\brequir(?:es|ed|ement)|reject|forbid|validat|enforc|sanit|\bdeny|prohibit|disallow|limit|prevent"
    r"|严格|收紧|限制|校验|禁止|拒绝|强制",
    re.IGNORECASE,
)
_LOOSE_TALK = re.compile(
    r"relax|loose|permissi|\ballow|lenient|optional|accept|fall ?back|tolera|expos|\beasier|support|ignor"
    r"|放宽|宽松|允许|可选|兼容|支持|忽略",
    re.IGNORECASE,
)
_ARTICLE = r"(?:(?:the|an?|its|this|that|all|any|both)\s+)"
_NP = rf"{_ARTICLE}(?P<what>(?:[a-z-]+ ){{0,2}}[a-z-]+)"
_REMOVED = re.compile(
    rf"\b(?:drops|removes|deletes|dropped|removed|deleted|eliminates|scraps) {_NP}|(?:^"
    rf"|, )[Tt]he (?P<subject>(?:[a-z-]+ ){{1,4}}?)"
    r"(?:is|are|was|were|has been) (?:removed|dropped|deleted|taken out)\b"
)
_ADDED = re.compile(
    rf"\b(?:adds|introduces|added|introduced) {_NP}|(?:^|, )(?:The|An?|the|an?) (?P<subject>(?:[a-z-]+ ){{1,4}}?)"
    r"(?:is|are|was|were|has been) (?:added|introduced)\b"
)
_REMOVED_ZH = re.compile(
    r"(?:移除|删除|删掉|去掉|砍掉|取消)了(?P<what>[\u4e00-\u9fff]{2,12})"
    r"|(?P<subject>(?!(?:本次|此次|该|此)?(?:提交|改动|变更|修改))[\u4e00-\u9fff]{2,14})(?:从[^，。；]{1,10}?[里中])?"
    r"(?:被)?(?:删掉|移除|删除|去掉|砍掉)了"
)
_ADDED_ZH = re.compile(
    r"(?:新增|添加|增加|引入|加入)(?:了|了?一[个条处项])(?P<what>[\u4e00-\u9fff]{2,16})"
    r"|(?P<subject>[\u4e00-\u9fff]{2,14})被(?:新增|添加|引入|加入)"
    r"|(?:开启|启用)了(?P<more>[^，。；]{2,24})"
)
_VERSION_GONE = re.compile(
    r"\b[Vv]ersion v?(?P<version>\d+(?:\.\d+)+)\b[^.;,]{0,40}?\b(?:is|was"
    r"|gets?) (?:removed|dropped|deleted)"
)
_PLACE = r"(?P<place>Windows|Linux|macOS|Android|iOS|Darwin|WSL|Unix|FreeBSD|Safari|Firefox|Chrome)"
_EXCEPT = re.compile(
    rf"\b(?:except(?: for| on)?|other than|apart from|all but|besides) {_PLACE}"
    rf"|\bnon-{_PLACE.replace('?P<place>', '?P<other>')}"
    rf"|除了? ?{_PLACE.replace('?P<place>', '?P<third>')} ?(?:之?外|以外)"
)
_DULL = frozenset(
    words_in(
        "that with from this when which into their them they then than have does also only code support logic case new"
        " more some such unused missing existing whole additional line lines file files test tests change changes"
    )
)


def leaning_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Plain words about the way of a change that the commit speaks against."""
    for sentence in reading.sentences:
        yield from _strictness(sentence, reading, ground)
        yield from _things(sentence, reading, ground)
        yield from _exceptions(sentence, reading, ground)
        yield from _needless(sentence, reading, ground)
        gone = _VERSION_GONE.search(sentence)
        if gone and ground.presence(gone["version"]).new and not ground.presence(gone["version"]).old:
            yield Fault(code="not_removed", details={"what": gone["version"]})


def _strictness(sentence: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """What is said to get stricter or looser, while the bounds that change, or else the message, say the contrary."""
    strict, loose = _STRICTER.search(sentence), _LOOSER.search(sentence)
    found = strict or loose
    if _OF_VERSIONS.search(sentence) and (pinned := _pinned(ground)) is not None:
        told = _told_of_versions(sentence)
        if told is not None and told != pinned:
            yield Fault(code="against_message", details={"what": ground.subjects})
        return
    if loose and _OF_VERSIONS.search(sentence) and (dropped := _DROPS_SUPPORT.search(ground.subjects)):
        yield Fault(code="against_message", details={"what": dropped[0]})
    if found is None or (strict and loose) or _KEPT_FROM.search(sentence[: found.start()]):
        return
    ways = _bounds(sentence, reading, ground)
    own, other = (_STRICT_TALK, _LOOSE_TALK) if strict else (_LOOSE_TALK, _STRICT_TALK)
    if ways:
        wrong = all(wider == bool(strict) for wider in ways)
    elif (refuses := _refuses(ground)) is not None:
        wrong = refuses != bool(strict) and not own.search(ground.told)
    else:
        against = other.search(ground.told) or not own.search(ground.lowered_new)
        wrong = not own.search(ground.told) and bool(against)
    if wrong:
        yield Fault(code="against_message", details={"what": reading.told(found[0])})


_DROPS_SUPPORT = re.compile(r"\b(?:drop|remov|end)\w* support for[^\n]{0,60}", re.IGNORECASE)
_REFUSAL = re.compile(
    r"\b(?:throws?|raise|panic!?|bail!|rejects?|abort|die|fatal)\b|\breturn (?:nil, )?(?:err\b|fmt\.Errorf|errors\.)"
)


def _refuses(ground: Ground) -> bool | None:
    """Whether the code refuses in more places than before; None where it does in as many."""
    source = [file for file in ground.files if role_of(file.file.path) is Role.SOURCE]
    new, old = (sum(len(_REFUSAL.findall(file.side(side))) for file in source) for side in ("new", "old"))
    return new > old if new != old else None


_KEPT_FROM = re.compile(
    r"(?:不会|并不|没有|未)[^，。；]{0,14}$|\b(?:not|n['’]t|without|never)\b[^.;,]{0,24}$", re.IGNORECASE
)
_OF_VERSIONS = re.compile(r"\bversions?\b|\bdependenc|\brequirements?\b|\bsemver|\branges?\b|版本|依赖", re.IGNORECASE)
_PINS = re.compile(
    r"\bpin(?:s|ned|ning)?\b|\bexact(?:ly)?\b|\btighten\w*|\bfix(?:es|ed) (?:at|to)\b|锁定|固定(?:在|到|为|住)|精确"
    r"|收紧",
    re.IGNORECASE,
)
_FLOATS = re.compile(
    r"\b(?:unpin\w*|loosen\w*|relax\w*|widen\w*|float\w*)\b|放开|放宽|浮动|不再(?:锁定|固定)", re.IGNORECASE
)
_RANGE = re.compile(r"(?<![\w.])(?P<mark>[\^~]|>=?)\s?v?(?=\d)")


def _told_of_versions(sentence: str) -> bool | None:
    """Whether a sentence says that a version is pinned; None where it says neither, or both."""
    pins, floats = bool(_PINS.search(sentence)), bool(_FLOATS.search(sentence))
    return pins if pins != floats else None


def _pinned(ground: Ground) -> bool | None:
    """Whether lines that change nothing but the mark before a version pin it; None where no such line does."""
    ways = {
        bool(_RANGE.search(old))
        for block in ground.blocks
        for old, new in zip(block.old, block.new, strict=False)
        if old != new and _RANGE.sub("", old) == _RANGE.sub("", new)
    }
    return ways.pop() if len(ways) == 1 else None


_BOUND = re.compile(
    r"\b(?P<low>min(?:imum)?|at_?least|lower)|\b(?P<high>max(?:imum)?|at_?most|upper|limit)", re.IGNORECASE
)


_RANGED = re.compile(r"(?:(?P<low>>=?)|(?P<high><=?))\s?v?$")


def _bounds(sentence: str, reading: Reading, ground: Ground) -> list[bool]:
    """Of each bound that changes, of those on lines with a name of the sentence if there are any: is it wider now."""
    names = [name.text for name in reading.names_in(sentence) if name.sort in (Sort.CODE, Sort.BARE)]
    ways = ground.kept("bounds", lambda: list(_widened(ground)))
    own = [wider for line, wider in ways if any(stands(name, line) for name in names)]
    return own or [wider for _, wider in ways]


def _widened(ground: Ground) -> Iterator[tuple[str, bool]]:
    """The lines on which a bound changes, and whether that lets more through."""
    for change in number_changes(ground):
        before = change.line[: max(change.line.find(change.new_text), 0)]
        bounds = list(_BOUND.finditer(before))
        if mark := _RANGED.search(before):
            yield change.line, change.rises == bool(mark["high"])
        elif bounds:
            yield change.line, change.rises == bool(bounds[-1]["high"])


_DOES_NOT = re.compile(
    r"(?:不|未|没有|避免|会|可|时|后|no longer|not|never|to|that|which|when"
    r"|(?:call|function|method|helper|code|parser|proxy|server|client|loader|handler|script)(?: now)?)\s*$"
)
"""What stands before a verb that tells no deed of the commit: it is denied, or what code does when it runs."""


def _things(sentence: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """Things without a name that are said to come while their words only go, or the other way round."""
    for comes, pattern in ((True, _ADDED), (False, _REMOVED), (True, _ADDED_ZH), (False, _REMOVED_ZH)):
        for match in pattern.finditer(sentence):
            if _DOES_NOT.search(sentence[: match.start()]):
                continue
            if re.match(rf"\s*{N}", sentence[match.end() :]):
                continue  # the name says more than what it is called
            if not comes and is_taken_away([bare(name.text) for name in reading.names_in(sentence)], ground):
                continue
            gains = _gains(next(text for text in match.groups() if text), ground)
            if gains and all(gain < 0 if comes else gain > 0 for gain in gains):
                yield Fault(code="not_added" if comes else "not_removed", details={"what": reading.told(match[0])})
                return


def _gains(thing: str, ground: Ground) -> list[int]:
    """By how many places each word of a thing that the diff has grows in it."""
    words = [word for word in re.findall(r"[a-z]{5,}", thing.lower()) if word not in _DULL]
    words += in_english(thing)
    roots = set(map(stem, words))
    pairs = [(ground.lowered_new.count(root), ground.lowered_old.count(root)) for root in roots if len(root) > 2]
    return [new - old for new, old in pairs if new or old]


def _exceptions(sentence: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """A platform that is said to be left out, while the message says that the change is for it."""
    for match in _EXCEPT.finditer(sentence):
        place = match["place"] or match["other"] or match["third"]
        told = re.compile(rf"\b(?:on|for|under|in) {place}\b", re.IGNORECASE)
        if told.search(ground.told) and not re.search(
            rf"(?:except|other than|non-?|but) ?{place}", ground.told, re.IGNORECASE
        ):
            yield Fault(code="against_message", details={"what": reading.told(match[0])})


_NEEDLESS = re.compile(
    r"\b(?:adds|added|introduces|introduced) (?:an? |the |some |two |three )?(?:now )?(?:redundant|superfluous|unneeded"
    r"|unnecessary|needless|useless|dead|obsolete|unused)\b"
    r"|(?:加上|新增|添加|引入|补上|增加)了?(?:[一两三]?[个条处段])?(?:多余|冗余|无用|不再需要|重复出现|未使用|不必要|废弃)的?",
    re.IGNORECASE,
)


def _needless(sentence: str, reading: Reading, ground: Ground) -> Iterator[Fault]:
    """What nobody needs and is said to come, though at least as much goes as comes: that is what goes."""
    found = _NEEDLESS.search(sentence)
    if found and ground.deletions >= ground.additions:
        yield Fault(code="not_added", details={"what": reading.told(found[0])})
