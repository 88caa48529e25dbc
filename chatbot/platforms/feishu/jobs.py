"""What jobs need of Feishu, imported once in the process that all of theirs are forked from."""

from __future__ import annotations

from chatbot.platforms.feishu.rooms import open_rooms

__all__ = ["open_rooms"]
