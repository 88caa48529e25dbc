"""Slack messages that Slack accepts, that lose nothing, and in which no text acts."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.render.blocks import slack_messages
from chatbot.render.blocks_json import slack_digest, slack_json
from chatbot.render.blocks_text import leaf_size, leaves, size, split_leaves, split_text
from chatbot.render.limits import Slack
from chatbot.views.chat import chat_view
from chatbot.views.chat_thread import details_view
from chatbot.views.view import (
    Action,
    Actions,
    Badge,
    Bar,
    Bullet,
    Bullets,
    Choice,
    Contents,
    Excerpt,
    Facts,
    Fold,
    Foot,
    Heading,
    Link,
    Menu,
    Meter,
    Paragraph,
    Point,
    Quote,
    Section,
    Table,
    Text,
)
from chatbot.views.visible import one_line
from tests import samples, samples_chat
from tests.fakes.slack_blocks import check_message
from tests.unit.chatbot.render.views import (
    MAKERS,
    URL,
    hostile_text,
    letters,
    some_runs,
    thread_views,
    view,
    words_of,
)
from workers.model import Tier
from workers.words import LANGUAGES

Json = dict[str, Any]


def checked(messages: list[Json]) -> list[Json]:
    """The messages, all of which Slack would accept."""
    for message in messages:
        check_message(message["blocks"])
        assert 0 < len(message["text"]) <= 4_000
    return messages


def texts(value: object) -> Iterator[str]:
    """Every text that is shown, in order."""
    if isinstance(value, dict):
        own = value.get("text")
        yield from [own] if isinstance(own, str) else []
        for key, part in value.items():
            yield from texts(part) if key != "options" else ()
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def shown(messages: list[Json]) -> str:
    return "".join(text for message in messages for text in texts(message["blocks"]))


def lines(messages: list[Json]) -> str:
    """JSON with a line for each block, so that a golden file can be read and compared."""
    parts = []
    for message in messages:
        head = json.dumps({key: value for key, value in message.items() if key != "blocks"}, ensure_ascii=False)
        blocks = ",\n".join(f"  {json.dumps(block, ensure_ascii=False)}" for block in message["blocks"])
        parts.append(f'{head[:-1]}, "blocks": [\n{blocks}]}}')
    return "[" + ",\n".join(parts) + "]\n"


# --- whole messages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_the_messages_of_a_day_stay_as_they_were_looked_at(make, language, golden):
    messages = checked(slack_digest(make(language), words_of(language)))
    golden(f"slack/{make.__name__}.{language}.json", lines(messages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_of_mentions_and_markup_stays_as_it_was_looked_at(language, golden):
    messages = checked(slack_digest(samples_chat.hostile(language), words_of(language)))
    golden(f"slack/mentions.{language}.json", lines(messages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_with_its_history_and_report_stays_as_it_was_looked_at(language, golden):
    given = {"digest_id": "d1", "report_url": "https://digest.example.com/r/1", "history": samples_chat.HISTORY}
    parent = chat_view(samples.busy(language), words_of(language), **given)
    drawn = checked(slack_messages(parent, key="k1"))
    told = checked(slack_messages(parent, charts=False))
    golden(f"slack/history.{language}.json", lines([*drawn, *told]))
    assert "data_visualization" in json.dumps(drawn)
    assert "data_visualization" not in json.dumps(told)
    assert told[0]["blocks"][:-4] != drawn[0]["blocks"][:-4]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_in_a_thread_stays_as_it_was_looked_at(language, golden):
    messages = [one for view_ in thread_views(language) for one in checked(slack_messages(view_, thread=True))]
    assert all(message["thread"] for message in messages)
    golden(f"slack/thread.{language}.json", lines(messages))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_details_of_an_endless_message_are_cut_between_sentences_and_lose_nothing(language):
    part = samples_chat.hostile(language).repositories[0]
    messages = checked(slack_messages(details_view(part.commits[0], part, words_of(language), "v"), thread=True))
    pieces = [text for text in texts([message["blocks"] for message in messages]) if "A sentence of it." in text]
    assert len(messages) > 4
    assert "".join(pieces).replace(" ", "") == ("A sentence of it. " * 40_000)[:40_000].replace(" ", "")
    assert all(piece.rstrip().endswith(".") for piece in pieces[:-1])


def test_every_hostile_commit_has_details_that_slack_accepts():
    for digest in (samples.hostile(), samples_chat.hostile("zh")):
        part = digest.repositories[0]
        for entry in part.commits:
            checked(slack_messages(details_view(entry, part, words_of(digest.language), "v"), thread=True))


def test_what_is_printed_is_what_would_be_sent():
    digest = samples.busy()
    assert json.loads("".join(slack_json(digest, words_of("en")))) == slack_digest(digest, words_of("en"))


# --- nothing acts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [samples_chat.hostile, samples.hostile])
def test_no_text_of_a_commit_stands_where_slack_reads_markup(make):
    digest = make()
    part = digest.repositories[0]
    details = [details_view(entry, part, words_of("en"), "v") for entry in part.commits]
    messages = slack_digest(digest, words_of("en")) + [one for view_ in details for one in slack_messages(view_)]
    written = json.dumps([message["blocks"] for message in messages])
    assert '"mrkdwn"' not in written
    assert '"markdown"' not in written
    assert '"emoji": true' not in written
    assert not re.search(r'"type": "(user|broadcast|channel|usergroup)"', written)
    assert all(not re.search(r"<[!@#]|<http", message["text"]) for message in messages)
    addresses = set(re.findall(r'"url": "([^"]*)"', written))
    assert all(address.startswith("https://github.com/acme/engine") for address in addresses)


def test_plain_text_never_turns_the_name_of_an_emoji_into_one():
    (message,) = slack_messages(view(Paragraph((Text(":bomb:"),), role="note")))
    assert message["blocks"][0]["elements"] == [{"type": "plain_text", "text": ":bomb:", "emoji": False}]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "//evil.test", "", "https://a.test/" + "x" * 3_000]
)
def test_an_address_that_is_not_of_the_web_or_too_long_is_no_link(url):
    messages = checked(slack_messages(view(Paragraph((Link("text", url),)), Actions((Action("open", "Open", url),)))))
    assert "text" in shown(messages)
    assert '"url"' not in json.dumps(messages)


# --- nothing is lost --------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(some_runs, some_runs, hostile_text)
def test_any_view_is_accepted_and_shows_all_its_text(runs, more, text):
    blocks = (
        Heading(1, runs),
        Paragraph(more),
        Paragraph((Text(text),), role="note"),
        Bullets((Bullet(runs, (more,)), Bullet(more))),
        Facts((("name", runs),)),
        Quote(more),
        Fold(runs, (Excerpt(text, more),)),
    )
    messages = checked(slack_messages(view(*blocks, Foot((Paragraph((Text("foot"),), role="note"),), "more below"))))
    found = letters(shown(messages))
    for run in (*runs, *more):
        label = run.label if isinstance(run, Badge) else run.text
        assert letters(one_line(label)) in found
    assert letters(one_line(text)) in found
    assert "foot" in shown(messages[:1])
    assert ("more below" in shown(messages[:1])) == (len(messages) > 1)


@settings(max_examples=80, deadline=None)
@given(hostile_text, st.integers(2, 3_000))
def test_a_text_in_parts_is_the_same_text(text, most):
    parts = split_text(text, most)
    assert "".join(parts) == text
    assert all(size(part) <= most for part in parts)


@settings(max_examples=60, deadline=None)
@given(some_runs, st.integers(200, 3_000))
def test_leaves_in_parts_are_the_same_leaves(runs, most):
    whole = leaves(runs)
    parts = list(split_leaves(whole, most))
    assert "".join(leaf.get("text", "") for part in parts for leaf in part) == "".join(
        leaf.get("text", "") for leaf in whole
    )
    assert all(sum(map(leaf_size, part)) <= most for part in parts)


@pytest.mark.parametrize(
    ("text", "most", "parts"),
    [
        ("One. Two. Three.", 10, ["One. Two. ", "Three."]),
        ("一句。两句！三句。", 6, ["一句。两句！", "三句。"]),
        ("v1.2.3 is out. Next", 16, ["v1.2.3 is out. ", "Next"]),
        ("line\nline two\n", 9, ["line\n", "line two\n"]),
        ("no end of it here", 8, ["no end ", "of it ", "here"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("😀😀😀", 4, ["😀😀", "😀"]),
    ],
)
def test_a_text_is_cut_where_a_sentence_ends_and_else_where_a_word_does(text, most, parts):
    assert split_text(text, most) == parts


@pytest.mark.parametrize("mark", [".", "。", "\n", " ", "(", ". "])
def test_cutting_takes_time_in_proportion(mark):
    begun = time.process_time()
    split_text(mark * 40_000)
    list(split_leaves(leaves((Text(mark * 40_000),))))
    assert time.process_time() - begun < 1.5


# --- limits -----------------------------------------------------------------------------------------------------


def test_a_table_goes_on_in_the_thread_with_its_head_and_no_row_is_lost():
    head = ((Text("number"),), (Text("text"),))
    rows = tuple(((Text(f"row {n}"),), (Text("x" * 50),)) for n in range(250))
    messages = checked(
        slack_messages(view(Paragraph((Text("before"),)), Table(head, rows), Paragraph((Text("after"),))))
    )
    tables = [block for message in messages for block in message["blocks"] if block["type"] == "table"]
    assert [table["rows"][0][0]["text"] for table in tables] == ["number"] * len(tables)
    assert [row[0]["text"] for table in tables for row in table["rows"][1:]] == [f"row {n}" for n in range(250)]
    assert [message["thread"] for message in messages] == [False] + [True] * (len(messages) - 1)


def test_a_cell_is_never_empty_and_links_stay_links():
    (message,) = checked(slack_messages(view(Table((), (((Text(""),), (Link("a", URL, code=True),)),)))))
    (row,) = message["blocks"][0]["rows"]
    assert row[0] == {"type": "raw_text", "text": "–"}
    assert row[1]["elements"][0]["elements"][0]["url"] == URL


def test_an_endless_cell_is_cut_with_a_mark():
    (message,) = checked(slack_messages(view(Table((), (((Text("word " * 3_000),),),)))))
    assert len(message["blocks"][0]["rows"][0][0]["text"]) <= Slack.TABLE_CELL
    assert message["blocks"][0]["rows"][0][0]["text"].endswith("…")


def test_a_heading_stays_with_what_it_heads():
    blocks = []
    for number in range(30):
        blocks += [Heading(3, (Text(f"heading {number}"),)), Paragraph((Text("text " * 180),))]
    for message in checked(slack_messages(view(*blocks))):
        assert "heading" not in "".join(texts(message["blocks"][-1]))


def test_more_buttons_than_a_row_holds_make_rows_and_more_choices_menus():
    buttons = tuple(Action("go", f"Go {n}", value=str(n)) for n in range(60))
    menu = Menu("pick", "Pick", tuple(Choice(f"choice {n}", f"v{n}", Tier.LOW) for n in range(130)))
    (message,) = checked(slack_messages(view(Actions(buttons), menu)))
    assert [len(block["elements"]) for block in message["blocks"][:3]] == [25, 25, 10]
    assert [len(block["elements"][0]["options"]) for block in message["blocks"][3:]] == [100, 30]


def test_labels_are_cut_with_a_mark_and_told_whole_to_nobody_else():
    (message,) = checked(slack_messages(view(Actions((Action("go", "l" * 200, value="v"),)))))
    assert message["blocks"][0]["elements"][0]["text"]["text"] == "l" * 74 + "…"


def test_a_meter_and_a_bar_are_told_in_a_line_and_contents_not_at_all():
    points = tuple(Point(f"{n}:00", str(n), n) for n in range(24))
    blocks = (Meter("By the hour", points, "most at 23:00"), Bar("Fetching", 5, 10), Contents(()))
    text = shown(checked(slack_messages(view(*blocks))))
    assert "By the hour ▁" in text
    assert "Fetching ██████████░░░░░░░░░░ 5/10" in text


def test_messages_say_which_of_how_many_they_are_and_carry_their_key():
    long = tuple(Paragraph((Text("sentence. " * 200),)) for _ in range(12))
    messages = slack_messages(view(*long), key="digest:T1:C1")
    assert [message["text"] for message in messages] == [f"A summary. ({n}/3)" for n in (1, 2, 3)]
    assert messages[1]["metadata"] == {
        "event_type": "digest_part",
        "event_payload": {"key": "digest:T1:C1", "part": 2, "parts": 3},
    }
    assert "metadata" not in slack_messages(view(*long))[0]


def test_an_item_has_its_button_beside_it_and_other_actions_below():
    actions = Actions((Action("details", "Details", value="1"), Action("open", "GitHub", url=URL)))
    section = Section(
        Heading(4, (Text("Fix it"),)), (Paragraph((Text("It was broken."),)), actions), "commit", Tier.HIGH
    )
    (message,) = checked(slack_messages(view(section)))
    head, quote, row = message["blocks"]
    assert head["text"]["text"] == "🔴 Fix it"
    assert (head["accessory"]["value"], head["accessory"]["accessibility_label"]) == ("1", "Details: 🔴 Fix it")
    assert quote["elements"][0]["type"] == "rich_text_quote"
    assert row["elements"][0]["url"] == URL


def test_three_hundred_commits_are_all_there_and_quick():
    digest = samples_chat.many()
    begun = time.process_time()
    messages = slack_digest(digest, words_of("en"))
    assert time.process_time() - begun < 2
    text = shown(messages)
    assert all(entry.sha[:7] in text for entry in digest.repositories[0].commits)
    assert "There is more: the list continues in the thread below." in shown(messages[:1])
