"""Secrets of a fixed form: the form of each is told by the public documentation of its service."""

from __future__ import annotations

import base64
import binascii
import re

from workers.analysis.redaction.rule import Family, Rule, rule, unmasked
from workers.analysis.redaction.values import is_password, is_reference, is_token, is_url_password


def _token(found: re.Match[str], _path: str) -> bool:
    return is_token(found["secret"])


def _mixed(found: re.Match[str], path: str) -> bool:
    """For forms so plain that other things have them too: both letters and several digits."""
    value = found["secret"]
    return sum(char.isdigit() for char in value) > 1 and any(map(str.isalpha, value)) and unmasked(found, path)


def _chosen(found: re.Match[str], _path: str) -> bool:
    return is_url_password(found["secret"])


def _login(found: re.Match[str], _path: str) -> bool:
    return is_password(found["secret"])


def _header_is_json(found: re.Match[str], _path: str) -> bool:
    return _decoded(found["secret"].split(".", 1)[0]).lstrip().startswith(b'{"')


def _names_a_bot(found: re.Match[str], _path: str) -> bool:
    return _decoded(found["secret"].split(".", 1)[0]).isdigit()


def _is_login(found: re.Match[str], _path: str) -> bool:
    user, colon, password = _decoded(found["secret"]).partition(b":")
    try:
        return bool(user and colon) and is_password(password.decode())
    except UnicodeDecodeError:
        return False


def _holds_private_key(found: re.Match[str], _path: str) -> bool:
    return b"PRIVATE KEY" in _decoded(found["secret"][:88])


def _decoded(text: str) -> bytes:
    """The bytes of base64 text in either alphabet, padded or not; b"" where it is none."""
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _not_reference(found: re.Match[str], path: str) -> bool:
    return not is_reference(found["secret"]) and unmasked(found, path)


_RIGHT = r"(?![A-Za-z0-9])"

# Gates that rules share, each one pass over the text: an alternative of texts that begin with capitals, of which there
# are few in code, and what stands behind an underscore or a dash in tokens.
_CAPITALS = (
    r"A(?:3T|BIA|CCA|KIA|SIA|Iza|KLT|KID|KC|GE-SECRET|C[0-9a-f]{9}|ccountKey=)|G(?:R13489|OCSPX-)|LTAI|LS0tLS1CRUdJTi|NRAK-"
    r"|Q~|S(?:G\.|K[0-9a-f]{9}|haredAccess)|T3BlbkFJ"
)
_UNDERSCORE = r"_[A-Za-z0-9]{10}"
_DASH = (
    r"-(?:(?<=sk-)|(?<=key-)|(?<=xox\w-)|(?<=xapp-)|(?<=pypi-)|(?<=xai-)|(?<=api-)|(?<=pplx-)|(?<=pul-)|(?<=xkeysib-)"
    r"|us[0-9])"
)
_GITLAB = r"gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas|ffct)-"
_JWT = (
    r"(?<![A-Za-z0-9_=-])(?P<secret>eyJ[A-Za-z0-9_=-]{8,4000}\.[A-Za-z0-9_=-]{8,20000}"
    r"(?:\.[A-Za-z0-9_.=+/-]{1,4000})?)"
)

