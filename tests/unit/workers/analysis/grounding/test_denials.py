"""What is told as done, of which the message or a comment says that it is not done."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

OLD = "config = subscribe(store)\n"
NEW = "# A failed replay must not count a run of the worker.\nconfig = context()\n"
MESSAGE = "Read the config from the context\n\nA store update no longer runs a selector for every handle."
GROUND = Ground([commit(MESSAGE, changed("handle.py", OLD, NEW))])


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "Each store update now runs one more selector for every handle.",
        "A failed replay counts a run of the worker, which takes one of those configured.",
    ],
)
def test_a_deed_that_the_commit_denies_is_not_done(text: str) -> None:
    assert "against_message" in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "A store update does not run a selector for every handle any more.",
        "Each store update used to run a selector for every handle.",
        "A worker runs the selector of its own choice.",
    ],
)
def test_what_is_denied_as_well_or_told_of_before_passes(text: str) -> None:
    assert codes(text) == set()
