"""Dangers a commit says it removes, told only where its changed lines agree with its words.

A message can claim anything, so a word alone shows nothing: it counts when the commit is a fix and a changed line of
product code has what such a fix is made of (a leak: something freed, closed or bounded; a race: a lock or an atomic).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from workers.analysis.survey.strokes import Stroke
from workers.model import Evidence, Value

DANGERS_TOLD = 2
"""A fix is about one hazard, seldom two; further words are its story."""

SHOWN_LINES = 3
"""How many changed lines are kept as evidence of one hazard."""


class Hazard(StrEnum):
    """What can go wrong for those who run the code."""

    SECURITY = "security"
    DATA_LOSS = "data_loss"
    USE_AFTER_FREE = "use_after_free"
    OVERFLOW = "overflow"
    DEADLOCK = "deadlock"
    RACE = "race"
    LEAK = "leak"
    CRASH = "crash"


class Danger(Value):
    """A hazard that a fix is about, the word that names it in the message, and changed lines that agree."""

    hazard: Hazard
    word: str
    in_subject: bool
    evidence: tuple[Evidence, ...]


_WORDS: dict[Hazard, str] = {
    Hazard.SECURITY: r"cve-\d{4}-\d+|ghsa-[\w-]+|vulnerab\w*|security (?:issue|fix|hole|bug|problem)|xss|csrf|ssrf|"
    r"permission checks?|unauthori[sz]ed|"
    r"path traversal|(?:sql|command|code|header|prototype) (?:injection|pollution)|privilege escalation|"
    r"(?:auth\w*|acl|permission|access control) bypass|bypass(?:es|ing)? (?:auth|acl|permission|the (?:acl|auth))\w*|"
    r"安全漏洞|漏洞|越权|提权|(?:SQL|命令|代码)注入",
    Hazard.DATA_LOSS: r"data[- ]?loss|los(?:e|es|ing|t) (?:data|writes?|keys?|rows?|messages?)|corrupt\w*|"
    r"数据丢失|丢数据|数据损坏|数据不一致",
    Hazard.USE_AFTER_FREE: r"use[- ]after[- ]free|heap[- ]use|uaf|double[- ]free|dangling pointer|invalid (?:free|read|"
    r"write)|悬垂指针|重复释放|释放后使用",
    Hazard.OVERFLOW: r"(?:buffer|heap|integer|int|size|arithmetic)[- ]?overflow|(?<!stack[- ])overflows?|underflow|"
    r"out[- ]of[- ]bounds?|oob|越界|溢出",
    Hazard.DEADLOCK: r"dead[- ]?lock\w*|live[- ]?lock\w*|hang(?:s|ing)?|stuck|死锁|卡死|挂起",
    Hazard.RACE: r"(?:data )?race(?:s|[- ]conditions?)?|racy|not thread[- ]safe|thread[- ]safety|"
    r"concurrent modification|"
    r"竞态|竞争条件|线程安全|并发(?:问题|修改|冲突)",
    Hazard.LEAK: r"(?:memory|mem|resource|connection|fd|file descriptor|handle|thread|listener|socket|goroutine)?"
    r"[- ]?leak"
    r"(?:s|ed|ing|age)?|unbounded (?:growth|memory)|grows? (?:forever|without bound)|out of memory|oom|"
    r"hold(?:s|ing)? (?:the )?memory|泄[漏露]|内存溢出|内存增长",
    Hazard.CRASH: r"crash(?:es|ed|ing)?|segfaults?|segmentation fault|sigsegv|panics?|panicked|null pointer|npe|"
    r"nullpointerexception|assert(?:ion)? (?:fail\w*|error)|unhandled (?:exception|rejection)|stack overflow|"
    r"infinite (?:loop|recursion)|崩溃|空指针|宕机|死循环",
}
_SAYS = {
    hazard: re.compile(rf"(?<![A-Za-z0-9_-])(?:{words})(?![A-Za-z0-9_-])", re.IGNORECASE)
    for hazard, words in _WORDS.items()
}

_SIGNS: dict[Hazard, str] = {
    Hazard.SECURITY: r"auth|permi|acl|role|token|secret|passw|sanit|escap|valid|verif|allow|den[iy]|origin|path|tls|"
    r"cert|crypt|hash|sign|header|redirect|html|proto|limit|host|normali[sz]e|[<>]=?\s*\w",
    Hazard.DATA_LOSS: r"write|flush|sync|save|stor|commit|renam|trunc|append|persist|snapshot|wal|aof|rdb|offset|delet|"
    r"insert|file|replic|merge|copy|clone|encod|decod|checksum|crc|lock",
    Hazard.USE_AFTER_FREE: r"free|null|releas|retain|incr|decr|ref|protect|delet|->|drop|lifetime|clone|unsafe",
    Hazard.OVERFLOW: r"size|len|limit|max|min|[<>]=?\s*\w|checked_|saturating|wrapping|int64|uint|long|u64|u32|usize",
    Hazard.DEADLOCK: r"lock|synchroni|mutex|wait|notify|await|async|semaphore|timeout|channel|queue|block|poll|"
    r"signal|drop|release|cancel|resolve|close|break|return",
    Hazard.RACE: r"lock|mutex|atomic|synchroni|volatile|await|async|thread|concurren|semaphore|channel|queue|once|"
    r"arc\b|"
    r"barrier|spawn|promise|copy|clone|compare",
    Hazard.LEAK: r"free|releas|clos(?:e|ing)|dispos|destroy|clear|delet|drop|unref|decr|remov|clone|copy|weak|cancel|"
    r"unsubscri|clean|evict|shrink|truncat|off\(|stop|shutdown|abort|finally|= ?(?:null|none|undefined|nullptr)\b",
    Hazard.CRASH: r"null|none|undefined|nil|\?\.|assert|panic|unwrap|expect|catch|except|\btry\b|optional|is_some|"
    r"is_none|\bif\b|return|default|\?\?|len|size|error|throw|raise|break|\bok\b|result",
}
_SHOWS = {hazard: re.compile(signs, re.IGNORECASE) for hazard, signs in _SIGNS.items()}


_ACTS = re.compile(r"\(|[^=!<>]=[^=]|\b(?:if|return|while|for)\b")
"""What a line that does something has; lists of names and imports have not."""

_NUMBERED = re.compile(r"cve-\d|ghsa-", re.IGNORECASE)


def dangers_of(subject: str, body: str, strokes: Iterable[Stroke]) -> tuple[Danger, ...]:
    """The hazards that a message names and changed lines of product code agree with, worst first."""
    lines = list(strokes)
    found = []
    for hazard, says in _SAYS.items():
        # Bodies tell of crashes and exceptions in passing; only a subject says that they are the point.
        word = says.search(subject) or (says.search(body) if hazard is not Hazard.CRASH else None)
        evidence = _agreeing(hazard, word[0], lines) if word else ()
        if word and evidence:
            named = word.string is subject or bool(_NUMBERED.match(word[0]))
            found.append(Danger(hazard=hazard, word=word[0], in_subject=named, evidence=evidence))
    found.sort(key=lambda danger: not danger.in_subject)
    return tuple(found[:DANGERS_TOLD])


def _agreeing(hazard: Hazard, word: str, lines: list[Stroke]) -> tuple[Evidence, ...]:
    """Lines that agree, added ones first: what a fix adds tells more than what it takes away.

    A flaw with a public number is specific enough that any changed line of code may be its fix.
    """
    found = [line for line in lines if _NUMBERED.match(word) or _SHOWS[hazard].search(line.text)]
    found.sort(key=lambda line: (line.side != "new", not _SHOWS[hazard].search(line.text), not _ACTS.search(line.text)))
    return tuple(stroke.evidence() for stroke in found[:SHOWN_LINES])
