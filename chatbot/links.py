"""Signed links to reports: each opens one digest, for as long as digests are kept; nobody can guess or alter one.

A link is a Fernet token (AES-CBC and HMAC-SHA256, both under SECRET_KEY) of the digest's id and language, with the time
at which it was made: whoever has a link learns nothing from it but the report that it opens.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

from workers.model import Language
from workers.settings import Settings
from workers.words import LANGUAGES

REPORTS_PATH = "/reports"
TOKEN_MOST = 1_000
"""Characters of a token: ours have some 140."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link opens: a digest in its language; `is_expired`: no longer."""

    digest_id: str
    language: Language
    is_expired: bool


class Links:
    """Makes links and opens them. `life`: how long a link opens its digest."""

    def __init__(self, public_url: str, secret_key: str, life: timedelta) -> None:
        derived = hashlib.sha256(b"report links:" + secret_key.encode()).digest()
        self._cipher = Fernet(base64.urlsafe_b64encode(derived))
        self._base = public_url.rstrip("/") + REPORTS_PATH
        self._life = life

    def link(self, digest_id: str, language: Language, now: datetime) -> str:
        """The address of a digest's report, from `now` (aware) on."""
        token = self._cipher.encrypt_at_time(f"{language}:{digest_id}".encode(), int(now.timestamp()))
        return f"{self._base}/{token.decode().rstrip('=')}"

    def open(self, token: str, now: datetime) -> Opened | None:
        """What the last part of a link opens; None for one that we did not make, or that was changed."""
        if len(token) > TOKEN_MOST or not token.isascii():
            return None
        padded = token + "=" * (-len(token) % 4)
        try:
            made_at = datetime.fromtimestamp(self._cipher.extract_timestamp(padded), UTC)
            language, _, digest_id = self._cipher.decrypt(padded).decode().partition(":")
        except InvalidToken:
            return None
        if language not in LANGUAGES:
            return None
        return Opened(digest_id, language, is_expired=now >= made_at + self._life)


def links_of(settings: Settings) -> Links | None:
    """The links of this installation; None where it has no public address, or nothing to sign them with."""
    if settings.public_url is None or settings.secret_key is None:
        return None
    return Links(settings.public_url, settings.secret_key.get_secret_value(), settings.digest_life)
