"""Feishu cards that Feishu accepts, that lose nothing, and in which no text acts."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings

from chatbot.render.cards import feishu_messages
from chatbot.render.cards_json import feishu_digest, feishu_json
from chatbot.views.chat import chat_view
from chatbot.views.chat_thread import details_view
from chatbot.views.view import (
    Action,
    Actions,
    Badge,
    Bullet,
    Bullets,
    Excerpt,
    Facts,
    Fold,
    Foot,
    Heading,
    Link,
    Paragraph,
    Quote,
    Section,
    Text,
    View,
)
from chatbot.views.visible import one_line
from tests import samples, samples_chat
from tests.fakes.feishu_markup import links_in, mentions_in
from tests.unit.chatbot.render.cards_reading import (
    checked,
    elements,
    lines,
    nodes,
    read,
    shown,
    texts,
)
from tests.unit.chatbot.render.views import (
    MAKERS,
    hostile_text,
    letters,
    some_runs,
    thread_views,
    view,
    words_of,
)
from workers.model import Tier
from workers.words import LANGUAGES

# --- whole messages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [*MAKERS, samples_chat.hostile], ids=lambda make: f"{make.__module__}.{make.__name__}")
def test_the_cards_of_a_day_stay_as_they_were_looked_at(make, language, golden):
    messages = checked(feishu_digest(make(language), words_of(language)))
    assert json.loads(lines(messages)) == messages
    name = "mentions" if make is samples_chat.hostile else make.__name__
    golden(f"feishu/{name}.{language}.json", lines(messages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_with_its_history_and_report_stays_as_it_was_looked_at(language, golden):
    given = {"digest_id": "d1", "report_url": "https://digest.example.com/r/1", "history": samples_chat.HISTORY}
    parent = chat_view(samples.busy(language), words_of(language), **given)
    drawn = checked(feishu_messages(parent, key="k1"))
    told = checked(feishu_messages(parent, charts=False))
    pushed = checked(feishu_messages(parent, webhook=True))
    golden(f"feishu/history.{language}.json", lines([*drawn, *told, *pushed]))
    assert nodes(drawn, "chart")
    assert not nodes(told, "chart")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_in_a_thread_stays_as_it_was_looked_at(language, golden):
    messages = [one for view_ in thread_views(language) for one in checked(feishu_messages(view_, thread=True))]
    assert all(message["thread"] for message in messages)
    golden(f"feishu/thread.{language}.json", lines(messages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_details_of_an_endless_message_are_cut_between_sentences_and_lose_nothing(language):
    part = samples_chat.hostile(language).repositories[0]
    messages = checked(feishu_messages(details_view(part.commits[0], part, words_of(language), "v"), thread=True))
    pieces = [text for text in texts(messages) if "A sentence of it." in text]
    assert len(messages) > 1
    assert letters("".join(pieces)) == letters(("A sentence of it. " * 40_000)[:40_000])
    assert all(piece.rstrip().endswith(".") for piece in pieces[:-1])


def test_every_hostile_commit_has_details_that_feishu_accepts():
    for digest in (samples.hostile(), samples_chat.hostile("zh")):
        part = digest.repositories[0]
        for entry in part.commits:
            checked(feishu_messages(details_view(entry, part, words_of(digest.language), "v"), thread=True))


def test_what_is_printed_is_what_would_be_sent():
    digest = samples.busy()
    assert json.loads("".join(feishu_json(digest, words_of("en")))) == feishu_digest(digest, words_of("en"))


# --- nothing acts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [samples_chat.hostile, samples.hostile])
def test_no_text_of_a_commit_mentions_anybody_or_leads_elsewhere(make):
    digest = make()
    part = digest.repositories[0]
    details = [details_view(entry, part, words_of("en"), "v") for entry in part.commits]
    messages = feishu_digest(digest, words_of("en")) + [one for view_ in details for one in feishu_messages(view_)]
    cards = [message["card"] for message in messages]
    assert list(mentions_in(cards)) == []
    assert all(link.startswith("https://github.com/acme/engine") for link in links_in(cards))
    assert all("<" not in node["content"] for node in nodes(cards, "markdown"))
    assert not nodes(cards, "lark_md")
    assert all("<" not in card["config"]["summary"]["content"] for card in cards)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "//evil.test", "", "https://a.test/" + "x" * 3_000]
)
def test_an_address_that_is_not_of_the_web_or_too_long_is_no_link(url):
    messages = checked(feishu_messages(view(Paragraph((Link("text", url),)), Actions((Action("open", "Open", url),)))))
    assert "text" in shown(messages)
    assert list(links_in(messages[0]["card"])) == []


# --- nothing is lost --------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(some_runs, some_runs, hostile_text)
def test_any_view_is_accepted_and_shows_all_its_text(runs, more, text):
    item = Section(Heading(4, more), (Paragraph(runs), Paragraph(more, role="note")), "commit", Tier.LOW)
    blocks = (
        Heading(1, runs),
        Paragraph(more),
        Paragraph((Text(text),), role="note"),
        Bullets((Bullet(runs, (more,)), Bullet(more))),
        Facts((("name", runs),)),
        Quote(more),
        item,
        Fold(runs, (Excerpt(text, more), Fold(more, (item, Fold(runs, (Excerpt(text, more),)))))),
        Section(Heading(3, more), (Bullets((Bullet(runs),)),), "aspect"),
    )
    messages = checked(feishu_messages(view(*blocks, Foot((Paragraph((Text("foot"),), role="note"),), "more below"))))
    found = letters(shown(messages)).replace("morebelow", "").replace("foot", "")
    for run in (*runs, *more):
        label = run.label if isinstance(run, Badge) else run.text
        assert letters(read(one_line(label))) in found
    assert letters(read(one_line(text))) in found
    assert "foot" in shown(messages[:1])
    assert ("more below" in shown(messages[:1])) == (len(messages) > 1)


def test_a_title_that_is_too_long_for_the_headline_stands_below_it():
    title = "A long title. " * 60
    (message,) = checked(feishu_messages(view(Heading(1, (Text(title),)))))
    assert message["card"]["header"]["title"]["content"].endswith("…")
    assert letters(title) in letters("".join(texts(elements(message))))


def test_a_view_that_says_nothing_of_itself_has_a_preview_all_the_same():
    for title, preview in (("Title", "Title"), ("", "…")):
        (message,) = checked(feishu_messages(View("en", title, " \n", (Paragraph((Text("x"),)),))))
        assert message["card"]["config"]["summary"]["content"] == preview


def test_three_hundred_commits_are_all_there_and_quick():
    digest = samples_chat.many()
    begun = time.process_time()
    messages = checked(feishu_digest(digest, words_of("en")))
    assert time.process_time() - begun < 2
    text = shown(messages)
    assert all(entry.sha[:7] in text for entry in digest.repositories[0].commits)
    assert "There is more: the list continues in the thread below." in shown(messages[:1])
