"""Numbers that are parts of another one, and numbers without a noun."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

NEW = "".join(f'hook("{name}", timeout=10)\n' for name in ("a", "b", "c", "d", "e", "f", "g"))
OLD = "hook_all()\nretry()\nwait()\nwait_again()\n"
GROUND = Ground([commit("Seven hooks get a timeout of their own", changed("hooks.py", OLD, NEW))])


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "The timeout feeds seven hooks: two mutating and five validating ones.",
        "Of the seven hooks only one had a timeout before; the other six had none.",
        "The edit is confined to one place: seven lines added and four removed.",
        "七个钩子都有超时，其中五个用于校验、两个用于变更。",
    ],
)
def test_parts_of_a_whole_that_holds_are_let_be(text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "The timeout feeds nine hooks: four mutating and five validating ones.",
        "The edit is confined to one place: seven lines added and five removed.",
        "七个钩子都有超时，其中五个用于校验、四个用于变更。",
    ],
)
def test_parts_that_do_not_add_up_are_refused(text: str) -> None:
    assert codes(text)
