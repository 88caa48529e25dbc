"""Whether a value that stands where a secret would stand is one: no example, no reference, no name, no prose.

Judged by the text of the value, and a little by where it stands: in tests, examples and prose a password has to look
made by chance, since people write `secret123` there all day.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from workers.analysis.paths import Role, role_of

LEAST_PASSWORD = 6
LEAST_TOKEN = 16
"""Characters below which a value is too short to be a password or a token worth hiding."""

LEAST_ENTROPY = 3.0
"""Bits per character of a token. Random hex of 16 characters has about 3.3, a lower-case word about 2.8."""

LEAST_TURNS = 0.2
"""Changes between lower case, upper case and digits per character: 0.47 in random hex, 0.6 in base 62."""

_MADE_UP = frozenset({Role.TEST, Role.EXAMPLE, Role.DOCS, Role.LOCALE})
_REFERENCE = re.compile(
    r"^(?:[$%@#!&*]?[{(<\[%]|\$\w|[<>@%:/.~]|(?:enc|vault|secret|ref|env|file|ssm|arn|op|https?|data|projects)\b[+:({/])"
    r"|\$\{|\$\(|\{\{|\}\}|%[({s]|%[A-Z_]+%|<[\w -]+>|\.\.\.|…|\*\*\*|[()\[\]{}]{2}|->|::|=>|\\[nrt]|\s|[/.]$",
    re.IGNORECASE,
)
_CODE = re.compile(r"^[\w$]+(?:(?:\.|->|::|/)[A-Za-z_$][\w$]*)+$|^[\w.$]+\(.*\)?[;,]?$|^--?[a-z]|==|&&|\|\|")
_EXAMPLE = re.compile(
    r"example|sample|dummy|change[-_ ]?(?:me|it)|replace|placeholder|redacted|your[-_ ]?|my[-_]|fake|mock|todo|fixme"
    r"|insert|xxx|[x*•.#_-]{6}|(?:abc|123|foo|bar|qwerty){2}|(.)\1{5}|0123456|1234567|abcdef(?:g|$)|correct-?horse|<",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"(?:p[a@][s$5]{2}w[o0]?r?[dt]?|pass|pwd|secrets?|tests?(?:ing|er)?|admin|adm|root|users?|guest|demo|foo|bar|baz|abc|xyz|qwerty"
    r"|hello|world|default|my|your|the|temp|tmp|new|old|wrong|invalid|valid|bad|good|right|correct|other|some|any|key|token"
    r"|api|access|client|app|service|db|database|server|local|localhost|host|login|auth|bearer|basic|jwt|session|string"
    r"|value|field|name|id|text|input|none|null|true|false|undefined|required|optional|first|second|another|current|changed"
    r"|postgres(?:ql)?|mysql|mariadb|redis|mongo(?:db)?|rabbit(?:mq)?|sa|oracle|elastic|kafka|nacos|minio|dubbo|dev|prod"
    r"|welcome|letmein|monkey|dragon|hunter|super|strong|complex|long|short|plain|raw|hash(?:ed)?|encrypted|encoded"
    r"|[\W_]|\d{1,9}|v\d|[a-z](?![a-z]))+",
    re.IGNORECASE,
)
_PART = re.compile(r"[-_./:+ ~]+")
_WORDS = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+(?![a-z]))*\d{0,4}|\d+")
_TOKEN = re.compile(r"[A-Za-z0-9+/=_.~:%-]+")
_TOKEN_CLASSES = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9]"), re.compile(r"[^A-Za-z0-9]"))
_HEX_WORDS = re.compile(r"(?:sha\d*|md5|crc)[-:=]", re.IGNORECASE)
_MASKED = re.compile(r"([xX0*._#-])\1{7}")


def is_masked(value: str) -> bool:
    """Whether a token is a drawing of one: eight or more `x`, `0`, `*` and the like in a row."""
    return _MASKED.search(value) is not None


def is_made_up(path: str) -> bool:
    """Whether values in this file are mostly inventions: tests, examples, prose, translations."""
    return role_of(path) in _MADE_UP if path else False


def is_reference(value: str) -> bool:
    """Whether the value only points to a secret or asks for one: `${VAR}`, `<password>`, `%s`, `config.password`."""
    return bool(_REFERENCE.search(value) or _CODE.search(value))


def is_password(value: str, path: str = "") -> bool:
    """Whether the value of something called a password is one that somebody chose to keep secret."""
    if len(value) < LEAST_PASSWORD or not value.isprintable() or is_reference(value) or _EXAMPLE.search(value):
        return False
    if _WEAK.fullmatch(value) or _is_named(value):
        return False
    kinds = _classes(value)
    if is_made_up(path):
        return len(value) >= 10 and kinds >= 3 and _turns(value) >= LEAST_TURNS and _entropy(value) >= LEAST_ENTROPY
    return kinds >= 3 or (kinds == 2 and _TOKEN_CLASSES[2].search(value) is not None)


def is_token(value: str, path: str = "") -> bool:
    """Whether the value of something called a token, key or secret looks made by chance."""
    if len(value) < LEAST_TOKEN or _TOKEN.fullmatch(value) is None or is_reference(value) or _EXAMPLE.search(value):
        return False
    if _HEX_WORDS.match(value) or _is_named(value) or _TOKEN_CLASSES[2].search(value) is None:
        return False
    least = LEAST_ENTROPY + (0.4 if is_made_up(path) else 0)
    return _turns(value) >= LEAST_TURNS and _entropy(value) >= least


def _is_named(value: str) -> bool:
    """Words joined by dashes, dots or capitals, with at most a number at the end of each: a name, not chance."""
    parts = [part for part in _PART.split(value) if part]
    several = len(parts) > 1 or len(_WORDS_INSIDE.findall(value)) > 2
    return several and all(_WORDS.fullmatch(part) for part in parts) and _mean_word(value) >= 3


_WORDS_INSIDE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def _mean_word(value: str) -> float:
    words = _WORDS_INSIDE.findall(value)
    return sum(map(len, words)) / len(words) if words else 0.0


def _classes(value: str) -> int:
    return sum(1 for kind in _TOKEN_CLASSES if kind.search(value))


def _turns(value: str) -> float:
    kinds = ["d" if char.isdigit() else "u" if char.isupper() else "l" if char.islower() else "s" for char in value]
    return sum(1 for one, other in zip(kinds, kinds[1:], strict=False) if one != other) / len(value)


def _entropy(value: str) -> float:
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())
