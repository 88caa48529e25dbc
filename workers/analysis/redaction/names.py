"""The rules for values that only their name gives away: `password = "..."`, `API_KEY=...`, `--token ...`, `密码：...`.

A value in quotes counts in any file. A bare one counts in text and in files of settings and commands, where nothing
else can stand there; in code it would be a variable.
"""

# ruff: noqa: S105 - these are names of secrets

from __future__ import annotations

import re

from workers.analysis.redaction.rule import Family, Judge, Rule, rule
from workers.analysis.redaction.values import is_password, is_token

_PASSWORD = r"(?:passw(?:or)?d|passphrase|passcode|(?:(?<![a-z])pass|(?-i:(?<=[a-z])Pass))(?![a-z])|pwd|密码|口令)"
_TOKEN = (
    r"(?:secret|token|credential|密钥|令牌"
    r"|(?:api|access|auth|account|private|crypt|encryption|signing|service|master|client|shared|secret)[ _-]?key)"
)
_FEISHU = r"(?:feishu|lark)[\w.-]{0,30}(?:secret|key|token)"

_TAIL = r"(?P<tail>[\w.-]{0,30}+)[\\\"'`\])]{0,4}+"
_TYPE = r"(?:\s{0,4}:\s{0,4}&?[a-z_][\w.<>|]{0,30}(?=\s{0,4}=)|\[\d{0,4}\]|\s{1,4}string(?=\s{0,4}=))?"
_SETS = r"\s{0,8}(?:is\s{0,4}:|=>|:=|[!=]==?|[=:：]|(?<=[码令钥牌])(?:为|是))\s{0,8}"
_GIVES = rf"(?P<gives>{_SETS}|\s{{0,4}}[,(]\s{{0,4}}|>\s{{0,4}}|\s{{1,8}}(?:value\s{{0,2}}=\s{{0,2}})?)"
# No possessive repetition of a group here: before 3.11.5, Python's matches nothing where a lookahead is in the group.
_OPENS = r"(?:(?:(?:secretstr|string|str)\()?[@rbfu]?\\?(?P<quote>[\"'`]))?"
_ENDS = r",;:)}\]"  # what ends a bare value unless more of it follows
_BARE = rf"(?:[^\s\"'`<{_ENDS}]|[{_ENDS}](?![{_ENDS}]{{0,200}}(?:[\s\"'`<]|$))){{4,200}}"
_VALUE = (
    rf"(?P<secret>(?(quote)(?:(?!(?P=quote))[^\s\\]){{4,200}}|{_BARE}))"
    rf"(?(quote)\\?(?P=quote)|(?![^\s\"'`<{_ENDS}]))"
)
_FORM = _TAIL + _TYPE + _GIVES + _OPENS + _VALUE

_ASSIGNED = r"[\w.-]{0,30}[\\\"'`\])]{0,4}[^\w\n]"
_PASSWORD_GATES = "pass pwd 密码 口令"
_TOKEN_GATES = f"secret token{_ASSIGNED} credential key{_ASSIGNED} 密钥 令牌"

_OTHER_TAIL = re.compile(
    r"[_.-]?(?:field|hash|digest|url|uri|path|file|name|id|label|type|length|len|size|regex|pattern|polic|count|ttl|expir|header"
    r"|placeholder|hint|message|msg|error|prefix|suffix|format|version|algorithm|rule|ref|reset|page|screen|form|from|fingerprint|less|base|class|kind"
    r"|endpoint|selector|strength|provider|encoder|izer|iz|column|index|pos|offset)",
    re.IGNORECASE,
)
_OTHER_HEAD = re.compile(
    r"(?:csrf|xsrf|next|page|continuation|cancel\w*|public(?:[_-]?key)?|syntax|sync|resume|cursor|design|lex\w*|parse\w*|cache|css|theme)"
    r"[_.-]?(?:access[_-]?)?$|<secret:[a-z-]{0,20}$",  # the last is a placeholder
    re.IGNORECASE,
)
_SETTINGS = re.compile(
    r"(?:^|/)[^/.]+$|(?:^|/)\.env[^/]*$|\.(?:env|ini|cfg|conf|config|cnf|properties|props|ya?ml|toml|tfvars|sh|bash|zsh|fish"
    r"|bat|cmd|ps1|mk|txt|md|rst|adoc|npmrc|netrc|pypirc|envrc|service|example|local|secret|credentials|http)$"
)


def _named(word: str, gates: str, judge: Judge, family: Family) -> Rule:
    return rule(family, f"(?P<word>{word})" + _FORM, gates, judge, folded=True)


def _is_setting(path: str) -> bool:
    """Whether bare values of this file are text: settings, commands, prose; "" is a message or a question."""
    return not path or _SETTINGS.search(path.lower()) is not None


def _called_otherwise(found: re.Match[str]) -> bool:
    """Whether the name is of something about a secret, or of another sort of token: `password_field`, `nextToken`."""
    head = found.string[max(0, found.start() - 40) : found.start()]
    return bool(_OTHER_TAIL.match(found["tail"]) or _OTHER_HEAD.search(head))


def _is_given(found: re.Match[str], path: str) -> bool:
    """Whether the value stands where the name's value would: in quotes, or bare where bare words are values."""
    gives, quote = found["gives"], found["quote"]
    if gives.startswith(">"):
        return found.string.startswith("</", found.end())
    if gives.isspace():  # `#define PASSWORD "x"` and `--password x`, but no "pass `x`" of a sentence
        return found["word"].lower() != "pass" and (quote in ('"', "'") or (quote is None and _is_flag(found, path)))
    if "," in gives:
        return bool(quote) and found.string[found.start("gives") - 1] in "\"'`"
    return bool(quote) or ("(" not in gives and _is_setting(path))


def _is_flag(found: re.Match[str], path: str) -> bool:
    """Whether the name is a flag of a command, after which a bare word is its value."""
    before = found.string[max(0, found.start() - 40) : found.start()]
    return _is_setting(path) and before.rpartition(" ")[2].startswith("-")


def _password(found: re.Match[str], path: str) -> bool:
    return _is_given(found, path) and not _called_otherwise(found) and is_password(found["secret"])


def _token(found: re.Match[str], path: str) -> bool:
    return _is_given(found, path) and not _called_otherwise(found) and is_token(found["secret"])


def _joined(found: re.Match[str], _path: str) -> bool:
    return is_password(found["secret"]) or is_token(found["secret"])


_PARAMETER = (
    r"(?:[?&](?:password|passwd|pwd|(?:access_?|auth_?)?token|api_?key|secret|sig|signature)="
    r"|;\s{0,4}(?:password|pwd)\s{0,2}=\s{0,2})(?P<secret>[^&;#\s\"'`<>]{4,400})"
)
_PARAMETER_GATES = f"pass pwd token{_ASSIGNED} key{_ASSIGNED} secret sig[nature]{{0,6}}{_ASSIGNED}"

NAMED: tuple[Rule, ...] = (
    _named(_FEISHU, _TOKEN_GATES, _token, Family.FEISHU_SECRET),
    rule(Family.CONNECTION_STRING, _PARAMETER, _PARAMETER_GATES, _joined, folded=True),
    _named(_PASSWORD, _PASSWORD_GATES, _password, Family.PASSWORD),
    _named(_TOKEN, _TOKEN_GATES, _token, Family.TOKEN),
)
"""Rules for named values; a rule of a fixed form that sees the same value goes before them."""
