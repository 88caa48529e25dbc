"""A commit message as the kinds read it: the type it declares, and its words without that type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workers.model import Kind

# Types of Conventional Commits and what people write instead of them.
_TYPES: dict[str, tuple[Kind, ...]] = {
    **dict.fromkeys(("feat", "feature", "features", "feats", "新增", "功能", "新功能"), (Kind.FEATURE,)),
    **dict.fromkeys(("fix", "fixes", "bugfix", "hotfix", "bug", "修复"), (Kind.FIX,)),
    **dict.fromkeys(("refactor", "refact", "refactoring", "style", "重构"), (Kind.REFACTOR,)),
    **dict.fromkeys(("test", "tests", "testing", "测试"), (Kind.TESTS,)),
    **dict.fromkeys(("docs", "doc", "documentation", "文档"), (Kind.DOCS,)),
    **dict.fromkeys(("build", "构建"), (Kind.BUILD,)),
    **dict.fromkeys(("deps", "dep", "dependencies"), (Kind.BUILD, Kind.DEPENDENCIES)),
    **dict.fromkeys(("ci", "cicd"), (Kind.CI,)),
    **dict.fromkeys(("perf", "performance", "性能"), (Kind.PERFORMANCE,)),
    **dict.fromkeys(("security", "sec"), (Kind.SECURITY,)),
    **dict.fromkeys(("revert", "reverts", "回滚"), (Kind.REVERT,)),
    "chore": (Kind.CHORE,),
}
_TYPE = re.compile(rf"({'|'.join(_TYPES)})\s*(?:[(\[]([^)\]]*)[)\]])?\s*!?\s*[:：]\s*(?=\S)", re.I)
_TAG = re.compile(r"\[([^\]]{1,40})\]\s*:?\s*")
_SCOPE = re.compile(r"(?:\(([^)]{0,60})\))?\s*!?\s*[:：]\s*(?=\S)|\(([^)]{1,60})\)\s+(?=\S)")
_MARK = re.compile(r"(?::[a-z0-9_+-]{2,40}:|[\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff])\s*")
_PULL_REQUEST = re.compile(r"\s*\((?:#|gh-|!)\d+\)\s*$", re.I)
_TRAILER = re.compile(
    r"^(?:[A-Z][\w-]*-(?:by|id|on)|Change-Id|PiperOrigin-RevId|GitOrigin-RevId|Co-authored-by):.*$", re.I | re.M
)
# What a pull request's template asks and nobody answered.
_TEMPLATE = re.compile(r"<!--.*?(?:-->|\Z)|^[ \t]*[-*] \[ \][^\n]*", re.S | re.M)
_LISTED_TYPE = re.compile(rf"^(\s*(?:[-*+]\s+)?)(?:{'|'.join(_TYPES)})(?:\([^)]*\))?!?:\s*", re.I | re.M)

SUBJECT_SEEN = 400  # characters
BODY_SEEN = 4_000


@dataclass(frozen=True)
class Wording:
    """`declared` are the kinds of the type written before the colon, () without one; `scope` is its scope or ""."""

    declared: tuple[Kind, ...]
    scope: str
    subject: str
    body: str


def wording_of(message: str) -> Wording:
    """Takes a message apart. Types are also found behind and in tags (`[core] fix: x`, `[Feature] x`)."""
    lines = message.lstrip()[: SUBJECT_SEEN + BODY_SEEN].split("\n")
    subject, body = lines[0].strip()[:SUBJECT_SEEN], "\n".join(lines[1:])[:BODY_SEEN]
    declared, scope, subject = _without_type(_PULL_REQUEST.sub("", subject))
    body = _LISTED_TYPE.sub(r"\1", _TRAILER.sub("", _TEMPLATE.sub("", body))).strip()
    return Wording(declared, scope, subject, body)


def _without_type(subject: str) -> tuple[tuple[Kind, ...], str, str]:
    declared: tuple[Kind, ...] = ()
    scopes: list[str] = []
    while match := _MARK.match(subject) or _TAG.match(subject) or _TYPE.match(subject) or _SCOPE.match(subject):
        if match.re is _TYPE:
            declared = declared or _declared(match[1], match[2])
            scopes.append(match[2] or "")
        elif match.re is _TAG and match[1].lower() in _TYPES:
            declared = declared or _TYPES[match[1].lower()]
        elif match.re is not _MARK:
            scopes.append(next(filter(None, match.groups()), ""))
        subject = subject[match.end() :]
        if match.re in (_TYPE, _SCOPE) and not _TYPE.match(subject):
            break
    return declared, " ".join(filter(None, scopes)), subject


def _declared(kind: str, scope: str | None) -> tuple[Kind, ...]:
    kinds = _TYPES[kind.lower()]
    dependencies = re.search(r"\bdep(s|endenc\w*)?\b", scope or "", re.I)
    if dependencies and kinds[0] in (Kind.BUILD, Kind.CHORE, Kind.FIX):
        return (Kind.BUILD if kinds[0] is Kind.CHORE else kinds[0], Kind.DEPENDENCIES)
    return kinds
