"""A card of ours that can be pressed."""

from __future__ import annotations

from typing import Any

from chatbot.messaging import Channel
from chatbot.platforms.feishu.rooms import Rooms
from chatbot.views.chat_values import commit_value
from chatbot.views.view import Action, Actions, Choice, Feedback, Menu, Paragraph, Text, View

Json = dict[str, Any]
GROUP = Channel(platform="feishu", workspace="t1", id="oc_1")
VALUE = commit_value("d1", 0, "0123456789abcdef0123456789abcdef01234567")


def card(rooms: Rooms, under: object = None) -> Any:
    """A card of ours with a button, a menu and a pair of buttons."""
    blocks = (
        Paragraph((Text("digest"),)),
        Actions((Action("details", "Details", value=VALUE),)),
        Menu("details", "Commits", (Choice(VALUE, "a commit"),)),
        Feedback("feedback", VALUE, "Helpful", "Not helpful"),
    )
    (part,) = rooms.platform.render(View("en", "t", "t", blocks), "key", GROUP)
    return rooms.platform.send(GROUP, part, "key" if under is None else "key.1", under)
