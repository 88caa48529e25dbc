"""Days that are hard on a chat: texts that would mention, link and break out, and more commits than a message holds."""

from __future__ import annotations

from datetime import timedelta

from tests.samples import DAY, digest, entry, month, repository, said
from workers.model import Digest, Entry, Judgement, Kind, Language, Tier
from workers.store.history import Day

LONG = 40_000
TEXTS = (
    "<!channel> <!here> <@U123> <#C1|general> <https://evil.test|click> &lt;!everyone&gt;",
    "`code` ``` *bold* _it_ ~gone~ | a | b | :bomb: @everyone @channel https://evil.test",
    "🚀🔥💥👩‍👩‍👧‍👦",
    "مرحبا بالعالم \u202egnp.exe\u202c \x1b[31mred\x00",
    '修复：<at id=all></at> 与 <at user_id="all">所有人</at> 的转义。',
    "<!channel>" * 500,
)
_COUNTS = ((1, 4, 9), (0, 2, 5), (3, 6, 12), (0, 0, 1))
HISTORY = tuple(
    Day(day=DAY.date() - timedelta(days=13 - n), **dict(zip(Tier, _COUNTS[n % 4], strict=True))) for n in range(14)
)


def hostile(language: Language = "en") -> Digest:
    """A commit of each tier for each text, whose every word it is; the first has a message of 40,000 characters."""
    entries = [
        _hostile(text, tier, number)
        for number, (text, tier) in enumerate((text, tier) for text in TEXTS for tier in Tier)
    ]
    return digest(repository(entries, name="acme/<!channel>"), language=language)


def _hostile(text: str, tier: Tier, number: int) -> Entry:
    told = said(text, (f"src/{text[:60]}.py", 3, 5, text))
    analysis = Judgement(engine="model", complete=not number % 2, summary=(told,), risks=(told, told), conclusion=told)
    message = ("A sentence of it. " * LONG)[:LONG] if number == 0 else text
    given = {"tier": tier, "tier_reasons": (text,), "kinds": (Kind.SECURITY, Kind.FIX), "author": text[:80]}
    return entry(text, f"{number:02}:00", message=message, analysis=analysis, pull_request=number or None, **given)


def many(language: Language = "en") -> Digest:
    """A window of 300 commits."""
    return month(300, language)
