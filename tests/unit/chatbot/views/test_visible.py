"""Characters that act are shown."""

import pytest

from chatbot.views.visible import one_line, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\x07\x7f", "a␇␡"),
        ("\x9b2J", "⟨U+009B⟩2J"),
        ("\u202egnp.exe", "⟨U+202E⟩gnp.exe"),
        ("a\u2028b", "a⟨U+2028⟩b"),
        ("\U000e0041", "⟨U+E0041⟩"),
        ("\ud800", "\ufffd"),
        ("over\rwritten", "over␍written"),
    ],
)
def test_a_character_that_acts_is_shown(text, shown):
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["", "plain", "中文，标点。", "tab\tand\nline", "👩\u200d💻 می\u200cخواهم é"])
def test_a_text_that_only_says_something_stays_as_it_is(text):
    assert visible(text) == text


def test_line_breaks_of_every_kind_become_one_space_in_one_line():
    assert one_line("a\r\n\n  b\rc\td") == "a b c d"
