"""The native command: Feishu offers `/digest` in its list, and what is chosen there comes as ordinary words."""

from __future__ import annotations

import json
from typing import Any

from chatbot.platforms.feishu.calls import Calls
from chatbot.platforms.feishu.rooms import new_calls
from chatbot.platforms.feishu.sdk import new_request
from workers.settings import Settings
from workers.words import load_words

COMMAND = "digest"
PATH = "/open-apis/application/v7/app_slash_commands"


def register_command(settings: Settings) -> None:
    """Has Feishu offer the command to everybody, or offer it in today's words where it does already.

    MessageRefusedError("missing_scope") without `application:app_slash_command:read` and `:write`; RefusedError,
    TransientError.
    """
    calls = new_calls(settings)
    texts = {"zh_cn": _about("zh"), "en_us": _about("en")}
    description = {"default_value": texts["zh_cn" if settings.chat_language == "zh" else "en_us"], "i18n": texts}
    known = _known(calls)
    if known is None:
        request = new_request("POST", PATH, {"command": COMMAND, "description": description})
    else:
        request = new_request("PATCH", f"{PATH}/{known}", {"description": description})
    calls.ask(calls.client.request, request)


def _known(calls: Calls) -> str | None:
    """Feishu's id of the command; None where it does not offer it yet. An app has at most 100, which is one page."""
    answer = calls.ask(calls.client.request, new_request("GET", f"{PATH}?page_size=100"))
    items: list[dict[str, Any]] = (json.loads(answer.raw.content).get("data") or {}).get("items") or []
    return next((str(one["command_id"]) for one in items if one.get("command") == COMMAND), None)


def _about(language: str) -> str:
    return load_words("chatbot.views", language)("chat.command")