FIXED: tuple[Rule, ...] = (
    rule(Family.PRIVATE_KEY, r"AGE-SECRET-KEY-1[0-9A-Z]{50,64}", _CAPITALS),
    rule(Family.PRIVATE_KEY, r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,20000}={0,2}", _CAPITALS, _holds_private_key),
    rule(Family.AWS_KEY, r"(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16}" + _RIGHT, _CAPITALS, word=True),
    rule(
        Family.AWS_KEY,
        r"secret[_.-]?access[_.-]?key[\\\"'`\])]{0,4}\s{0,8}(?:=>|[:=,(])?\s{0,8}[\\\"'`]{0,2}(?P<secret>[a-z0-9/+]{40})(?![a-z0-9/+=])",
        "secret",
        folded=True,
    ),
    rule(
        Family.AWS_KEY,
        r"aws.{0,20}?(?:key|pwd|pw|pass|token).{0,20}?[\"'`](?P<secret>[a-z0-9/+]{40})[\"'`]",
        "aws",
        folded=True,
    ),
    rule(Family.GITHUB_TOKEN, r"gh[pousr]_[A-Za-z0-9]{36,255}", _UNDERSCORE),
    rule(Family.GITHUB_TOKEN, r"github_pat_[A-Za-z0-9]{10}[A-Za-z0-9_]{12,255}", _UNDERSCORE),
    rule(Family.GITLAB_TOKEN, _GITLAB + r"[A-Za-z0-9_.-]{20,300}", _GITLAB, _mixed, word=True),
    rule(Family.GITLAB_TOKEN, r"GR1348941[A-Za-z0-9_-]{20,50}", _CAPITALS),
    rule(Family.SLACK_TOKEN, r"xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,250}", _DASH, _mixed),
    rule(Family.SLACK_TOKEN, r"xapp-\d{1,2}-[A-Za-z0-9-]{20,250}", _DASH),
    rule(
        Family.WEBHOOK,
        r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9/_-]{20,200})",
        "hook",
    ),
    rule(Family.WEBHOOK, r"/open-apis/bot/(?:v\d/)?hook/(?P<secret>[A-Za-z0-9-]{16,64})", "hook"),
    rule(Family.WEBHOOK, r"/flow/api/trigger-webhook/(?P<secret>[A-Za-z0-9-]{16,64})", "hook"),
    rule(Family.WEBHOOK, r"oapi\.dingtalk\.com/robot/send\?access_token=(?P<secret>[A-Za-z0-9]{32,128})", "dingtalk"),
    rule(
        Family.WEBHOOK,
        r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/[\w-]{1,32}\?key=(?P<secret>[A-Za-z0-9-]{20,64})",
        "hook",
    ),
    rule(Family.WEBHOOK, r"discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{5,25}/(?P<secret>[\w-]{30,120})", "hook"),
    rule(Family.WEBHOOK, r"webhook\.office\.com/webhookb2/(?P<secret>[A-Za-z0-9@/-]{40,300})", "hook"),
    rule(Family.BOT_TOKEN, r"(?:bot)?(?P<secret>\d{8,10}:AA[0-9A-Za-z_-]{33})(?![0-9A-Za-z_-])", ":AA", word=True),
    rule(
        Family.BOT_TOKEN,
        r"[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,40}",
        r"\.[\w-]{6}\.[\w-]{27}",
        _names_a_bot,
        word=True,
    ),
    rule(Family.AI_KEY, r"sk-(?:ant|proj|svcacct|admin|None|or-v1|lf)-[A-Za-z0-9_-]{20,300}", _DASH, _mixed, word=True),
    rule(Family.AI_KEY, r"(?P<secret>sk-[A-Za-z0-9]{20,100})(?![A-Za-z0-9_-])", _DASH, _mixed, word=True),
    rule(Family.AI_KEY, r"sk-[A-Za-z0-9_-]{0,100}T3BlbkFJ[A-Za-z0-9_-]{20,200}", _CAPITALS, word=True),
    rule(Family.AI_KEY, r"(?:gsk_|hf_|r8_|fw_|tgp_v1_)[A-Za-z0-9]{30,200}", _UNDERSCORE, _token, word=True),
    rule(Family.AI_KEY, r"(?:xai|pplx|nvapi)-[A-Za-z0-9_-]{30,200}", _DASH, _token, word=True),
    rule(Family.GOOGLE_KEY, r"AIza[0-9A-Za-z_-]{35}", _CAPITALS, word=True),
    rule(Family.GOOGLE_KEY, r"GOCSPX-[A-Za-z0-9_-]{28}", _CAPITALS),
    rule(Family.GOOGLE_KEY, r"ya29\.[A-Za-z0-9_.-]{20,2000}", r"ya29\."),
    rule(Family.CLOUD_KEY, r"LTAI[A-Za-z0-9]{12,26}" + _RIGHT, _CAPITALS, _mixed, word=True),
    rule(Family.CLOUD_KEY, r"AK(?:ID|LT)[A-Za-z0-9]{28,50}" + _RIGHT, _CAPITALS, _mixed, word=True),
    rule(Family.CLOUD_KEY, r"AccountKey=(?P<secret>[A-Za-z0-9+/]{40,88}={0,2})", _CAPITALS),
    rule(Family.CLOUD_KEY, r"SharedAccess(?:Key|Signature)=(?P<secret>[A-Za-z0-9+/%]{40,200}={0,2})", _CAPITALS),
    rule(Family.CLOUD_KEY, r"[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])", _CAPITALS, word=True),
    rule(Family.CLOUD_KEY, r"do[opr]_v1_[a-f0-9]{64}" + _RIGHT, _UNDERSCORE, _mixed, word=True),
    rule(Family.CLOUD_KEY, r"pul-[a-f0-9]{40}" + _RIGHT, _DASH, _mixed, word=True),
    rule(Family.CLOUD_KEY, r"dapi[a-f0-9]{32}" + _RIGHT, "dapi[a-f0-9]{9}", _mixed, word=True),
    rule(Family.CLOUD_KEY, r"hv[sbr]\.[A-Za-z0-9_-]{24,200}", r"hv[sbr]\.", _mixed, word=True),
    rule(
        Family.CLOUD_KEY, r"(?<![A-Za-z0-9])(?P<secret>[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,80})", r"\.atlasv1\."
    ),
    rule(
        Family.CLOUD_KEY,
        r"(?:glsa|glc|sntrys|figd|lin_api|ntn)_[A-Za-z0-9]{10}[A-Za-z0-9_=+/-]{14,300}",
        _UNDERSCORE,
        _mixed,
        word=True,
    ),
    rule(Family.CLOUD_KEY, r"NRAK-[A-Z0-9]{24,40}", _CAPITALS, _mixed, word=True),
    rule(Family.PACKAGE_TOKEN, r"npm_[A-Za-z0-9]{36}" + _RIGHT, _UNDERSCORE, word=True),
    rule(
        Family.PACKAGE_TOKEN,
        r"_authToken\s{0,4}=\s{0,4}[\"']?(?P<secret>[A-Za-z0-9_.+/=-]{16,300})",
        "_authToken",
        _not_reference,
    ),
    rule(Family.PACKAGE_TOKEN, r"pypi-AgE[A-Za-z0-9_-]{50,500}", _DASH),
    rule(Family.PACKAGE_TOKEN, r"rubygems_[a-f0-9]{48}", _UNDERSCORE),
    rule(Family.PACKAGE_TOKEN, r"dckr_[po]at_[A-Za-z0-9_-]{27,64}", "dckr_"),
    rule(Family.PACKAGE_TOKEN, r"oy2[a-z0-9]{43}" + _RIGHT, "oy2", _mixed, word=True),
    rule(
        Family.PACKAGE_TOKEN,
        r"(?:AKC|cmVmdGtuO)[A-Za-z0-9]{40,80}" + _RIGHT,
        _CAPITALS + " cmVmdGtuO",
        _mixed,
        word=True,
    ),
    rule(Family.PAYMENT_KEY, r"[rs]k_(?:live|test|prod)_[0-9A-Za-z]{16,250}", _UNDERSCORE, word=True),
    rule(Family.PAYMENT_KEY, r"whsec_[A-Za-z0-9+/]{32,64}={0,2}", "whsec_", word=True),
    rule(Family.PAYMENT_KEY, r"sq0[a-z]{3}-[0-9A-Za-z_-]{22,43}", "sq0"),
    rule(Family.MESSAGING_KEY, r"SG\.[\w-]{16,32}\.[\w-]{16,64}", _CAPITALS, word=True),
    rule(Family.MESSAGING_KEY, r"[0-9a-z]{32}-us[0-9]{1,2}" + _RIGHT, _DASH, _mixed, word=True),
    rule(Family.MESSAGING_KEY, r"key-[0-9a-f]{32}" + _RIGHT, _DASH, _mixed, word=True),
    rule(Family.MESSAGING_KEY, r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}", _DASH),
    rule(Family.MESSAGING_KEY, r"(?:SK|AC)[0-9a-f]{32}" + _RIGHT, _CAPITALS, _mixed, word=True),
    rule(Family.JWT, _JWT, "eyJ", _header_is_json),
    rule(
        Family.AUTHORIZATION,
        r"bearer[ :=]{1,3}(?P<secret>[a-z0-9._~+/-]{16,2000}={0,2})",
        "bearer",
        _token,
        folded=True,
    ),
    rule(
        Family.AUTHORIZATION,
        r"basic[ :=]{1,3}(?P<secret>[a-z0-9+/_-]{8,400}={0,2})",
        r"basic[\x20:=]",
        _is_login,
        folded=True,
    ),
    rule(
        Family.AUTHORIZATION,
        r"curl\b.{0,200}?\s(?:-u|--user)[ =]{1,2}[\"']?[\w.@-]{1,64}:(?P<secret>[^\s\"']{4,128})",
        "curl ",
        _login,
    ),
    rule(Family.URL_PASSWORD, r"://[^\s:/@\"'`<>]{0,80}:(?P<secret>[^\s/\"'`<>]{1,128})@[\w.\[{$-]", "://", _chosen),
)
"""Every rule whose form says what it is, wherever it stands. The first that sees a secret names its family."""
