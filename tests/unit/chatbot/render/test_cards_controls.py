"""What a Feishu card is headed by, what can be pressed in it, and its pictures."""

from __future__ import annotations

from chatbot.render.cards import feishu_messages
from chatbot.render.cards_json import feishu_digest
from chatbot.render.limits import Feishu
from chatbot.views.chat import chat_view
from chatbot.views.chat_values import commit_value
from chatbot.views.view import (
    Action,
    Actions,
    Badge,
    Bar,
    Chart,
    Contents,
    Facts,
    Feedback,
    Heading,
    Meter,
    Paragraph,
    Point,
    Section,
    Series,
    Text,
)
from tests import samples, samples_chat
from tests.fakes.feishu_markup import links_in
from tests.unit.chatbot.render.cards_reading import (
    body_bytes,
    checked,
    elements,
    nodes,
    shown,
    texts,
    values,
)
from tests.unit.chatbot.render.views import (
    URL,
    thread_views,
    view,
    words_of,
)
from workers.model import Tier

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


def test_a_chart_of_a_year_shows_its_last_days():
    labels = tuple(f"day {n}" for n in range(365))
    (message,) = checked(feishu_messages(view(Chart("Commits", labels, (Series(Tier.LOW, "Low", (1,) * 365),), "n"))))
    shown_days = [value["day"] for value in nodes(message, "chart")[0]["chart_spec"]["data"]["values"]]
    assert shown_days == list(labels[-Feishu.CHART_POINTS :])


def test_a_meter_and_a_bar_are_told_in_a_line_and_contents_not_at_all():
    points = tuple(Point(f"{n}:00", str(n), n) for n in range(24))
    blocks = (Meter("By the hour", points, "most at 23:00"), Bar("Fetching", 5, 10), Contents(()))
    text = shown(checked(feishu_messages(view(*blocks))))
    assert "By the hour ▁" in text
    assert "Fetching ██████████░░░░░░░░░░ 5/10" in text
