"""Orders of events in statements, beside those that the message tells."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

GROUND = Ground(
    [
        commit(
            "Save the empty settings before clearing the keychain\n\nThe count is checked after locking.",
            changed("run.py", "clear()\nsave()\n", "save()\nclear()\n"),
        )
    ]
)


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "The keychain is cleared ahead of saving the empty settings.",
        "The empty settings are saved after the keychain is cleared.",
        "It clears the keychain first and saves the empty settings then.",
        "在加锁之前，先做检查 count。",
        "顺序改成了“先检查 count，再加锁”。",
    ],
)
def test_an_order_is_not_told_the_other_way_round(text: str) -> None:
    assert codes(text) == {"against_message"}


@pytest.mark.parametrize(
    "text",
    [
        "The empty settings are saved before the keychain is cleared.",
        "Saving the empty settings now comes first, then the keychain is cleared.",
        "The settings are saved first, where the keychain used to be cleared before saving.",
        "The keychain is not cleared before saving the empty settings.",
        "The first run after clearing takes longer.",
        "先加锁，再检查 count。",
    ],
)
def test_the_order_of_the_message_passes(text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize(
    ("message", "text", "passes"),
    [
        ("prefer local paths over keys", "优先使用本地路径。", True),
        ("prefer local paths over keys", "一律优先当作 key。", False),
        ("prefer local paths over keys", "Keys are now preferred.", False),
        ("Prefer the new mirror to the old cache", "It prefers the old cache.", False),
        ("Prefer the new mirror to the old cache", "It prefers the new mirror.", True),
    ],
)
def test_what_the_message_prefers_is_preferred(message: str, text: str, passes: bool) -> None:
    ground = Ground([commit(message, changed("run.py", "a()\n", "b()\n"))])
    assert (not faults_of(Statement(text=text), ground)) is passes
