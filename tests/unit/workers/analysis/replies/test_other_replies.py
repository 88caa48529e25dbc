"""Notes, repairs and highlights."""

from __future__ import annotations

import pytest

from tests.unit.workers.analysis.replies.said_by_model import as_json, said
from workers.analysis.llm.values import ReplyFault
from workers.analysis.replies.highlights import HEARD_MOST, highlights_reader
from workers.analysis.replies.notes import notes_reader
from workers.analysis.replies.repairs import repairs_reader

SHAS = ("a1b2c3d" + "0" * 33, "a1b2c3e" + "0" * 33, "f00dbee" + "1" * 33)


def highlights(*found: object):
    return highlights_reader(SHAS)(as_json({"highlights": list(found)}), False)


def repairs(*found: object):
    return repairs_reader()(as_json({"repairs": list(found)}), False)


def test_notes_are_statements_bounded_in_number():
    found = notes_reader()(as_json({"notes": [said(f"Note {n}.") for n in range(50)]}), False)
    assert len(found) == 12
    assert found[0].evidence[0].path == "config/server.toml"


def test_notes_that_were_cut_are_kept_as_far_as_they_are_whole():
    text = as_json({"notes": [said("One."), said("Two.")]})
    found = notes_reader()(text[: text.index("Two.") + 20], True)
    assert [note.text for note in found] == ["One."]


@pytest.mark.parametrize("read", [notes_reader(), repairs_reader(), highlights_reader(SHAS)])
def test_a_reply_without_its_list_is_a_wrong_schema(read):
    with pytest.raises(ReplyFault) as caught:
        read('{"other": []}', False)
    assert caught.value.code == "wrong_schema"


def test_repairs_stand_under_their_numbers_and_an_empty_text_gives_one_up():
    found = repairs({"number": 1, **said("Better.")}, {"number": 2, **said("")}, {"number": 4, "text": None})
    assert found[1] is not None and found[1].text == "Better."
    assert (found[2], found[4]) == (None, None)
    assert 3 not in found


@pytest.mark.parametrize(
    ("number", "meant"), [("3", 3), (" 3 ", 3), (3, 3), (0, None), (-1, None), ("x", None), (True, None)]
)
def test_numbers_are_understood_as_text_and_others_are_dropped(number, meant):
    assert list(repairs({"number": number, **said("x")})) == ([meant] if meant else [])


def test_of_two_repairs_with_one_number_the_first_stands():
    found = repairs({"number": 1, **said("first")}, {"number": 1, **said("second")})
    assert found[1] is not None and found[1].text == "first"


def test_a_highlight_cites_commits_by_the_beginning_of_their_sha():
    (found,) = highlights({"text": "Both.", "commits": ["A1B2C3D", "f00dbee11", "a1b2c3d"]})
    assert found.commits == (SHAS[0], SHAS[2])


@pytest.mark.parametrize("commits", [[], ["a1b2c3"], ["1234567"], [7], None, ["a1b2c3dff"]])
def test_a_highlight_that_cites_no_commit_of_the_window_has_none(commits):
    (found,) = highlights({"text": "x", "commits": commits})
    assert found.commits == ()


def test_more_highlights_are_heard_than_shown_and_not_any_number():
    assert len(highlights(*({"text": f"{n}", "commits": [SHAS[0]]} for n in range(40)))) == HEARD_MOST > 5


def test_one_sha_alone_counts_as_a_list_of_it():
    (found,) = highlights({"text": "x", "commits": "f00dbee"})
    assert found.commits == (SHAS[2],)
