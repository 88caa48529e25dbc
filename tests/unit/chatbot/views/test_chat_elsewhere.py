"""What a chat's view has and other places have not: every renderer says what it makes of it."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from chatbot.render.html import html
from chatbot.render.markdown import markdown
from chatbot.render.plain import plain_text
from chatbot.render.spark import bar_line, chart_lines
from chatbot.render.terminal import terminal
from chatbot.views.chat_chart import chart_of
from chatbot.views.view import Bar, Choice, Feedback, Foot, Menu, Paragraph, Text, View
from tests import samples_chat
from workers.words import load_words

CHART = chart_of(samples_chat.HISTORY, load_words("chatbot.views", "en"))
BLOCKS = (
    CHART,
    Bar("Fetching <b>", 3, 4),
    Menu("pick", "Pick one", (Choice("first", "v1"),)),
    Feedback("rate", "v", "Helpful", "Not helpful"),
    Foot((Paragraph((Text("the end"),)),), "more below"),
)


def on_screen(view: View) -> str:
    console = Console(file=io.StringIO(), width=100, force_terminal=True, color_system=None)
    terminal(view, console)
    return console.file.getvalue()


@pytest.mark.parametrize(
    "render", [plain_text, markdown, html, on_screen], ids=["plain", "markdown", "html", "terminal"]
)
def test_charts_and_bars_are_told_in_text_and_what_cannot_be_pressed_is_left_out(render):
    text = re.sub(r"<!-- -->|\x1b\[[0-9;]*m", "", render(View("en", "", "", BLOCKS)))
    assert "Commits by importance, 14 days" in text
    assert "3/4" in text
    assert "the end" in text
    assert not re.search("Pick one|first|Helpful|more below", text)


def test_the_bars_of_all_tiers_have_one_scale():
    heading, *lines = chart_lines(CHART)
    assert heading == "Commits by importance, 14 days · 02-08 – 02-21 · most on 02-10: 21"
    assert lines[0] == "▂▁▃▁▂▁▃▁▂▁▃▁▂▁ High 13"
    assert lines[2] == "▇▄█▂▇▄█▂▇▄█▂▇▄ Low 95"


@pytest.mark.parametrize(
    ("bar", "line"),
    [
        (Bar("Listing", 0, None), "Listing"),
        (Bar("Judging", 0, 3), "Judging ░░░░ 0/3"),
        (Bar("Judging", 2, 3), "Judging ██░░ 2/3"),
        (Bar("Judging", 3, 3), "Judging ████ 3/3"),
        (Bar("Judging", 0, 0), "Judging ████ 0/0"),
    ],
)
def test_a_bar_is_full_only_when_all_is_done(bar, line):
    assert bar_line(bar, cells=4) == line
