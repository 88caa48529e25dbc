"""What we use of Feishu's SDK, made quiet: it prints what requests had in them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from lark_oapi.api.im.v1.version import V1
from lark_oapi.core.enum import AccessTokenType, HttpMethod, LogLevel
from lark_oapi.core.http import Transport
from lark_oapi.core.json import JSON
from lark_oapi.core.log import logger
from lark_oapi.core.model import BaseRequest, BaseResponse, Config, RequestOption
from lark_oapi.core.token import verify

Thing: TypeAlias = Any
"""A value of the SDK: what its parts are is found out when it runs."""

Method = Literal["GET", "POST", "PUT", "PATCH"]

TIMEOUT_SECONDS = 10
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

logger.handlers.clear()
logger.propagate = False
logger.setLevel(logging.CRITICAL)


class Client:
    """The SDK's client with the one API that we use, messages and groups (`im.v1`); its own brings all sixty."""

    def __init__(self, config: Thing) -> None:
        self._config = config
        self.im = SimpleNamespace(v1=V1(config))

    def request(self, request: Thing) -> Thing:
        """What Feishu answers to a request for which the SDK has no method. ValueError where that is no JSON."""
        option = RequestOption()
        verify(self._config, request, option)
        raw = Transport.execute(self._config, request, option)
        answer = JSON.unmarshal(raw.content.decode(), BaseResponse)
        answer.raw = raw
        return answer


def new_client(app_id: str, secret: str, domain: str) -> Client:
    """A client of the Open API, which repeats nothing by itself. ValueError for a domain that is no safe origin."""
    config = Config()
    config.app_id, config.app_secret, config.domain = app_id, secret, _origin(domain)
    config.timeout, config.log_level = TIMEOUT_SECONDS, LogLevel.CRITICAL
    return Client(config)


def new_request(method: Method, path: str, body: Mapping[str, object] | None = None) -> Thing:
    """A request in the name of the app for `Client.request`. `body` is JSON, None for none."""
    builder = BaseRequest.builder().http_method(HttpMethod[method]).uri(path).token_types({AccessTokenType.TENANT})
    return (builder if body is None else builder.body(body)).build()


def _origin(domain: str) -> str:
    """The secret goes there: over TLS, unless it stays on this machine, and to a host, not to a page of one."""
    parts = urlsplit(domain)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not is_safe or not parts.hostname or "@" in parts.netloc or parts.path or parts.query or parts.fragment:
        raise ValueError("https://host[:port] is wanted, or http:// on this machine")
    return domain
