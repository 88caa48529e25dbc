"""What the fake Slack refuses: each limit and each unknown block, key or leaf."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.slack_blocks import BlocksError, check_message, check_view

BUTTON = {"type": "button", "action_id": "go.1", "value": "7", "text": {"type": "plain_text", "text": "Go"}}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def rich(*leaves: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


def table(rows: int, columns: int, text: str = "x") -> dict[str, Any]:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def chart(points: int, title: str = "t") -> dict[str, Any]:
    labels = [str(number) for number in range(points)]
    series = [{"name": "n", "data": [{"label": label, "value": 1} for label in labels]}]
    axis = {"categories": labels}
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": "bar", "series": series, "axis_config": axis},
    }


def select(options: int, length: int = 5) -> dict[str, Any]:
    choices = [{"text": plain("o" * length), "value": "v"}] * options
    return {"type": "actions", "elements": [{"type": "static_select", "action_id": "a", "options": choices}]}


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([{"type": "divider"}] * 51, "more than 50"),
        ([{"type": "carousel_of_doom"}], "unsupported type"),
        ([{"type": "divider", "colour": "red"}], "no such key: colour"),
        ([{"type": "header", "text": plain("x" * 151)}], "less than 151"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "plain_text"),
        ([{"type": "section", "text": plain("x" * 3_001)}], "less than 3001"),
        ([{"type": "section", "text": plain("😀" * 1_501)}], "less than 3001"),
        ([{"type": "section", "text": plain(" ")}], "not empty"),
        ([{"type": "section"}], "text or fields"),
        ([{"type": "context", "elements": [plain("x")] * 11}], "no more than 10"),
        ([{"type": "actions", "elements": [{**BUTTON, "action_id": f"b{n}"} for n in range(26)]}], "no more than 25"),
        ([{"type": "actions", "elements": [BUTTON, BUTTON]}], "not unique"),
        ([{"type": "actions", "elements": [{**BUTTON, "action_id": "x" * 256}]}], "1 to 255"),
        ([{"type": "actions", "elements": [{**BUTTON, "text": plain("x" * 76)}]}], "less than 76"),
        ([{"type": "actions", "elements": [{**BUTTON, "url": "javascript:alert(1)"}]}], "invalid url"),
        ([select(101)], "no more than 100"),
        ([select(1, 76)], "less than 76"),
        ([table(101, 1)], "no more than 100"),
        ([table(1, 21)], "no more than 20"),
        ([table(1, 1, "")], "not empty"),
        ([table(1, 1), table(1, 1)], "more than one table"),
        ([{"type": "table", "rows": [[rich({"type": "text", "text": "a"})], []]}], "not empty"),
        ([chart(21)], "no more than 20"),
        ([chart(2, "t" * 51)], "less than 51"),
        ([chart(1)] * 3, "more than two charts"),
        ([rich({"type": "text", "text": ""})], "more than 0"),
        ([rich({"type": "link", "url": "nowhere"})], "invalid url"),
        ([rich({"type": "text", "text": "x", "style": {"blink": True}})], "no such key: blink"),
        ([{"type": "context_actions", "elements": [BUTTON]}], "feedback_buttons"),
    ],
)
def test_what_is_over_a_limit_or_unknown_is_refused(blocks: list[dict[str, Any]], fault: str) -> None:
    with pytest.raises(BlocksError) as raised:
        check_message(blocks)
    assert raised.value.code == "invalid_blocks"
    assert any(fault in one for one in raised.value.faults), raised.value.faults


def test_the_app_home_holds_more_blocks_and_has_keys_of_its_own() -> None:
    check_view({"type": "home", "blocks": [{"type": "divider"}] * 100})
    for view in (
        {"type": "home", "blocks": [{"type": "divider"}] * 101},
        {"type": "home", "colour": 1, "blocks": []},
        {},
    ):
        with pytest.raises(BlocksError):
            check_view(view)
