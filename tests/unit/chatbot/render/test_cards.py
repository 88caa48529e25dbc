"""Feishu cards that Feishu accepts, that lose nothing, and in which no text acts."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings

from chatbot.render.cards import feishu_messages
from chatbot.render.cards_json import feishu_digest, feishu_json
from chatbot.render.cards_text import json_text
from chatbot.render.limits import Feishu
from chatbot.views.chat import chat_view
from chatbot.views.chat_thread import details_view
from chatbot.views.chat_values import commit_value
from chatbot.views.view import (
    Action,
    Actions,
    Badge,
    Bar,
    Bullet,
    Bullets,
    Chart,
    Code,
    Contents,
    Excerpt,
    Facts,
    Feedback,
    Fold,
    Foot,
    Heading,
    Link,
    Meter,
    Paragraph,
    Point,
    Quote,
    Section,
    Series,
    Table,
    Text,
    View,
)
from chatbot.views.visible import one_line
from tests import samples, samples_chat
from tests.fakes.feishu_cards import check_card
from tests.fakes.feishu_markup import links_in, mentions_in, tagged
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
ENVELOPE = {"receive_id": "oc_" + "a" * 32, "msg_type": "interactive", "uuid": "u" * 50, "reply_in_thread": True}


def body_bytes(card: Json) -> int:
    """The bytes of a request with a card, as lark-oapi writes it."""
    return len(json.dumps({**ENVELOPE, "content": json_text(card)}, ensure_ascii=False).encode())


def checked(messages: list[Json]) -> list[Json]:
    """The messages, all of which Feishu would accept."""
    for message in messages:
        check_card(message["card"], people=())
        assert body_bytes(message["card"]) <= Feishu.REQUEST_BYTES
        assert message["card"]["config"]["summary"]["content"].strip()
    return messages


def texts(value: object) -> Iterator[str]:
    """Every text that is shown, in order; Markdown as it is written."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in ("content", "display_name") and isinstance(part, str):
                yield part
            elif key == "rows":
                yield from (cell for row in part for cell in row.values())
            elif key not in ("options", "chart_spec", "config"):
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def shown(messages: list[Json]) -> str:
    """The first headline and all elements with their entities read and the marks of their styles left out."""
    parts = [messages[0]["card"].get("header", {}), *map(elements, messages)]
    return "".join(map(read, texts(parts)))


def read(written: str) -> str:
    return unescape(re.sub(r"\*\*|`|(?m:^(?: {4})?- |^> )|\]\(http[^)]*\)|\[", "", written))


def elements(message: Json) -> list[Json]:
    return message["card"]["body"]["elements"]


def nodes(value: object, tag: str) -> list[Json]:
    return [node for node in tagged(value) if node["tag"] == tag]


def values(messages: list[Json]) -> list[Json]:
    """What every button and menu sends back."""
    acting = (act for node in tagged(messages) for act in node.get("behaviors", []))
    return [act["value"] for act in acting if act["type"] == "callback"]


def lines(messages: list[Json]) -> str:
    """JSON with a line for each element, so that a golden file can be read and compared."""
    parts = []
    for message in messages:
        card = {key: value for key, value in message["card"].items() if key != "body"}
        inside = ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in elements(message))
        rest = {key: value for key, value in message.items() if key != "card"}
        spacing = message["card"]["body"]["vertical_spacing"]
        head = json.dumps(card, ensure_ascii=False)[:-1]
        body = f'"body": {{"vertical_spacing": "{spacing}", "elements": [\n{inside}]}}'
        parts.append(f'{{"card": {head}, {body}}}, {json.dumps(rest, ensure_ascii=False)[1:]}')
    return "[" + ",\n".join(parts) + "]\n"


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


# --- limits -----------------------------------------------------------------------------------------------------


def test_a_table_goes_on_in_the_thread_with_its_head_and_no_row_is_lost():
    head = ((Text("number"),), (Text("text"),))
    rows = tuple(((Text(f"row {n}"),), (Text("长" * 60),)) for n in range(400))
    messages = checked(
        feishu_messages(view(Paragraph((Text("before"),)), Table(head, rows), Paragraph((Text("after"),))))
    )
    tables = nodes(messages, "table")
    assert [table["columns"][0]["display_name"] for table in tables] == ["number"] * len(messages)
    assert [row["c0"] for table in tables for row in table["rows"]] == [f"row {n}" for n in range(400)]
    assert [message["thread"] for message in messages] == [False] + [True] * (len(messages) - 1)


def test_no_card_has_more_tables_than_survive():
    rows = (((Text("x"),),),)
    messages = checked(feishu_messages(view(*(Table((), rows) for _ in range(7)))))
    assert [len(nodes(message, "table")) for message in messages] == [3, 3, 1]


