"""What buttons send back is read as what it is: something from outside."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.presses import CommitPress, FeedbackPress, NumberPress, PagePress, number_value, read_press
from chatbot.views.chat_values import SHA_DIGITS, commit_value, page_value
from workers.errors import WordsError

SHA = "0123456789abcdef0123456789abcdef01234567"
DIGEST = "3f2a9c0d1e4b5a67"
COMMIT = CommitPress(digest_id=DIGEST, repository=2, sha=SHA[:SHA_DIGITS])


def test_what_views_write_is_read():
    assert read_press("details", commit_value(DIGEST, 2, SHA)) == COMMIT
    assert read_press("menu", page_value(DIGEST, 3)) == PagePress(digest_id=DIGEST, page=3)
    assert read_press("feedback", "up:" + commit_value(DIGEST, 2, SHA)) == FeedbackPress(commit=COMMIT, helped=True)
    assert read_press("feedback", "down:" + commit_value(DIGEST, 2, SHA)) == FeedbackPress(commit=COMMIT, helped=False)
    assert read_press("pause", number_value(7, "slack:T1:C%2F")) == NumberPress(
        action="pause", number=7, channel="slack:T1:C%2F"
    )


def test_values_fit_what_the_narrowest_platform_carries():
    assert len("down:" + commit_value("x" * 50, 999_999, SHA)) <= 80
    assert len(commit_value(DIGEST, 999_999, SHA)) <= 75


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("details", ""),
        ("details", DIGEST),
        ("details", f"{DIGEST}:0:xyz"),
        ("details", f"{DIGEST}:-1:{SHA[:16]}"),
        ("details", f":0:{SHA[:16]}"),
        ("details", f"a:b:0:{SHA[:16]}"),
        ("details", f"../x:0:{SHA[:16]}"),
        ("details", f"{'x' * 51}:0:{SHA[:16]}"),
        ("details", f"{DIGEST}:٣:{SHA[:16]}"),
        ("menu", f"{DIGEST}:"),
        ("menu", f"{DIGEST}:-1"),
        ("menu", f"{DIGEST}:99999999999"),
        ("feedback", f"sideways:{DIGEST}:0:{SHA[:16]}"),
        ("feedback", f"{DIGEST}:0:{SHA[:16]}"),
        ("pause", "1"),
        ("pause", "0:slack:T1:C1"),
        ("pause", "1:slack:T1"),
        ("pause", "1:slack:T1:C1:x"),
        ("pause", "1:slack:T1:C 1"),
        ("pause", "1:slack:T1:" + "C" * 300),
        ("list", "1"),
        ("subscribe", "owner/repo"),
        ("", ""),
    ],
)
def test_what_no_view_wrote_is_refused(kind, value):
    with pytest.raises(WordsError, match="unknown_press"):
        read_press(kind, value)


@given(st.sampled_from(["details", "menu", "feedback", "pause", "x"]), st.text(max_size=300))
def test_no_value_raises_anything_else(kind, value):
    try:
        read_press(kind, value)
    except WordsError as error:
        assert error.code == "unknown_press"
