"""Words that mean the opposite of the commit's own: it speaks of the one alone, the statement of the other alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import Reading


class _Antonyms(NamedTuple):
    one: re.Pattern[str]
    other: re.Pattern[str]


def _pair(one: str, other: str) -> _Antonyms:
    return _Antonyms(re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE))


_SWITCH = _pair(
    r"\b(?:turn|switch)\w*\b(?: [\w`-]+){0,4}? off\b|\bdisabl\w+|禁用|停用|关闭",
    r"\b(?:turn|switch)\w*\b(?: [\w`-]+){0,4}? on\b|\benabl\w+|启用|开启",
)
"""What is on in one case is off in another: a message that has both tells of both."""
_ALL = (
    _pair(
        r"\basync(?:hronous(?:ly)?)?\b|\bnon-?blocking\b|异步|非阻塞",
        r"\bsync(?:hronous(?:ly)?)\b|同步(?:调用|执行|方式|方法|函数|返回|等待|读|写|地)|(?:改|变)(?:成|为)了?同步",
    ),
    _pair(
        r"\beager(?:ly)?\b|\bup ?front\b|\bahead of time\b|提前|预先|立即求值",
        r"\blaz(?:y|ily)\b|\bon demand\b|\b(?:only )?when (?:needed|first used)\b"
        r"|按需|惰性|懒加载|延迟(?:加载|求值|初始化)",
    ),
    _SWITCH,
    _pair(r"\bfaster\b|\bspeeds? up\b|\bquicker\b|更快|加快|提速", r"\bslower\b|\bslow(?:s|ed)? down\b|更慢|变慢|放慢"),
    _pair(
        r"\bcase[- ]insensitive(?:ly)?\b|\bignor\w+ case\b|不区分大小写|忽略大小写",
        r"\bcase[- ]sensitive(?:ly)?\b|(?<!不)区分大小写",
    ),
    _pair(r"\bascending\b|升序|从小到大", r"\bdescending\b|降序|从大到小"),
    _pair(
        r"\b(?:mandatory|compulsory)\b|\b(?:is|are|becomes?|now|made) (?:now )?required\b|必填|必选|强制要求",
        r"\boptional(?:ly)?\b|可选|选填",
    ),
    _pair(
        r"\b(?:become|became|made|turned|is|are|now) (?:now )?public\b|\bexpos(?:es?|ed|ing)\b|改为公开|对外公开"
        r"|公开了",
        r"\b(?:become|became|made|turned|is|are|now) (?:now )?(?:private|internal)\b|\bmakes? \S+ private\b"
        r"|改为私有|改为内部|收回[^，。；]{0,40}(?:暴露|公开)",
    ),
    _pair(r"\bpreserv\w+|\bretain\w*|保留", r"(?<!explicitly )\bdiscard\w*|\bstrip(?:s|ped|ping)?\b|丢弃|去除"),
    _pair(
        r"\b(?:stops?|stopped|aborts?|aborted|breaks? (?:off|out)|break|halts?|bails? out)\b|停下|停止|中止|终止",
        r"\b(?:continu(?:es?|ed|ing)|keeps? (?:scanning|reading|trying))\b|继续|接着(?:往下|扫描|读|执行)",
    ),
    _pair(
        r"\bonce (?:per|for each|for every|for all)\b|\bonly once\b|只(?:会)?[^，。；]{0,6}一次",
        r"\b(?:for|on|with) (?:every|each)\b|\b(?:every|each) time\b|每(?:次|个)[^，。；]{0,8}都",
    ),
    _pair(
        r"\b(?:preserv|keep|kept)\w* (?:\w+ )?(?:symlinks?|symbolic links?)|(?:保留|维持)(?:了)?(?:符号链接|软链接)",
        r"\b(?:resolv|follow|dereferenc)\w* (?:\w+ )?(?:symlinks?|symbolic links?)"
        r"|(?:解析|跟随|展开)(?:了)?(?:符号链接|软链接)",
    ),
    _pair(
        r"\b(?:stops?|no longer|ceases? to|do(?:es)? not|don['’]t|doesn['’]t) inherit\w*|不再(?:继承|沿用)",
        r"\b(?:cop(?:y|ies|ied)|inherit\w*|propagat\w*|tak(?:e|es|en)) [\w ]{1,30}?\bfrom (?:its |the )?parent"
        r"|(?<!不再)继承",
    ),
    _pair(r"\b(?:larger|bigger|enlarg\w+)\b|变大|增大|放大", r"\btoo (?:large|big|long|wide|high)\b"),
    _pair(r"\b(?:smaller|shrinks?|shrunk)\b|变小|缩小", r"\btoo (?:small|short|narrow|low)\b"),
    _pair(
        r"(?:^|\b(?:commit|change|patch|PR|now|newly)\s)(?:causes|leads to|gives rise to|provokes)\b"
        r"|(?:提交|改动|修改|变更)会?(?:导致|引发|造成)",
        r"^(?:\w+(?:\([^)]*\))?!?: )?(?:avoid|prevent|stop|don['’]t|do not)\b|: (?:avoid|prevent)\b|^避免|^防止",
    ),
    _pair(
        r"\b(?:earlier|sooner)\b|更早|早一[些点]",
        r"\b(?:delay|postpon|defer)\w*|推迟|延后|延迟(?!加载|求值|初始化)",
    ),
    _pair(r"\bhidden\b|\bhides?\b|隐藏", r"\b(?:made|becomes?|is|are) visible\b|\bunhid\w+|明文显示|显示出来"),
)
NEAR = 60
"""Characters before a word in which something may turn it."""
_DENIED = (
    re.compile(r"\b(?:truncat|shorten|abbreviat|cut (?:off|short))\w*|\bcut to\b|截断|截短|缩短显示", re.IGNORECASE),
    re.compile(r"\b(?:skip|ignor|disregard)\w*|跳过|忽略", re.IGNORECASE),
    re.compile(r"\b(?:fail|crash|abort|panic)(?:s|es|ed|ing)?\b|失败|崩溃", re.IGNORECASE),
    re.compile(r"\b(?:retr(?:y|ies|ied|ying))\b|重试", re.IGNORECASE),
)
"""Words of which a message that has them only as what is not done says the opposite."""
_TURNED = re.compile(
    r"\b(?:no longer|not|never|without|instead of|rather than|n't|used to|previously|formerly|from|un|stops?|before"
    r"|unless|if|when)\b"
    r"[^.;,]{0,30}$|(?:不再|没有|未|不|而非|而不是|此前|以前|原先|原本|原来|之前|从|由)[^，。；]{0,12}$",
    re.IGNORECASE,
)


_LEFT = re.compile(r"(?:由|从)[^，。；]{1,10}?(?=改|变|换|转)|\bfrom (?:[\w-]+ ){1,3}?(?=to\b)", re.IGNORECASE)
_REST = re.compile(
    r"\b(?:instead of|rather than|in place of)\b[^.;,\n]{0,60}|(?:而不是|而非|不再是?)[^，。；\n]{0,30}", re.IGNORECASE
)
_CHANGES = re.compile(
    r"\bnow\b|\bbecom|\bma[dk]es?\b|\bturn|\bswitch|\bconvert|\binstead\b|改|变|换|转|现在", re.IGNORECASE
)


def antonym_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """What a statement says to be so now by a word whose opposite the message has, and never that word itself."""
    said = _without_rest(_LEFT.sub("", reading.told(reading.prose)))
    yield from _denied(said, ground)
    for pair in _ALL:
        for mine, opposite in ((pair.one, pair.other), (pair.other, pair.one)):
            found = mine.search(said)
            if not found or opposite.search(said) or _TURNED.search(said[: found.start()]):
                continue
            subjects = "" if pair is _SWITCH and mine.search(ground.told) else ground.subjects
            against = _told(mine, opposite, subjects) or _told(mine, opposite, ground.told)
            if against or (_CHANGES.search(said) and (against := _put_in(mine, opposite, ground))):
                yield Fault(code="against_message", details={"what": against})


def _denied(said: str, ground: Ground) -> Iterator[Fault]:
    """What a statement says to happen now, of which the subject of the message says that it is not done."""
    for family in _DENIED:
        found = family.search(said)
        if not found or not _NOW.search(said) or _TURNED.search(said[: found.start()]):
            continue
        told = list(family.finditer(ground.subjects))
        if told and all(_NOT_DONE.search(ground.subjects[: match.start()]) for match in told):
            yield Fault(code="against_message", details={"what": ground.subjects})


_NOW = re.compile(r"\bnow\b|from now on|from this commit|现在|如今|从此", re.IGNORECASE)
_NOT_DONE = re.compile(
    r"\b(?:not|do(?:es)?(?: not|n['’]t)|never|no longer|stop|avoid|prevent)\s+(?:\w+ )?$|(?:不再|避免|不)$",
    re.IGNORECASE,
)


def _told(mine: re.Pattern[str], opposite: re.Pattern[str], message: str) -> str:
    """The opposite as a message has it, which never has the word itself; "" otherwise."""
    told = _without_rest(message)
    found = opposite.search(told)
    if not found or mine.search(told):
        return ""
    before = told[max(0, found.start() - NEAR) : found.start()]
    return "" if _TURNED.search(before) else found[0]


def _without_rest(text: str) -> str:
    """A text without what it says to be done no more: "instead of continuing"."""
    return _REST.sub(" ", text)


def _put_in(mine: re.Pattern[str], opposite: re.Pattern[str], ground: Ground) -> str:
    """The opposite as only lines that are put in have it, while nothing has the word itself; "" otherwise."""
    found = opposite.search(ground.lowered_new)
    if not found or opposite.search(ground.lowered_old):
        return ""
    return "" if mine.search(ground.lowered_new) or mine.search(ground.told) else found[0]
