"""Callbacks that Feishu sends over HTTP: whether they are Feishu's, fresh and new, and what they say.

The checks are our own: the SDK takes timestamps of any age and the same callback twice, and answers what it does not
know with 500. Nothing here writes a log, and no refusal carries a part of the request.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

BODY_MOST = 1_048_576
"""Bytes of a request's body. A message of 150 KB, escaped, encrypted and in base64, stays below."""
AGE_MOST = timedelta(minutes=10)
"""How far a timestamp may be from now, either way. Feishu's second retry comes after 5 minutes."""
VECTOR = 16
"""Bytes of the initial vector in front of what is encrypted, and of a block of AES."""

Reason = Literal["no_key", "too_large", "unsigned", "forged", "stale", "replayed", "malformed", "wrong_token"]
First: TypeAlias = Callable[[str, timedelta], bool]
"""Whether a name is seen for the first time within a life, remembering it; may raise TransientError."""


class CallbackError(Exception):
    """Raise for a request that is answered with 401 whatever is wrong with it; `reason` is for the log alone."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Keys:
    """What an app's console calls Encrypt Key and Verification Token.

    Without an `encrypt_key` Feishu signs nothing, and everything is refused; an empty `token` is not compared.
    """

    encrypt_key: str = field(repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Challenge:
    """The question that Feishu asks when the address is entered in its console; `{"challenge": text}` answers it."""

    text: str


@dataclass(frozen=True)
class Event:
    """Something that happened. `kind` as Feishu names it, known to us or not; `body` is untrusted."""

    id: str
    kind: str
    tenant: str
    app: str
    body: Mapping[str, Any]


def read(body: bytes, headers: Mapping[str, str], keys: Keys, now: datetime, first: First) -> Challenge | Event:
    """What a request says, once it is certain that Feishu sent it, and lately, and for the first time.

    `headers`: names in lower case, or a mapping that does not mind. `now` is aware. `first` is asked last, and with a
    name that does not depend on us: strangers cannot fill its memory. CallbackError for any other request.
    """
    if not keys.encrypt_key:
        raise CallbackError("no_key")
    if len(body) > BODY_MOST:
        raise CallbackError("too_large")
    signature = headers.get("x-lark-signature", "")
    if signature:
        _check_signature(body, headers, signature, keys.encrypt_key)
        _check_age(headers, now)
    said = _said(body, keys)
    if said.get("type") == "url_verification":
        return Challenge(_text(said, "challenge"))
    if not signature:
        raise CallbackError("unsigned")
    event = event_of(said)
    if not first(f"feishu:callback:{signature}", 2 * AGE_MOST):
        raise CallbackError("replayed")
    return event


def event_of(said: object) -> Event:
    """An event from its envelope (schema 2.0), as it comes over HTTP and over the long connection.

    CallbackError("malformed") for anything else.
    """
    header, body = (said.get("header"), said.get("event")) if isinstance(said, dict) else (None, None)
    if not isinstance(header, dict) or not isinstance(body, dict):
        raise CallbackError("malformed")
    identity, kind, tenant, app = (_text(header, name) for name in ("event_id", "event_type", "tenant_key", "app_id"))
    return Event(identity, kind, tenant, app, body)


# --- the steps ----------------------------------------------------------------------------------------------------


def _check_signature(body: bytes, headers: Mapping[str, str], signature: str, key: str) -> None:
    signed = _bytes(headers.get("x-lark-request-timestamp", "") + headers.get("x-lark-request-nonce", "") + key) + body
    if not hmac.compare_digest(hashlib.sha256(signed).hexdigest().encode(), _bytes(signature)):
        raise CallbackError("forged")


def _check_age(headers: Mapping[str, str], now: datetime) -> None:
    stamp = headers.get("x-lark-request-timestamp", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12):
        raise CallbackError("malformed")
    if abs(now.timestamp() - int(stamp)) > AGE_MOST.total_seconds():
        raise CallbackError("stale")


def _said(body: bytes, keys: Keys) -> dict[str, Any]:
    """What is inside of the encrypted body, its token compared."""
    said = _object(_decrypt(_text(_object(body), "encrypt"), keys.encrypt_key))
    header = said.get("header")
    token = (header if isinstance(header, dict) else said).get("token")
    if keys.token and not hmac.compare_digest(_bytes(str(token)), _bytes(keys.token)):
        raise CallbackError("wrong_token")
    return said


def _decrypt(text: str, key: str) -> bytes:
    """AES-256-CBC under the SHA-256 of the key, the initial vector in front."""
    try:
        data = base64.b64decode(text, validate=True)
        decryptor = Cipher(
            algorithms.AES256(hashlib.sha256(_bytes(key)).digest()), modes.CBC(data[:VECTOR])
        ).decryptor()
        unpadder = PKCS7(VECTOR * 8).unpadder()
        padded = decryptor.update(data[VECTOR:]) + decryptor.finalize()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise CallbackError("malformed") from None


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise CallbackError("malformed")
    return value


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str):
        raise CallbackError("malformed")
    return value


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")
