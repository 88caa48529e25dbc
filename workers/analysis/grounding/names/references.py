"""Addresses, mentions, numbers of issues, and people: none may be invented."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.grounding.fault import Fault
from workers.analysis.grounding.ground import Ground
from workers.analysis.grounding.prose.reading import Reading, Sort
from workers.analysis.grounding.prose.texts import words_in

_CVE = re.compile(r"\b(?:CVE-\d{4}-\d+|GHSA(?:-[0-9a-z]{4}){3})\b", re.IGNORECASE)
_ISSUE = re.compile(
    r"\b(?:issues?|pull requests?|PRs?|tickets?|bugs?)\s+(?:number |no\.? ?)?(\d+)\b|(?:议题|问题单|工单"
    r"|合并请求)\s*(\d+)",
    re.IGNORECASE,
)
_PERSON = r"[A-Z][a-zà-ž]+(?: [A-Z][a-zà-ž.]+)+"
_HAN_PERSON = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范]"
    r"[\u4e00-\u9fff]{1,2}"
)
_BY = re.compile(
    rf"\b(?i:author(?:ed)?|written|contributed|reported|reviewed|suggested|proposed|committed|submitted"
    rf"|requested|found|discovered|approved|signed off|credited|thanks)\s+(?:by|to)\s+({_PERSON}"
    rf"|[A-Z][a-z]+|[a-z]\w+\d\w*)"
    rf"|由\s*({_PERSON}|[A-Z][a-z]+|{_HAN_PERSON})\s*(?:编写|提交|贡献|报告|提出|审查|评审|撰写|发现|批准)"
    rf"|(?:作者|贡献者|提交者|报告者|审查者)(?:是|为|：)\s*({_PERSON}|[A-Z][a-z]+|{_HAN_PERSON})"
)
_NOBODY = frozenset(words_in("the this commit author authors default design user users caller")) | frozenset(
    words_in("作者 用户 此前 本次 该 调用方 系统 自动")
)


def reference_faults(reading: Reading, ground: Ground) -> Iterator[Fault]:
    """References that do not stand in the commit."""
    for what in _invented(reading, ground):
        yield Fault(code="reference_unknown", details={"what": what})
    for match in _BY.finditer(reading.prose):
        who = next(group for group in match.groups() if group)
        if who.lower() not in _NOBODY and who.lower() not in f"{ground.people.lower()}\n{ground.lowered}":
            yield Fault(code="person_unknown", details={"what": who})


def _invented(reading: Reading, ground: Ground) -> Iterator[str]:
    for name in reading.names:
        if name.sort in (Sort.LINK, Sort.MENTION, Sort.NUMBER) and not _stands(name.text, name.sort, ground):
            yield name.text
    for match in _CVE.finditer(reading.prose):
        if match[0].lower() not in ground.lowered:
            yield match[0]
    for match in _ISSUE.finditer(reading.prose):
        number = match[1] or match[2]
        if not ground.has(number):
            yield match[0]


def _stands(text: str, sort: Sort, ground: Ground) -> bool:
    if sort is Sort.MENTION:
        return f"@{text}" in ground.text
    if sort is Sort.NUMBER:
        return ground.has(text) or ground.has(text.lstrip("#GH-"))
    return text.rstrip(".,/") in ground.text or text in ground.people