def test_a_table_inside_a_panel_or_of_too_many_columns_is_a_list():
    wide = Table((), (tuple((Text(f"c{n}"),) for n in range(60)),))
    small = Table(((Text("a"),), (Text("b"),)), (((Text("1"),), (Code("2"),)),))
    (message,) = checked(feishu_messages(view(Fold((Text("fold"),), (small,)), wide)))
    assert not nodes(message, "table")
    assert [node["content"] for node in nodes(message, "markdown")] == [
        "- 1 · `2`",
        "- " + " · ".join(f"c{n}" for n in range(60)),
    ]


def test_a_cell_is_never_empty_literal_text_stays_literal_and_links_stay_links():
    row = ((Text(""),), (Link("a_b", URL, code=True),), (Text("<at id=all></at> *x*"),))
    (message,) = checked(feishu_messages(view(Table((), (row,)))))
    (table,) = nodes(message, "table")
    assert table["rows"] == [{"c0": "–", "c1": f"[a&#95;b]({URL})", "c2": "<at id=all></at> *x*"}]
    assert [column["data_type"] for column in table["columns"]] == ["text", "markdown", "text"]


def test_a_column_with_links_has_no_text_that_acts():
    rows = (((Text("<at id=all></at> | *x*"),),), ((Link("x", URL),),))
    (message,) = checked(feishu_messages(view(Table((), rows))))
    (table,) = nodes(message, "table")
    assert table["rows"][0]["c0"] == "&#60;at id=all&#62;&#60;/at&#62; &#124; &#42;x&#42;"


def test_an_endless_cell_is_cut_with_a_mark():
    (message,) = checked(feishu_messages(view(Table((), (((Text("word " * 3_000),),),)))))
    cell = nodes(message, "table")[0]["rows"][0]["c0"]
    assert len(cell) <= Feishu.TABLE_CELL + 1
    assert cell.endswith("…")


def test_a_heading_stays_with_what_it_heads():
    blocks = []
    for number in range(60):
        blocks += [Heading(3, (Text(f"heading {number}"),)), Paragraph((Text("text " * 180),))]
    messages = checked(feishu_messages(view(*blocks)))
    assert len(messages) > 1
    for message in messages:
        assert "heading" not in "".join(texts(elements(message)[-1]))


def test_panels_in_panels_go_no_deeper_than_feishu_does_and_what_is_in_them_stays():
    item = Section(Heading(4, (Text("subject"),)), (Actions((Action("details", "Details", value="v"),)),), "commit")
    fold: Fold = Fold((Text("level 9"),), (item,))
    for level in range(8, 0, -1):
        fold = Fold((Text(f"level {level}"),), (fold,))
    (message,) = checked(feishu_messages(view(fold)))
    assert len(nodes(message, "collapsible_panel")) == Feishu.PANELS
    assert all(f"level {level}" in shown([message]) for level in range(1, 10))
    assert values([message]) == [{"kind": "details", "value": "v"}]


def test_a_panel_that_would_be_too_long_comes_as_several_which_are_numbered():
    fold = Fold((Text("message"),), (Excerpt("A sentence of it.\n" * 1_500),))
    messages = checked(feishu_messages(view(fold)))
    panels = nodes(messages, "collapsible_panel")
    titles = [panel["header"]["title"]["content"] for panel in panels]
    assert titles == [f"message ({n}/{len(panels)})" for n in range(1, len(panels) + 1)]
    assert len(panels) > 1


# --- what is pressed --------------------------------------------------------------------------------------------


def test_what_is_pressed_sends_back_what_the_view_says():
    busy = samples.busy()
    messages = feishu_messages(chat_view(busy, words_of("en"), digest_id="d1"))
    entries = [one for tier in (Tier.HIGH, Tier.MEDIUM) for one in busy.repositories[0].of_tier(tier)]
    wanted = [{"kind": "details", "value": commit_value("d1", 0, entry.sha)} for entry in entries]
    assert values(messages) == [*wanted, {"kind": "details"}]
    (menu,) = nodes(messages, "select_static")
    assert [one["value"] for one in menu["options"]] == [
        commit_value("d1", 0, entry.sha) for entry in busy.repositories[0].commits
    ]


def test_feedback_sends_up_or_down_before_the_value():
    messages = feishu_messages(view(Feedback("feedback", "d1:0:abc", "Yes", "No")))
    assert [value["value"] for value in values(messages)] == ["up:d1:0:abc", "down:d1:0:abc"]
    assert {value["kind"] for value in values(messages)} == {"feedback"}
    assert shown(messages) == "👍 Yes👎 No"


def test_a_menu_too_large_for_the_first_card_goes_last_with_the_buttons_that_turn_its_pages():
    digest = samples_chat.many()
    messages = checked(feishu_messages(chat_view(digest, words_of("en"), digest_id="d1")))
    menus = [[len(menu["options"]) for menu in nodes(message, "select_static")] for message in messages]
    assert menus[0] == []
    assert [size for sizes in menus for size in sizes] == [50, 50]
    assert {"kind": "menu", "value": "d1:1"} not in values(messages[:1])
    assert {"kind": "menu", "value": "d1:1"} in values(messages[-1:])
    assert "GitHub" in shown(messages[:1])


