"""The page: self-contained, closed by its policy, and with no markup but ours."""

import base64
import hashlib
import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.render.html import html
from chatbot.views.digest import digest_view
from chatbot.views.view import Code, Excerpt, Fold, Heading, Jump, Link, Paragraph, Strong, Table, Text, View
from chatbot.views.visible import one_line, visible
from tests import samples
from workers.words import LANGUAGES, load_words

MAKERS = [samples.busy, samples.empty, samples.hostile, samples.with_problems, samples.several]
TAGS = frozenset(
    re.findall(
        r"\S+",
        """
        html head meta title style body main section article h1 h2 h3 h4 h5 h6 p ul ol li dl div dt dd
        table thead tbody tr th td a code strong em span pre figure figcaption blockquote details summary
        nav svg rect line text
        """,
    )
)
VOID = {"meta"}


class Page(HTMLParser):
    """What a page has: its tags with their attributes, its ids, its text; fails where a tag is not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(digest) -> str:
    return html(digest_view(digest, load_words("chatbot.views", digest.language)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
def test_a_page_has_only_our_tags_and_no_attribute_that_acts(make, language):
    page = Page(page_of(make(language)))
    assert {tag for tag, _ in page.tags} <= TAGS
    names = {name for _, attributes in page.tags for name in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("style", "src", "srcdoc", "action")}


@pytest.mark.parametrize("make", MAKERS)
def test_every_link_inside_a_page_leads_to_one_place(make):
    page = Page(page_of(make()))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    inside = {link["href"][1:] for link in page.of("a") if link["href"].startswith("#")}
    assert inside <= set(ids)
    assert all(link["href"].startswith(("#", "https://github.com/acme/")) for link in page.of("a"))


def test_the_policy_of_a_page_allows_its_own_style_and_nothing_else():
    text = page_of(samples.busy())
    style = re.search(r"<style>(.*)</style>", text, re.DOTALL)[1]
    wanted = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(meta["content"] for meta in Page(text).of("meta") if "http-equiv" in meta)
    assert policy == f"default-src 'none'; style-src 'sha256-{wanted}'; base-uri 'none'; form-action 'none'"


def test_a_page_loads_nothing():
    text = page_of(samples.busy())
    assert not re.search(r"url\(|@import|<script|<img|<link|<iframe|src=", text)


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-Hans"), ("en", "en")])
def test_a_page_tells_its_language(language, tag):
    assert Page(page_of(samples.busy(language))).of("html") == [{"lang": tag}]


def test_a_tier_is_told_by_its_name_and_not_by_colour_alone():
    assert re.search(r'<span class="badge high">High</span>', page_of(samples.busy()))


hostile = st.text(st.one_of(st.sampled_from("<>&\"'/=; -!x\n\r\t\x1b\u202e"), st.characters()), max_size=40)


@settings(max_examples=60, deadline=None)
@given(hostile)
def test_a_page_shows_exactly_the_text_that_it_is_given(text):
    runs = (
        Text(text),
        Code(text),
        Strong(text),
        Link(text, text),
        Link(text, f"https://a.test/{text}"),
        Jump(text, "x"),
    )
    blocks = (Heading(1, runs, "x"), Paragraph(runs), Table((runs,), ((runs,),)), Fold(runs, (Excerpt(text),)))
    page = Page(html(View("en", text, text, blocks)))
    assert {tag for tag, _ in page.tags} <= TAGS
    shown = "".join("".join(page.text).split())
    line, lines = ("".join(form(text).split()) for form in (one_line, visible))
    assert shown == line * (1 + 5 * len(runs)) + lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS)
def test_the_whole_page_stays_as_it_was_looked_at(make, language, golden):
    text = re.sub(r"<style>.*?</style>", "<style></style>", page_of(make(language)), flags=re.DOTALL)
    golden(f"render/{make.__name__}.{language}.html", re.sub(r"sha256-[\w+/=]+", "sha256-", text))


def test_a_month_of_a_thousand_commits_is_quick():
    view = digest_view(samples.month(), load_words("chatbot.views", "en"))
    begun = time.process_time()
    text = html(view)
    assert time.process_time() - begun < 1.5
    assert text.count("<article") == 1_000
