"""The rules for values that only their name gives away: `password = "..."`, `API_KEY=...`, `--token ...`, `密码：...`.

A value in quotes counts in any file. A bare one counts in text and in files of settings and commands, where nothing
else can stand there; in code it would be a variable.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from workers.analysis.redaction_rules import Family, Judge, Rule, rule
from workers.analysis.redaction_values import is_password, is_token

_PASSWORD = r"(?:passw(?:or)?d|passphrase|passcode|(?:(?<![a-z])pass|(?-i:(?<=[a-z])Pass))(?![a-z])|pwd|密码|口令)"
_TOKEN = (
    r"(?:secret|token|credential|密钥|令牌"
    r"|(?:api|access|auth|account|private|crypt|encryption|signing|service|master|client|shared|secret)[ _-]?key)"
)
_FEISHU = r"(?:feishu|lark)[\w.-]{0,30}(?:secret|key|token)"

_TAIL = r"(?P<tail>[\w.-]{0,30})[\\\"'`\])]{0,4}"
_TYPE = r"(?:\s{0,4}:\s{0,4}&?[a-z_][\w.<>|]{0,30}(?=\s{0,4}=)|\[\d{0,4}\]|\s{1,4}string(?=\s{0,4}=))?"
_SETS = r"\s{0,8}(?:is\s{0,4}:|=>|:=|[!=]==?|[=:：]|(?<=[码令钥牌])(?:为|是))\s{0,8}"
_GIVES = rf"(?P<gives>{_SETS}|\s{{0,4}}[,(]\s{{0,4}}|>\s{{0,4}}|\s{{1,8}}(?:value\s{{0,2}}=\s{{0,2}})?)"
_OPENS = r"(?:(?:\w{1,12}\()?[@rbfu]?\\?(?P<quote>[\"'`]))?"
_VALUE = (
    r"(?P<secret>(?(quote)(?:(?!(?P=quote))[^\s\\]){4,200}|[^\s\"'`<]{3,199}[^\s\"'`<,;:)}\]]))"
    r"(?(quote)\\?(?P=quote)|(?![^\s\"'`<,;:)}\]]))"
)
_FORM = _TAIL + _TYPE + _GIVES + _OPENS + _VALUE

_ASSIGNED = r"[\w.-]{0,30}[\\\"'`\])]{0,4}[^\w\n]"
_PASSWORD_GATES = "pass pwd 密码 口令"
_TOKEN_GATES = f"secret token{_ASSIGNED} credential key{_ASSIGNED} 密钥 令牌"

_OTHER_TAIL = re.compile(
    r"[_.-]?(?:field|hash|digest|url|uri|path|file|name|id|label|type|length|len|size|regex|pattern|polic|count|ttl|expir|header"
    r"|placeholder|hint|message|msg|error|prefix|suffix|format|version|algorithm|rule|ref|reset|page|screen|form|class|kind"
    r"|endpoint|selector|strength|provider|encoder|izer|iz|column|index|pos|offset)",
    re.IGNORECASE,
)
_OTHER_HEAD = re.compile(
    r"(?:csrf|xsrf|next|page|continuation|cancel\w*|public|syntax|sync|resume|cursor|design|lex\w*|parse\w*|cache|css|theme)"
    r"[_.-]?(?:access[_-]?)?$",
    re.IGNORECASE,
)
_SETTINGS = frozenset(
    ".env .ini .cfg .conf .config .cnf .properties .props .yml .yaml .toml .tfvars .sh .bash .zsh .fish .bat .cmd .txt .md"
    " .rst .adoc .npmrc .netrc .pypirc .envrc .service .ps1 .mk .example .local .secret .credentials .http".split()
)


def _named(word: str, gates: str, judge: Judge, family: Family) -> Rule:
    return rule(family, word + _FORM, gates, judge, folded=True)


def _is_setting(path: str) -> bool:
    """Whether bare values of this file are text: settings, commands, prose; "" is a message or a question."""
    name = PurePosixPath(path.lower())
    return not path or name.suffix in _SETTINGS or not name.suffix or name.name.startswith(".env")


def _called_otherwise(found: re.Match[str]) -> bool:
    """Whether the name tells of something about a secret, or of a token of another sort: `password_field`, `nextToken`."""
    head = found.string[max(0, found.start() - 40) : found.start()]
    return bool(_OTHER_TAIL.match(found["tail"]) or _OTHER_HEAD.search(head))


def _is_given(found: re.Match[str], path: str) -> bool:
    """Whether the value stands where the name's value would: in quotes, or bare where bare words are values."""
    if found["quote"] or found["gives"].startswith(">"):
        return True
    flag = found.string[max(0, found.start() - 40) : found.start()].rpartition(" ")[2].startswith("-")
    return _is_setting(path) and not set(found["gives"]) & set(",(") and (flag or bool(found["gives"].strip()))


def _password(found: re.Match[str], path: str) -> bool:
    return _is_given(found, path) and not _called_otherwise(found) and is_password(found["secret"], path)


def _token(found: re.Match[str], path: str) -> bool:
    return _is_given(found, path) and not _called_otherwise(found) and is_token(found["secret"], path)


def _joined(found: re.Match[str], path: str) -> bool:
    return is_password(found["secret"], path) or is_token(found["secret"], path)


_PARAMETER = (
    r"[?&;]\s{0,4}(?:password|passwd|pwd|(?:access_?|auth_?)?token|api_?key|secret|sig|signature)\s{0,2}=\s{0,2}"
    r"(?P<secret>[^&;\s\"'`<>]{4,400})"
)
_PARAMETER_GATES = f"pass pwd token{_ASSIGNED} key{_ASSIGNED} secret sig[nature]{{0,6}}{_ASSIGNED}"

NAMED: tuple[Rule, ...] = (
    _named(_FEISHU, _TOKEN_GATES, _token, Family.FEISHU_SECRET),
    rule(Family.CONNECTION_STRING, _PARAMETER, _PARAMETER_GATES, _joined, folded=True),
    _named(_PASSWORD, _PASSWORD_GATES, _password, Family.PASSWORD),
    _named(_TOKEN, _TOKEN_GATES, _token, Family.TOKEN),
)
"""Rules for named values; a rule of a fixed form that sees the same value goes before them."""
