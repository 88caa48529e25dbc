"""The manifest asks for the permissions that the bot uses, and for nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from chatbot.platforms.slack.installing import SCOPES

MANIFEST = Path(__file__).parents[5] / "deploy" / "slack" / "manifest.yaml"


def listed(name: str) -> list[str]:
    """The items of a list of the manifest."""
    text = MANIFEST.read_text("utf-8").partition(f" {name}:\n")[2]
    items = re.match(r"(?:\s+- \S+(?: +#.*)?\n)+", text)
    assert items
    return re.findall(r"- (\S+)", items[0])


def test_the_scopes_are_those_that_an_installation_asks_for() -> None:
    assert sorted(listed("bot")) == sorted(SCOPES)


def test_the_events_are_those_that_are_heard() -> None:
    wanted = {"app_home_opened", "app_mention", "app_uninstalled", "tokens_revoked"}
    assert set(listed("bot_events")) == wanted | {"message.channels", "message.groups", "message.im"}