def test_more_buttons_than_a_row_holds_make_rows():
    buttons = tuple(Action("go", f"Go {n}", value=str(n)) for n in range(25))
    (message,) = checked(feishu_messages(view(Actions(buttons))))
    assert [len(row["columns"]) for row in elements(message)] == [10, 10, 5]


def test_an_item_has_its_button_beside_it_and_other_actions_below():
    actions = Actions((Action("details", "Details", value="1"), Action("open", "GitHub", url=URL)))
    section = Section(
        Heading(4, (Text("Fix it"),)), (Paragraph((Text("It was broken."),)), actions), "commit", Tier.HIGH
    )
    (message,) = checked(feishu_messages(view(section)))
    item, row = elements(message)
    assert [list(texts(column)) for column in item["columns"]] == [["🔴 Fix it", "It was broken."], ["Details"]]
    assert row["columns"][0]["elements"][0]["behaviors"] == [{"type": "open_url", "default_url": URL}]


def test_a_custom_bot_gets_less_in_a_message_and_nothing_to_press():
    digest = chat_view(samples_chat.many(), words_of("en"), digest_id="d1")
    for view_ in (digest, *thread_views("en")):
        messages = checked(feishu_messages(view_, webhook=True))
        assert values(messages) == []
        assert not nodes(messages, "select_static")
        assert all(body_bytes(message["card"]) <= Feishu.WEBHOOK_BYTES for message in messages)
    assert list(links_in(feishu_messages(digest, webhook=True)[0]["card"]))


# --- headline and pictures --------------------------------------------------------------------------------------


def test_a_headline_is_coloured_only_where_it_names_the_tier():
    def header(*blocks, tier=None):
        section = Section(Heading(1, (Text("Fix it"),)), blocks, "commit", tier)
        return feishu_messages(view(section))[0]["card"]["header"]

    named = header(Facts((("Importance", (Badge(Tier.HIGH, "High"),)),)), tier=Tier.HIGH)
    assert named["template"] == "red"
    assert named["text_tag_list"][0]["text"]["content"] == "🔴 Importance: High"
    for unnamed in (header(Paragraph((Text("x"),)), tier=Tier.HIGH), header(Paragraph((Text("x"),)))):
        assert unnamed == {"title": {"tag": "plain_text", "content": "Fix it"}, "template": "blue"}


def test_a_digest_is_headed_by_its_highest_tier():
    (message,) = feishu_digest(samples.busy("zh"), words_of("zh"))
    header = message["card"]["header"]
    assert header["template"] == "red"
    assert header["text_tag_list"][0]["text"]["content"] == "🔴 高重要度变更（2）"


def test_messages_say_which_of_how_many_they_are_and_carry_their_key():
    long = Section(Heading(1, (Text("Title"),)), tuple(Paragraph((Text("sentence. " * 300),)) for _ in range(25)))
    messages = checked(feishu_messages(view(long), key="digest:1"))
    assert [message["card"]["config"]["summary"]["content"] for message in messages] == [
        f"A summary. ({n}/3)" for n in (1, 2, 3)
    ]
    assert [message["card"]["header"]["title"]["content"] for message in messages] == [
        "Title",
        "Title (2/3)",
        "Title (3/3)",
    ]
    assert [message["uuid"] for message in messages] == ["digest:1", "digest:1.1", "digest:1.2"]
    assert "uuid" not in feishu_messages(view(long))[0]


def test_a_chart_is_drawn_with_its_tiers_by_name_and_told_where_none_is_drawn():
    series = (Series(Tier.HIGH, "High", (1, 2)), Series(Tier.LOW, "Low", (3, 4)))
    chart = Chart("Commits", ("02-20", "02-21"), series, "most on 02-21: 6")
    (drawn,) = checked(feishu_messages(view(chart)))
    spec = nodes(drawn, "chart")[0]["chart_spec"]
    assert spec["data"]["values"][-1] == {"day": "02-21", "tier": "🟢 Low", "n": 4}
    assert len(spec["color"]) == 2
    assert shown([drawn]) == "most on 02-21: 6"
    (told,) = checked(feishu_messages(view(chart), charts=False))
    assert "High 3" in shown([told])
    assert not nodes(told, "chart")


def test_a_meter_and_a_bar_are_told_in_a_line_and_contents_not_at_all():
    points = tuple(Point(f"{n}:00", str(n), n) for n in range(24))
    blocks = (Meter("By the hour", points, "most at 23:00"), Bar("Fetching", 5, 10), Contents(()))
    text = shown(checked(feishu_messages(view(*blocks))))
    assert "By the hour ▁" in text
    assert "Fetching ██████████░░░░░░░░░░ 5/10" in text


def test_three_hundred_commits_are_all_there_and_quick():
    digest = samples_chat.many()
    begun = time.process_time()
    messages = checked(feishu_digest(digest, words_of("en")))
    assert time.process_time() - begun < 2
    text = shown(messages)
    assert all(entry.sha[:7] in text for entry in digest.repositories[0].commits)
    assert "There is more: the list continues in the thread below." in shown(messages[:1])
