"""An answer is read while it is said: each statement once, when it is whole, however the reply is cut into pieces."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workers.analysis.llm.values import ReplyFault
from workers.analysis.replies.answers import SAID_MOST, AnswerReader

ONE = {
    "text": 'One "quoted" } ] thing.',
    "commits": ["a" * 40],
    "evidence": [{"path": "a.py", "side": "new", "quote": "x = {1: [2]}"}],
    "proposed": False,
}
TWO = {"text": "第二句。", "commits": ["ABCDEF1234", "short"], "evidence": [], "proposed": True}


def fed(text: str, size: int) -> list[list[str]]:
    """What each piece made whole."""
    reader = AnswerReader()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    return [[one.statement.text for one in reader.feed(piece)] for piece in pieces]


def reply(*statements: Any) -> str:
    return json.dumps({"answer": statements}, ensure_ascii=False)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 10_000])
@pytest.mark.parametrize("around", ["{}", "```json\n{}\n```", '<think>{{"answer": [1]}}</think>{}', "Well: {} Done."])
def test_every_statement_is_given_once_however_the_reply_is_cut(size: int, around: str) -> None:
    text = around.format(reply(ONE, TWO))
    assert [one for piece in fed(text, size) for one in piece] == [ONE["text"], TWO["text"]]


def test_no_statement_is_given_before_it_is_whole() -> None:
    text = reply(ONE, TWO)
    whole_at = text.index(', {"text": "第二')
    reader = AnswerReader()
    assert not reader.feed(text[: whole_at - 1])
    assert len(reader.feed(text[whole_at - 1 : whole_at])) == 1
    assert not reader.feed(text[whole_at:-3])


def test_what_was_given_is_not_given_at_the_end_again() -> None:
    reader = AnswerReader()
    reader.feed(reply(ONE, TWO)[:-2])
    assert reader.finish(cut=True) == ()
    reader = AnswerReader()
    reader.feed(reply(ONE, TWO))
    assert reader.finish(cut=False) == ()


def test_a_statement_that_was_cut_is_never_given() -> None:
    reader = AnswerReader()
    text = reply(ONE, TWO)
    reader.feed(text[: text.index("第二句") + 2])
    assert reader.finish(cut=True) == ()


def test_shas_are_kept_in_lower_case_and_short_ones_are_not_heard() -> None:
    (_, two) = AnswerReader().feed(reply(ONE, TWO))
    assert two.commits == ("abcdef1234",)
    assert two.statement.proposed


def test_only_so_many_statements_are_heard() -> None:
    reader = AnswerReader()
    assert len(reader.feed(reply(*({**TWO, "text": f"S{number}."} for number in range(50))))) == SAID_MOST


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("no", "not_json"),
        ('{"a": [}', "not_json"),
        ('{"b": 1}', "wrong_schema"),
        ('{"answer": 3}', "wrong_schema"),
    ],
)
def test_what_is_no_answer_is_named(text: str, code: str) -> None:
    reader = AnswerReader()
    assert reader.feed(text) == ()
    with pytest.raises(ReplyFault) as caught:
        reader.finish(cut=False)
    assert caught.value.code == code


def test_an_item_of_a_wrong_shape_takes_no_other_with_it() -> None:
    reader = AnswerReader()
    assert [one.statement.text for one in reader.feed(reply(ONE, 7, TWO))] == [ONE["text"], TWO["text"]]
    assert reader.finish(cut=False) == ()


def test_an_answer_of_nothing_but_wrong_items_is_named() -> None:
    reader = AnswerReader()
    assert reader.feed(reply(7, [])) == ()
    with pytest.raises(ReplyFault, match="wrong_schema"):
        reader.finish(cut=False)
