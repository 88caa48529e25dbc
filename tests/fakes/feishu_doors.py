"""How the fake Feishu reaches our bot over HTTP: signed, and encrypted where the app has a key for it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from tests.fakes.slack_doors import Answer

Json = dict[str, Any]


class HttpDoor:
    """Sends to the bot's address as Feishu does. `encrypt_key`: "" sends in plain text and signs nothing."""

    def __init__(self, url: str, encrypt_key: str, token: str) -> None:
        self._url = url
        self._key = encrypt_key
        self._token = token

    def send(self, payload: Json, **forged: str) -> Answer:
        """`forged` replaces what is right: `signature`, `timestamp`, `nonce`, or the `key` that is used for it all."""
        key = forged.get("key", self._key)
        body = self.sealed(payload, key)
        return self.send_raw(body, self.signed(body, **forged))

    def challenge(self, token: str = "") -> Answer:
        """What Feishu asks once when the address is entered in its console; it is not signed."""
        body = {"challenge": "ajls384kdjx98XX", "token": token or self._token, "type": "url_verification"}
        return self.send_raw(self.sealed(body, self._key), {"Content-Type": "application/json"})

    def sealed(self, payload: Json, key: str) -> bytes:
        """The body that goes over the wire."""
        return json.dumps({"encrypt": encrypt(key, json.dumps(payload))} if key else payload).encode()

    def signed(self, body: bytes, signature: str = "", timestamp: str = "", nonce: str = "", key: str = "") -> Json:
        """The headers that a body is signed with."""
        stamp, nonce, key = timestamp or str(int(time.time())), nonce or secrets.token_hex(8), key or self._key
        headers = {"Content-Type": "application/json; charset=utf-8", "X-Request-Id": secrets.token_hex(8)}
        if not key:
            return headers
        right = hashlib.sha256((stamp + nonce + key).encode() + body).hexdigest()
        signed = {"X-Lark-Request-Timestamp": stamp, "X-Lark-Request-Nonce": nonce}
        return {**headers, **signed, "X-Lark-Signature": signature or right}

    def send_raw(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Any body with any headers."""
        request = urllib.request.Request(self._url, body, dict(headers), method="POST")  # noqa: S310 - our own
        begun = time.monotonic()
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return Answer(answer.status, answer.read().decode(), time.monotonic() - begun)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(), time.monotonic() - begun)


def encrypt(key: str, text: str) -> str:
    """AES-256-CBC under the SHA-256 of the key, the initial vector in front, as base64."""
    vector, padder = secrets.token_bytes(16), PKCS7(128).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES256(hashlib.sha256(key.encode()).digest()), modes.CBC(vector)).encryptor()
    return base64.b64encode(vector + encryptor.update(padded) + encryptor.finalize()).decode()
