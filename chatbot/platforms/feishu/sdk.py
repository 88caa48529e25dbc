"""Feishu's SDK, made quiet: it prints what requests had in them. Importing this costs 2 s and 165 MiB, once."""

from __future__ import annotations

import logging
from typing import Any, TypeAlias

import lark_oapi as lark
from lark_oapi.core.log import logger

Thing: TypeAlias = Any
"""A value of the SDK: what its parts are is found out when it runs."""

TIMEOUT_SECONDS = 10

logger.handlers.clear()
logger.propagate = False
logger.setLevel(logging.CRITICAL)


def new_client(app_id: str, secret: str, domain: str) -> Thing:
    """A client of the Open API. The SDK repeats nothing by itself."""
    builder = lark.Client.builder().app_id(app_id).app_secret(secret).domain(domain)
    return builder.timeout(TIMEOUT_SECONDS).log_level(lark.LogLevel.CRITICAL).build()
