"""The rules by which one line is judged: secrets of a fixed form, told from public documentation of each service.

A rule matches inside one line. Every quantifier is bounded or starts behind a boundary, so that a hostile line costs
time in proportion to its length. `gates` are what a line must hold for the rule to match at all: each begins with plain
characters, so a whole patch is searched for them at memory speed.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from workers.analysis.redaction_values import is_masked, is_password, is_reference, is_token


class Family(StrEnum):
    """What a secret opens. The value stands in the placeholder and is the key of its name in the catalogues."""

    PRIVATE_KEY = "private-key"
    AWS_KEY = "aws-key"
    CLOUD_KEY = "cloud-key"  # Alibaba, Tencent, Volcengine, Azure, DigitalOcean, Vault and the like
    GOOGLE_KEY = "google-key"
    GITHUB_TOKEN = "github-token"
    GITLAB_TOKEN = "gitlab-token"
    SLACK_TOKEN = "slack-token"
    FEISHU_SECRET = "feishu-secret"
    WEBHOOK = "webhook"  # whoever has the address may post: Slack, Feishu, DingTalk, WeCom, Discord, Teams
    BOT_TOKEN = "bot-token"  # Telegram, Discord
    AI_KEY = "ai-key"  # OpenAI, Anthropic, DeepSeek and other model services
    PACKAGE_TOKEN = "package-token"  # npm, PyPI, RubyGems, Docker Hub, NuGet, Artifactory
    PAYMENT_KEY = "payment-key"  # Stripe, Square
    MESSAGING_KEY = "messaging-key"  # SendGrid, Mailchimp, Mailgun, Brevo, Twilio
    JWT = "jwt"
    AUTHORIZATION = "authorization"  # the value of an HTTP Authorization header
    URL_PASSWORD = "url-password"
    CONNECTION_STRING = "connection-string"
    PASSWORD = "password"
    TOKEN = "token"  # a value that is named a token, key or secret, of no known service


Judge = Callable[["re.Match[str]", str], bool]
"""Takes a match and the path of its file ("" for a text of no file); says whether the match is a secret."""


@dataclass(frozen=True, eq=False)
class Rule:
    """One form of secret. The group `secret` of the pattern is what is hidden. `folded`: gates are in lower case."""

    family: Family
    pattern: re.Pattern[str]
    gates: tuple[re.Pattern[str], ...]
    folded: bool
    judge: Judge

    def spans(self, line: str, path: str) -> Iterator[tuple[int, int]]:
        """Where in a line (without its diff mark) this rule sees secrets."""
        for found in self.pattern.finditer(line):
            if self.judge(found, path):
                yield found.span("secret")


def rule(family: Family, pattern: str, gates: str, judge: Judge | None = None, *, folded: bool = False) -> Rule:
    """A rule from its texts. `gates` are plain texts parted by blanks; a pattern is put in between where it needs one."""
    body = pattern if "(?P<secret>" in pattern else f"(?P<secret>{pattern})"
    flags = re.ASCII | re.IGNORECASE if folded else re.ASCII
    doors = tuple(re.compile(re.escape(gate)) for gate in gates.split())
    return Rule(family, re.compile(body, flags), doors, folded, judge or _unmasked)


def _unmasked(found: re.Match[str], _path: str) -> bool:
    return not is_masked(found["secret"])


def _token(found: re.Match[str], path: str) -> bool:
    return is_token(found["secret"], path)


def _mixed(found: re.Match[str], path: str) -> bool:
    """For forms so plain that other things have them too: both letters and several digits."""
    value = found["secret"]
    return sum(char.isdigit() for char in value) > 1 and any(map(str.isalpha, value)) and _unmasked(found, path)


def _chosen(found: re.Match[str], path: str) -> bool:
    return is_password(found["secret"], path)


def _header_is_json(found: re.Match[str], _path: str) -> bool:
    return _decoded(found["secret"].split(".", 1)[0]).lstrip().startswith(b'{"')


def _names_a_bot(found: re.Match[str], _path: str) -> bool:
    return _decoded(found["secret"].split(".", 1)[0]).isdigit()


def _is_login(found: re.Match[str], path: str) -> bool:
    user, colon, password = _decoded(found["secret"]).partition(b":")
    try:
        return bool(user and colon) and is_password(password.decode(), path)
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
    return not is_reference(found["secret"]) and _unmasked(found, path)


_LEFT = r"(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt])|(?<=%[0-9A-F]{2}))"  # a new word, an escape before it included
_RIGHT = r"(?![A-Za-z0-9])"

FIXED: tuple[Rule, ...] = (
    rule(Family.PRIVATE_KEY, r"AGE-SECRET-KEY-1[0-9A-Z]{50,64}", "AGE-SECRET-KEY-1"),
    rule(Family.PRIVATE_KEY, r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{60,20000}={0,2}", "LS0tLS1CRUdJTi", _holds_private_key),
    rule(Family.AWS_KEY, _LEFT + r"(?P<secret>(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[0-9A-Z]{16})" + _RIGHT, "A3T ABIA ACCA AKIA ASIA"),
    rule(
        Family.AWS_KEY,
        r"secret[_.-]?access[_.-]?key[\\\"'`\])]{0,4}\s{0,8}(?:=>|[:=,(])?\s{0,8}[\\\"'`]{0,2}(?P<secret>[a-z0-9/+]{40})(?![a-z0-9/+=])",
        "access_key accesskey access-key access.key",
        folded=True,
    ),
    rule(
        Family.AWS_KEY,
        r"aws.{0,20}?(?:key|pwd|pw|pass|token).{0,20}?[\"'`](?P<secret>[a-z0-9/+]{40})[\"'`]",
        "aws",
        folded=True,
    ),
    rule(Family.GITHUB_TOKEN, r"gh[pousr]_[A-Za-z0-9_]{36,255}", "ghp_ gho_ ghu_ ghs_ ghr_"),
    rule(Family.GITHUB_TOKEN, r"github_pat_[A-Za-z0-9_]{22,255}", "github_pat_"),
    rule(Family.GITLAB_TOKEN, _LEFT + r"(?P<secret>gl(?:pat|dt|ft|soat|rt|cbt|imt|ptt|agent|oas|ffct)-[A-Za-z0-9_.-]{20,300})", "gl", _mixed),
    rule(Family.GITLAB_TOKEN, r"GR1348941[A-Za-z0-9_-]{20,50}", "GR1348941"),
    rule(Family.SLACK_TOKEN, r"xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,250}", "xox", _mixed),
    rule(Family.SLACK_TOKEN, r"xapp-\d{1,2}-[A-Za-z0-9-]{20,250}", "xapp-"),
    rule(Family.WEBHOOK, r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9/_-]{20,200})", "hooks.slack"),
    rule(Family.WEBHOOK, r"/open-apis/bot/(?:v\d/)?hook/(?P<secret>[A-Za-z0-9-]{16,64})", "/open-apis/bot/"),
    rule(Family.WEBHOOK, r"/flow/api/trigger-webhook/(?P<secret>[A-Za-z0-9-]{16,64})", "/trigger-webhook/"),
    rule(Family.WEBHOOK, r"oapi\.dingtalk\.com/robot/send\?access_token=(?P<secret>[A-Za-z0-9]{32,128})", "oapi.dingtalk.com/robot"),
    rule(Family.WEBHOOK, r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/[\w-]{1,32}\?key=(?P<secret>[A-Za-z0-9-]{20,64})", "qyapi.weixin.qq.com"),
    rule(Family.WEBHOOK, r"discord(?:app)?\.com/api/(?:v\d{1,2}/)?webhooks/\d{5,25}/(?P<secret>[\w-]{30,120})", "/webhooks/"),
    rule(Family.WEBHOOK, r"webhook\.office\.com/webhookb2/(?P<secret>[A-Za-z0-9@/-]{40,300})", "webhook.office.com"),
    rule(Family.BOT_TOKEN, _LEFT + r"(?:bot)?(?P<secret>\d{8,10}:AA[0-9A-Za-z_-]{33})(?![0-9A-Za-z_-])", ":AA"),
    rule(Family.BOT_TOKEN, _LEFT + r"(?P<secret>[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,40})", "", _names_a_bot),
    rule(Family.AI_KEY, _LEFT + r"(?P<secret>sk-(?:ant|proj|svcacct|admin|None|or-v1|lf)-[A-Za-z0-9_-]{20,300})", "sk-", _mixed),
    rule(Family.AI_KEY, _LEFT + r"(?P<secret>sk-[A-Za-z0-9]{20,100})(?![A-Za-z0-9_-])", "sk-", _mixed),
    rule(Family.AI_KEY, _LEFT + r"(?P<secret>sk-[A-Za-z0-9_-]{0,100}T3BlbkFJ[A-Za-z0-9_-]{20,200})", "T3BlbkFJ"),
    rule(Family.AI_KEY, _LEFT + r"(?P<secret>(?:gsk_|xai-|hf_|r8_|pplx-|nvapi-|fw_|tgp_v1_)[A-Za-z0-9_-]{30,200})", "gsk_ xai- hf_ r8_ pplx- nvapi- fw_ tgp_v1_", _token),
    rule(Family.GOOGLE_KEY, r"AIza[0-9A-Za-z_-]{35}", "AIza"),
    rule(Family.GOOGLE_KEY, r"GOCSPX-[A-Za-z0-9_-]{28}", "GOCSPX-"),
    rule(Family.GOOGLE_KEY, r"ya29\.[A-Za-z0-9_.-]{20,2000}", "ya29."),
    rule(Family.CLOUD_KEY, _LEFT + r"(?P<secret>LTAI[A-Za-z0-9]{12,26})" + _RIGHT, "LTAI", _mixed),
    rule(Family.CLOUD_KEY, _LEFT + r"(?P<secret>AK(?:ID|LT)[A-Za-z0-9]{28,50})" + _RIGHT, "AKID AKLT", _mixed),
    rule(Family.CLOUD_KEY, r"AccountKey=(?P<secret>[A-Za-z0-9+/]{40,88}={0,2})", "AccountKey="),
    rule(Family.CLOUD_KEY, r"SharedAccess(?:Key|Signature)=(?P<secret>[A-Za-z0-9+/%]{40,200}={0,2})", "SharedAccess"),
    rule(Family.CLOUD_KEY, r"(?<![\w~.-])(?P<secret>[\w~.-]{3}\dQ~[\w~.-]{31,34})(?![\w~.-])", "Q~"),
    rule(Family.CLOUD_KEY, _LEFT + r"(?P<secret>(?:do[opr]_v1_|dapi|pul-)[a-f0-9]{32,64})" + _RIGHT, "_v1_ dapi pul-", _mixed),
    rule(Family.CLOUD_KEY, _LEFT + r"(?P<secret>hv[sbr]\.[A-Za-z0-9_-]{24,200})", "hvs. hvb. hvr.", _mixed),
    rule(Family.CLOUD_KEY, r"(?<![A-Za-z0-9])(?P<secret>[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,80})", ".atlasv1."),
    rule(Family.CLOUD_KEY, _LEFT + r"(?P<secret>(?:glsa_|glc_|NRAK-|sntrys_|figd_|lin_api_|ntn_)[A-Za-z0-9_=+/-]{24,300})", "glsa_ glc_ NRAK- sntrys_ figd_ lin_api_ ntn_", _mixed),
    rule(Family.PACKAGE_TOKEN, _LEFT + r"(?P<secret>npm_[A-Za-z0-9]{36})" + _RIGHT, "npm_"),
    rule(Family.PACKAGE_TOKEN, r"_authToken\s{0,4}=\s{0,4}[\"']?(?P<secret>[A-Za-z0-9_.+/=-]{16,300})", "_authToken", _not_reference),
    rule(Family.PACKAGE_TOKEN, r"pypi-AgE[A-Za-z0-9_-]{50,500}", "pypi-AgE"),
    rule(Family.PACKAGE_TOKEN, r"rubygems_[a-f0-9]{48}", "rubygems_"),
    rule(Family.PACKAGE_TOKEN, r"dckr_[po]at_[A-Za-z0-9_-]{27,64}", "dckr_"),
    rule(Family.PACKAGE_TOKEN, _LEFT + r"(?P<secret>oy2[a-z0-9]{43})" + _RIGHT, "oy2", _mixed),
    rule(Family.PACKAGE_TOKEN, _LEFT + r"(?P<secret>(?:AKCp?|cmVmdGtuO)[A-Za-z0-9]{40,80})" + _RIGHT, "AKC cmVmdGtuO", _mixed),
    rule(Family.PAYMENT_KEY, _LEFT + r"(?P<secret>[rs]k_(?:live|test|prod)_[0-9A-Za-z]{16,250})", "k_live_ k_test_ k_prod_"),
    rule(Family.PAYMENT_KEY, _LEFT + r"(?P<secret>whsec_[A-Za-z0-9+/]{32,64}={0,2})", "whsec_"),
    rule(Family.PAYMENT_KEY, r"sq0[a-z]{3}-[0-9A-Za-z_-]{22,43}", "sq0"),
    rule(Family.MESSAGING_KEY, _LEFT + r"(?P<secret>SG\.[\w-]{16,32}\.[\w-]{16,64})", "SG."),
    rule(Family.MESSAGING_KEY, _LEFT + r"(?P<secret>[0-9a-z]{32}-us[0-9]{1,2})" + _RIGHT, "-us", _mixed),
    rule(Family.MESSAGING_KEY, _LEFT + r"(?P<secret>key-[0-9a-f]{32})" + _RIGHT, "key-", _mixed),
    rule(Family.MESSAGING_KEY, r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}", "xkeysib-"),
    rule(Family.MESSAGING_KEY, _LEFT + r"(?P<secret>(?:SK|AC)[0-9a-f]{32})" + _RIGHT, "SK AC", _mixed),
    rule(Family.JWT, _LEFT + r"(?P<secret>eyJ[A-Za-z0-9_=-]{8,4000}\.[A-Za-z0-9_=-]{8,20000}(?:\.[A-Za-z0-9_.=+/-]{1,4000})?)", "eyJ", _header_is_json),
    rule(Family.AUTHORIZATION, r"bearer[ :=]{1,3}(?P<secret>[a-z0-9._~+/-]{16,2000}={0,2})", "bearer", _token, folded=True),
    rule(Family.AUTHORIZATION, r"basic[ :=]{1,3}(?P<secret>[a-z0-9+/_-]{8,400}={0,2})", "basic", _is_login, folded=True),
    rule(Family.URL_PASSWORD, r"://[^\s:/@\"'`<>]{0,80}:(?P<secret>[^\s/\"'`<>]{1,128})@[\w.\[{$-]", "://", _chosen),
)  # fmt: skip
"""Every rule whose form says what it is, wherever it stands. The first that sees a secret names its family."""
