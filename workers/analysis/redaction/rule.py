"""What a rule is by which one line is judged, and the families of secrets that rules name.

A rule matches inside one line. Every quantifier is bounded or starts behind a boundary, so that a hostile line costs
time in proportion to its length. `gates` are what a line must hold for the rule to match at all: each begins with plain
characters, so a whole patch is searched for them at memory speed.
"""

# ruff: noqa: S105 - these are names of secrets

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from workers.analysis.redaction.values import is_masked


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


_BEFORE_WORD = re.compile(r"(?:[^A-Za-z0-9_-]|\\[nrt]|%[0-9A-F]{2})$")

Judge = Callable[["re.Match[str]", str], bool]
"""Takes a match and the path of its file ("" for a text of no file); says whether the match is a secret."""


@dataclass(frozen=True, eq=False)
class Rule:
    """One form of secret. The group `secret` of the pattern is what is hidden. `folded`: gates are in
    lower case. `word`: a secret that is the end of a longer word is none."""

    family: Family
    pattern: re.Pattern[str]
    gates: tuple[re.Pattern[str], ...]
    folded: bool
    judge: Judge
    word: bool = False

    def spans(self, line: str, path: str) -> Iterator[tuple[int, int]]:
        """Where in a line (without its diff mark) this rule sees secrets."""
        for found in self.pattern.finditer(line):
            if (not self.word or _begins_word(line, found.start())) and self.judge(found, path):
                yield found.span("secret")


def _begins_word(line: str, at: int) -> bool:
    """Whether a word may begin here: also right behind an escape, `\\n` or `%3D`."""
    return at == 0 or _BEFORE_WORD.search(line[max(0, at - 3) : at]) is not None


def rule(
    family: Family, pattern: str, gates: str, judge: Judge | None = None, *, folded: bool = False, word: bool = False
) -> Rule:
    """A rule from its texts: `gates` are patterns parted by blanks; without a group `secret` all of the pattern is."""
    body = pattern if "(?P<secret>" in pattern else f"(?P<secret>{pattern})"
    flags = re.ASCII | re.IGNORECASE if folded else re.ASCII
    doors = tuple(re.compile(gate, re.ASCII) for gate in gates.split())
    return Rule(family, re.compile(body, flags), doors, folded, judge or unmasked, word)


def unmasked(found: re.Match[str], _path: str) -> bool:
    """The judge of a form that needs no other: anything but a row of `x`, `0` or `*` where the secret would be."""
    return not is_masked(found["secret"])
