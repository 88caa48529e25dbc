"""The native command: Feishu offers `/digest` in its list, and what is chosen there comes as ordinary words."""

from __future__ import annotations

from chatbot.platforms.feishu.rooms import new_calls
from chatbot.platforms.feishu.sdk import new_request
from workers.settings import Settings
from workers.words import load_words

COMMAND = "digest"


def register_command(settings: Settings) -> None:
    """Has Feishu offer the command to everybody. MessageRefusedError, RefusedError, TransientError."""
    calls = new_calls(settings)
    about = load_words("chatbot.views", settings.chat_language)("chat.command")
    body = {"command": COMMAND, "description": {"default_value": about}}
    calls.ask(calls.client.request, new_request("POST", "/open-apis/application/v7/app_slash_commands", body))
