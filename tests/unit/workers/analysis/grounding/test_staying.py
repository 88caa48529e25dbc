"""Names that are said to serve on as before."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.by_hand import changed, commit
from workers.analysis.grounding.grounding import Ground, faults_of
from workers.model import Statement

OLD = 'flags.Bool("device-code", false)\nflags.Int("batch-size", 8)\nwait(poll_seconds)\nkept()\n'
NEW = 'flags.Int("batch-size", 8)\nwait(push_seconds)\nkept()\n'
OTHER = "wait(poll_seconds)\n"
GROUND = Ground(
    [
        commit(
            "Wait for the push",
            changed("run.go", OLD, NEW),
            changed("other.go", OTHER, f"{OTHER}done()\n"),
        )
    ]
)


def codes(text: str) -> set[str]:
    return {fault.code for fault in faults_of(Statement(text=text), GROUND)}


@pytest.mark.parametrize(
    "text",
    [
        "The loop of `run.go` still uses `poll_seconds`.",
        "Only the call in `run.go` changes; the interval is still called `poll_seconds`.",
        "`run.go` 仍按 `poll_seconds` 等待。",
    ],
)
def test_a_name_that_went_from_a_file_does_not_serve_on_there(text: str) -> None:
    assert "unchanged_unproven" in codes(text)


@pytest.mark.parametrize(
    "text",
    ["`other.go` still uses `poll_seconds`.", "`run.go` 仍调用 `kept`。", "It still reads `poll_seconds` elsewhere."],
)
def test_a_name_that_stays_serves_on(text: str) -> None:
    assert codes(text) == set()


@pytest.mark.parametrize("text", ["It removes the `--device-code` flag.", "移除了 `--device-code` 参数。"])
def test_a_flag_goes_where_the_code_that_registers_it_does(text: str) -> None:
    assert codes(text) == set()


def test_a_flag_whose_registration_stays_is_not_removed() -> None:
    assert codes("It removes the `--batch-size` flag.") == {"not_removed"}


@pytest.mark.parametrize(
    "text",
    [
        "`poll_seconds` is still used in `run.go`.",
        "`run.go` 中 `poll_seconds` 仍然有效。",
        "`run.go` continues to wait for `poll_seconds`.",
    ],
)
def test_a_name_that_went_is_not_still_in_use(text: str) -> None:
    assert "unchanged_unproven" in codes(text)


@pytest.mark.parametrize(
    "text",
    ["Scripts that still read `poll_seconds` of `run.go` break.", "仍在使用 `poll_seconds` 的脚本需要调整 `run.go`。"],
)
def test_others_may_still_use_what_went(text: str) -> None:
    assert codes(text) == set()
