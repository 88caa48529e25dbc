"""What `--format slack` prints: the digest exactly as it would be sent."""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.render.blocks import slack_messages
from chatbot.render.blocks_text import Json
from chatbot.render.messages_json import messages_json
from chatbot.views.chat import chat_view
from workers.model import Digest
from workers.words import Words


def slack_digest(digest: Digest, words: Words) -> list[Json]:
    """The messages of a digest, the parent first and then those of its thread: `{"text", "blocks", "thread"}`."""
    return slack_messages(chat_view(digest, words))


def slack_json(digest: Digest, words: Words) -> Iterator[str]:
    """The same as JSON, bit by bit."""
    return messages_json(slack_digest(digest, words))
