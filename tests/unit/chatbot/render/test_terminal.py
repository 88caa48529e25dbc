"""The terminal view: never wider than the terminal, never obeyed by it, and plain where it is none."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from chatbot.render.plain import plain_text
from chatbot.render.prose import prose
from chatbot.render.spark import axis, spark
from chatbot.render.terminal import terminal
from chatbot.views.brief import brief_view
from chatbot.views.digest import digest_view
from chatbot.views.view import Code, Meter, Point, Text, View
from tests import samples
from workers.words import LANGUAGES, load_words

MAKERS = [samples.busy, samples.empty, samples.hostile, samples.with_problems, samples.several]
OUR_ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;(?:id=[0-9]+)?;[!-~]*\x1b\\")


def brief(digest):
    return brief_view(digest, load_words("chatbot.views", digest.language))


def printed(view, width: int = 80, **options) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=options.pop("encoding", "utf-8"), newline="")
    console = Console(file=stream, width=width, **{"force_terminal": True, "color_system": "truecolor", **options})
    terminal(view, console)
    stream.flush()
    return stream.buffer.getvalue().decode(stream.encoding)


def unstyled(text: str) -> str:
    return OUR_ESCAPES.sub("", text)


@pytest.mark.parametrize("width", [20, 60, 80, 120, 200])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("form", [brief_view, digest_view])
def test_no_line_is_wider_than_the_terminal(form, make, language, width):
    view = form(make(language), load_words("chatbot.views", language))
    assert max(map(cell_len, unstyled(printed(view, width)).split("\n"))) <= width


@pytest.mark.parametrize("make", MAKERS)
def test_nothing_that_a_commit_says_reaches_the_terminal_as_a_command(make):
    for text in (unstyled(printed(brief(make()))), plain_text(brief(make()))):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_a_link_leads_only_to_the_pages_of_the_source():
    links = re.findall(r"\x1b\]8;[^;]*;([^\x1b]+)", printed(brief(samples.hostile())))
    assert links
    assert all(link.startswith("https://github.com/acme/engine/commit/") for link in links)


@pytest.mark.parametrize("width", [60, 100])
def test_no_subject_is_cut_in_a_narrow_terminal(width):
    digest = samples.digest(
        samples.repository([samples.entry(f"{n} " + "long " * 30 + "end", "10:00") for n in range(3)])
    )
    assert unstyled(printed(brief(digest), width)).count("end") == 3


def test_a_screen_without_colour_gets_none():
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", printed(brief(samples.busy()), no_color=True))


def test_what_is_no_terminal_gets_plain_lines():
    assert printed(brief(samples.busy()), force_terminal=False) == plain_text(brief(samples.busy()))


def test_a_terminal_that_cannot_show_bars_gets_plain_lines_in_its_encoding():
    words = load_words("chatbot.views", "en")
    view = View("en", "", "", (Meter("Commits", (Point("one", "1", 1), Point("two", "2", 0)), words("tier.high")),))
    assert printed(view, encoding="ascii") == "Commits ? High ? 1?1\n"


def test_a_dumb_terminal_gets_plain_lines(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert printed(brief(samples.busy())) == plain_text(brief(samples.busy()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
def test_the_plain_report_stays_as_it_was_looked_at(make, language, golden):
    golden(f"render/{make.__name__}.{language}.txt", plain_text(brief(make(language))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_on_a_screen_stays_as_it_was_looked_at(language, golden):
    golden(f"render/busy.{language}.screen.txt", unstyled(printed(brief(samples.busy(language)), 100)))


def lines(text: str, width: int) -> list[str]:
    return [line.plain for line in prose((Text(text),)).wrap(Console(width=width), width)]


def test_chinese_breaks_anywhere_but_before_a_mark_that_closes():
    assert lines("模块拆分为包，接口不变。", 12) == ["模块拆分为", "包，接口不", "变。"]


def test_an_opening_mark_does_not_end_a_line():
    assert lines("一二三（四）", 8) == ["一二三", "（四）"]


def test_english_breaks_between_words_and_a_word_that_is_too_wide_anywhere():
    assert lines("one two three", 8) == ["one two", "three"]
    assert lines("a" * 20, 8) == ["a" * 8, "a" * 8, "a" * 4]


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("ab 中文，。（）「」…— \u0301😀"), max_size=60), st.integers(2, 20))
def test_wrapping_loses_nothing_but_blanks_and_keeps_to_the_width(text, width):
    found = lines(text, width)
    assert "".join(found).replace(" ", "") == text.replace(" ", "")
    assert all(cell_len(line) <= width for line in found)


def test_rich_reads_no_markup_in_a_text():
    assert prose((Text("[red]x[/red]"), Code("[/]"))).plain == "[red]x[/red][/]"


@pytest.mark.parametrize(
    ("counts", "bars"), [([0, 1, 7], "▁▂█"), ([0, 0], "▁▁"), ([3, 3], "██"), ([1, 1_000], "▂█"), ([], "")]
)
def test_a_spark_shows_nothing_as_the_lowest_bar_only(counts, bars):
    assert spark(counts) == bars


def test_the_labels_of_an_axis_do_not_touch():
    hours = [f"{hour:02}" for hour in range(24)]
    assert axis(hours, 1) == "00    06    12    18"
    assert axis(hours, 2) == "00  02  04  06  08  10  12  14  16  18  20  22"
