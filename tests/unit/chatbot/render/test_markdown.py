"""Markdown in which no text is anything but text."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chatbot.render.markdown import markdown
from chatbot.views.digest import digest_view
from chatbot.views.view import (
    Action,
    Actions,
    Badge,
    Bullet,
    Bullets,
    Code,
    Emphasis,
    Excerpt,
    Facts,
    Fold,
    Heading,
    Jump,
    Link,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
    View,
    plain,
)
from chatbot.views.visible import one_line, visible
from tests import samples
from workers.model import Tier
from workers.words import LANGUAGES, load_words

GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = re.compile(r"<!-- -->|</?(?:span|strong|em|code|sub|details|summary)>|<details open>|<a id=\"[a-z0-9-]+\">|</a>")
FOLD = re.compile(r"<details(?: open)?>\n<summary>(.*)</summary>\n|</details>\n?")
URL = "https://github.com/acme/engine/blob/abc/a%20b.py#L1"
MAKERS = [samples.busy, samples.empty, samples.hostile, samples.with_problems, samples.several]

hostile_text = st.text(
    st.one_of(
        st.sampled_from("|`*_[]()<>#!@&:~$\\-+.1 \n\r\t\"'=/x中，"),
        st.characters(),
    ),
    max_size=30,
)
hostile_word = st.sampled_from(
    [*samples.HOSTILE, "1. x", "- x", "> x", "# x #", "***", "```", "~~~", "| --- |", "&lt;", "_a_", "__a", "a__"]
)
anything = st.one_of(hostile_text, hostile_word)
a_run = st.one_of(
    st.builds(Text, anything),
    st.builds(Code, anything),
    st.builds(Strong, anything),
    st.builds(Emphasis, anything),
    st.builds(Link, anything, st.just(URL), st.booleans()),
    st.builds(Jump, anything, st.just("here"), st.booleans()),
    st.builds(Badge, st.sampled_from(Tier), anything),
)
some_runs = st.lists(a_run, max_size=4).map(tuple)


def view(*blocks) -> View:
    return View("en", "", "", blocks)


def words_of(text: str) -> str:
    """A text without its blanks: what stays the same however it is laid out."""
    return "".join(one_line(text).split())


def shown(runs) -> str:
    """The text that runs should show, blanks aside."""
    return words_of(plain(runs))


def text_of(token: Token) -> str:
    """The text that an inline token shows; fails where it has HTML that is not ours or an image."""
    found = ""
    for child in token.children or ():
        assert child.type not in ("image", "s_open", "hardbreak")
        if child.type == "html_inline":
            assert OURS.fullmatch(child.content), child.content
        elif child.type == "link_open":
            assert child.attrs["href"] in (URL, "#here")
        else:
            found += " " if child.type == "softbreak" else child.content
    return words_of("".join(mark for mark in found if mark not in "🔴🟡🟢")) if found else ""


def without_marks(text: str) -> str:
    return "".join(mark for mark in text if mark not in "🔴🟡🟢")


def inlines(tokens: list[Token]) -> list[str]:
    return [text_of(token) for token in tokens if token.type == "inline"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(some_runs, min_size=3, max_size=3).map(tuple), max_size=4).map(tuple))
def test_a_table_keeps_its_rows_its_cells_and_their_text(rows):
    head = ((Text("a"),), (Text("b"),), (Text("c"),))
    tokens = GFM.parse(markdown(view(Table(head, rows))))
    assert [token.type for token in tokens].count("tr_open") == len(rows) + 1
    assert [token.type for token in tokens].count("td_open") == 3 * len(rows)
    cells = [without_marks(shown(cell)) for row in (head, *rows) for cell in row]
    assert inlines(tokens) == cells


@settings(max_examples=60, deadline=None)
@given(some_runs, some_runs)
def test_blocks_begin_and_end_where_we_say_and_show_their_text(runs, more):
    blocks = (
        Heading(2, runs, "here"),
        Paragraph(runs),
        Paragraph(more, role="note"),
        Bullets((Bullet(runs, (more, runs)), Bullet(more))),
        Facts((("name", runs),)),
        Quote(more),
        Paragraph((Text("end"),)),
    )
    tokens = GFM.parse(markdown(view(*blocks)))
    opened = [token.type for token in tokens if token.level == 0 and token.nesting == 1]
    others = [kind for kind in opened if kind != "paragraph_open"]
    assert others == ["heading_open", "bullet_list_open", "bullet_list_open", "blockquote_open"]
    wanted = [runs, runs, more, runs, more, runs, more, (Text("name: "), *runs), more, (Text("end"),)]
    assert [text for text in inlines(tokens) if text] == [text for one in wanted if (text := without_marks(shown(one)))]


@settings(max_examples=60, deadline=None)
@given(anything, some_runs)
def test_an_excerpt_shows_exactly_its_lines_and_a_fold_holds_it(text, runs):
    tokens = GFM.parse(markdown(view(Fold(runs, (Excerpt(text),)))))
    assert [token.type for token in tokens] == ["html_block", "fence", "html_block"]
    assert tokens[1].content == visible(text) + "\n"
    summary = FOLD.fullmatch(tokens[0].content)[1]
    assert not re.sub(r"<!-- -->|</?code>", "", summary).count("<")


@pytest.mark.parametrize(
    "text",
    [
        "@octocat",
        "#12",
        "GH-12",
        "gh-12",
        "acme/engine#3",
        ":bomb:",
        ":+1:",
        ":100:",
        "https://evil.test",
        "www.evil.test",
        "mailto:a",
        "me@evil.test",
    ],
)
def test_what_github_would_make_a_link_or_a_picture_of_is_broken_up(text):
    for block in (Paragraph((Text(f"see {text} now"),)), Fold((Text(f"see {text} now"),), ())):
        written = markdown(view(block))
        assert text not in written
        assert text in re.sub("<!-- -->", "", written)


def test_a_time_is_not_taken_for_a_picture():
    assert markdown(view(Paragraph((Text("at 21:40:56"),)))) == "at 21:40:56\n"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.test", "file:///etc/passwd", ""])
def test_an_address_that_is_not_of_the_web_is_no_link(url):
    written = markdown(view(Paragraph((Link("text", url),)), Actions((Action("open", "Open", url),))))
    assert written == "text\n"


def test_an_address_cannot_end_its_link_early():
    written = markdown(view(Paragraph((Link("x", 'https://a.test/)<b> "|`\n&copy;'),))))
    assert written == "[x](https://a.test/%29%3Cb%3E%20%22%7C%60%0A&amp;copy;)\n"


def test_code_that_stands_beside_code_stays_apart():
    tokens = GFM.parse(markdown(view(Paragraph((Code("a"), Code("b"))))))
    assert [child.content for child in tokens[1].children if child.type == "code_inline"] == ["a", "b"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
def test_every_link_of_the_contents_leads_to_one_anchor(make, language):
    written = markdown(digest_view(make(language), load_words("chatbot.views", language)))
    anchors = re.findall(r'<a id="([^"]+)"></a>', written)
    assert len(set(anchors)) == len(anchors)
    assert set(re.findall(r"\]\(#([^)]+)\)", written)) <= set(anchors)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
def test_the_whole_report_stays_as_it_was_looked_at(make, language, golden):
    written = markdown(digest_view(make(language), load_words("chatbot.views", language)))
    golden(f"render/{make.__name__}.{language}.md", written)


def test_a_hostile_day_has_no_html_and_no_links_but_ours():
    tokens = GFM.parse(markdown(digest_view(samples.hostile(), load_words("chatbot.views", "en"))))
    for token in tokens:
        if token.type == "html_block":
            assert FOLD.fullmatch(token.content), token.content
        for child in token.children or ():
            assert child.type != "image"
            if child.type == "html_inline":
                assert OURS.fullmatch(child.content), child.content
            if child.type == "link_open":
                assert re.match(r"#[a-z0-9-]+$|https://github\.com/acme/engine/commit/", child.attrs["href"])


def test_no_text_of_a_commit_is_cut():
    digest = samples.hostile()
    written = markdown(digest_view(digest, load_words("chatbot.views", "en")))
    assert "x" * 300 in written
    assert "…" not in written


def test_a_month_of_a_thousand_commits_is_quick():
    view_ = digest_view(samples.month(), load_words("chatbot.views", "en"))
    begun = time.process_time()
    written = markdown(view_)
    assert time.process_time() - begun < 1.5
    assert written.count('<a id="commit-') == 1_000
