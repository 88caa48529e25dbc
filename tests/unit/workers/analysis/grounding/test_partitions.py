"""Numbers that are parts of another one, and numbers without a noun."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.figures.partitions import parts_of
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.analysis.grounding.prose.numerals import figures_in
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


def parts(text: str, *wholes: int) -> list[str]:
    figures = sorted(figures_in(text), key=lambda figure: figure.start)
    found = parts_of(wholes, figures)
    return [figure.text for figure in figures if figure.start in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("seven hooks: two mutating and five validating", ["two", "five"]),
        ("七个钩子，其中两个会改写、五个只校验", ["两", "五"]),
        ("three of one kind, four of another", ["three", "four"]),
    ],
)
def test_numbers_that_add_up_to_a_whole_are_its_parts(text: str, found: list[str]) -> None:
    assert parts(text, 7) == found


def test_numbers_that_come_to_another_sum_are_no_parts() -> None:
    assert parts("two mutating and six validating", 7) == []


def test_what_is_larger_than_any_whole_of_which_parts_are_told_has_none() -> None:
    assert parts("100 of one kind, 200 of another", 300) == []
