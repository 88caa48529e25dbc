"""What the fake Feishu takes and refuses of cards, sent with Feishu's own SDK; and cards that grow."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from lark_oapi.core.cache import LocalCache
from lark_oapi.core.token import TokenManager

from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_cards import CardError, check_card
from tests.fakes.feishu_samples import DIV, Json, button, card, chart, markdown, nested, panel, plain, table, text
from tests.fakes.feishu_sdk import Sender, Stream, client_of

TAG: Json = {"tag": "text_tag", "text": plain("x"), "color": "blue"}
COLUMN: Json = {"tag": "column", "elements": [DIV]}


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1_771_718_400.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def feishu(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeFeishu]:
    """The SDK keeps tokens for the whole process: every test begins with none."""
    monkeypatch.setattr(TokenManager, "cache", LocalCache())
    with FakeFeishu(clock) as server:
        yield server


@pytest.fixture
def sender(feishu: FakeFeishu) -> Sender:
    return Sender(client_of(feishu))


@pytest.mark.parametrize(
    ("shown", "code", "fault"),
    [
        ({"header": {"title": plain("x")}, "elements": []}, 200621, "unknown property elements"),
        ({**card(DIV), "schema": "1.0"}, 200621, "schema must be 2.0"),
        ({**card(DIV), "config": {"wide_screen_mode": True}}, 200621, "unknown property wide_screen_mode"),
        ({**card(DIV), "config": {"update_multi": False}}, 200621, "update_multi must be true"),
        (card({"tag": "action", "actions": []}), 200621, "not support tag: action"),
        (card({"tag": "note", "elements": []}), 200621, "not support tag: note"),
        (card({**DIV, "colour": "red"}), 200621, "unknown property colour"),
        (card({"tag": "div", "text": {"tag": "markdown", "content": "x"}}), 200621, "must be a text"),
        (card({"tag": "markdown"}), 200621, "missing property content"),
        (card(markdown("\ud800")), 200621, "not valid Unicode"),
        (card(button("a string")), 200621, "must be an object"),
        (card(button({}, url="https://a.b")), 200621, "unknown property url"),
        (card(button({}, type="giant")), 200621, "unknown type"),
        (card(button({}, behaviors=[{"type": "open_url", "default_url": "javascript:x"}])), 200621, "invalid url"),
        (card({**DIV, "element_id": "1st"}), 200621, "invalid element_id"),
        (card({**DIV, "element_id": "x" * 21}), 200621, "invalid element_id"),
        (card({**DIV, "element_id": "a"}, panel({**DIV, "element_id": "a"})), 200621, "not unique"),
        (card(*[DIV] * 100), 11310, "element exceeds the limit: 201"),
        (card(nested(6)), 200621, "nested deeper than 5"),
        (card(panel(table())), 200621, "table only at the root"),
        (card(panel({"tag": "form", "name": "f", "elements": []})), 200621, "form only at the root"),
        (card(*[table()] * 4), 11310, "table number over limit"),
        (card(*[table()] * 3, markdown("|a|b|\n|---|---|\n|1|2|")), 11310, "table number over limit"),
        (card(*[chart()] * 6), 11310, "chart number over limit"),
        (card(chart(chart_spec="{}")), 200621, "chart_spec"),
        (card(table(page_size=11)), 200914, "page_size"),
        (card(table(columns=[{"name": f"c{n}", "data_type": "text"} for n in range(51)], rows=[])), 200914, "columns"),
        (card(table(rows=[{"sha": 1}])), 200914, "another type"),
        (card(table(rows=[{"other": "x"}])), 200914, "no column other"),
        (card(markdown("<at id=ou_nobody></at>")), 100290, "invalid at id ou_nobody"),
    ],
)  # fmt: skip
def test_what_is_over_a_limit_or_unknown_in_a_card_is_refused(
    sender: Sender, shown: Json, code: int, fault: str
) -> None:
    refusal = sender.create(json.dumps(shown), "interactive")
    assert refusal.code == 230099
    assert f"ErrCode: {code};" in refusal.msg
    assert fault in refusal.msg


@pytest.mark.parametrize(
    ("shown", "fault"),
    [
        ([], "must be an object"),
        ({"schema": "2.0"}, "missing property body"),
        ({"schema": "2.0", "body": {"elements": {}}}, "elements must be an array"),
        ({**card(DIV), "config": {"width_mode": "huge"}}, "unknown width_mode"),
        ({**card(DIV), "header": {}}, "missing property title"),
        ({**card(DIV), "header": []}, "must be an object"),
        ({**card(DIV), "header": {"title": plain("x"), "template": "mauve"}}, "unknown template"),
        ({**card(DIV), "header": {"title": plain("x"), "text_tag_list": [TAG] * 4}}, "more than 3 tags"),
        ({**card(DIV), "header": {"title": plain("x"), "text_tag_list": [{**TAG, "color": "x"}]}}, "unknown color"),
        ({"schema": "2.0", "body": {"elements": ["text"]}}, "not support tag"),
        (card({**DIV, "icon": {"tag": "emoji"}}), "unknown icon"),
        (card({"tag": "div", "text": {"tag": "plain_text", "content": 5}}), "content must be a string"),
        (card({"tag": "img", "img_key": "k", "alt": "x"}), "must be a text"),
        (card({"tag": "button"}), "needs a text"),
        (card(button({}, size="giant")), "unknown size"),
        (card(button({}, confirm={"title": plain("sure?")})), "missing property text"),
        (card(button({}, behaviors={})), "behaviors must be an array"),
        (card(button({}, behaviors=[{"type": "explode"}])), "unknown behavior"),
        (card({"tag": "select_static", "options": []}), "not empty"),
        (card({"tag": "select_static", "options": [{"text": plain("x"), "value": 5}]}), "must be a string"),
        (card({"tag": "select_static", "options": [{"text": plain("x"), "value": "5"}] * 2}), "unique"),
        (card({"tag": "overflow", "options": [{"text": "x"}]}), "must be a text"),
        (card(panel(header={"title": {"tag": "lark_md", "content": "x"}})), "must be a text"),
        (card(panel(header={"title": plain("x"), "icon_position": "top"})), "unknown icon_position"),
        (card(panel(border={"width": 1})), "unknown property width"),
        (card(panel(expanded="no")), "true or false"),
        (card({"tag": "column_set", "columns": [DIV]}), "must be columns"),
        (card({"tag": "column_set", "columns": [COLUMN], "flex_mode": "wild"}), "unknown flex_mode"),
        (card({"tag": "column_set", "columns": [{**COLUMN, "width": "weighted", "weight": 6}]}), "1 to 5"),
        (card(chart(aspect_ratio="3:1")), "unknown aspect_ratio"),
        (card(chart(color_theme="mauve")), "unknown color_theme"),
        (card(table(columns=[{"name": "a", "data_type": "sound"}], rows=[])), "unknown data_type"),
        (card(table(columns=[{"name": "a", "data_type": "text", "width": "wide"}], rows=[])), "invalid width"),
        (card(table(rows=["x"])), "must be an object"),
        (card(markdown("![logo](https://a.b/c.png)")), "invalid image key"),
        (card(table(header_style={"colour": "x"})), "unknown property colour"),
    ],
)  # fmt: skip
def test_what_a_component_does_not_know_is_a_fault(shown: Json, fault: str) -> None:
    with pytest.raises(CardError) as raised:
        check_card(shown)
    assert any(fault in one for one in raised.value.faults), raised.value.faults


def test_what_a_card_may_have_is_taken(sender: Sender) -> None:
    options = [{"text": plain("abc"), "value": "abc"}]
    menu = {"tag": "select_static", "placeholder": plain("…"), "options": options, "element_id": "menu_1"}
    column = {"tag": "column", "width": "weighted", "weight": 1, "elements": [button({"n": 1})]}
    columns = {"tag": "column_set", "flex_mode": "flow", "columns": [column, column]}
    link = button({}, behaviors=[{"type": "open_url", "default_url": "https://github.com/a/b"}])
    elements = [DIV, {"tag": "hr"}, menu, columns, link, chart(height="200px"), nested(5), *[table()] * 3]
    assert sender.create(card(*elements), "interactive").success()
    assert sender.create(card(*[{"tag": "hr"}] * 199), "interactive").success()


def test_mentions_are_seen_where_feishu_would_see_them(feishu: FakeFeishu, sender: Sender) -> None:
    elements = [
        markdown("<at id=all></at> `<at id=ou_1></at>`"),
        markdown("```\n<at id=all></at>\n```\n&#60;at id=all&#62;"),
        {"tag": "div", "text": plain("<at id=all></at>")},
    ]
    for element in elements:
        sender.create(card(element), "interactive")
    sender.create(text('<at user_id="all">all</at>'))
    assert [one.mentions for one in feishu.seen()] == [["all", "ou_1"], [], [], ["all"]]


def test_links_are_seen_where_feishu_would_make_them(feishu: FakeFeishu, sender: Sender) -> None:
    written = "[a](https://a.a) <a href='https://b.b'></a> <link icon='x' url='https://c.c'>c</link> <https://d.d>"
    open_url = button({}, behaviors=[{"type": "open_url", "default_url": "https://e.e"}])
    columns = [{"name": "subject", "data_type": "lark_md"}]
    rows = [{"subject": "[f](https://f.f) <at ids=ou_1,all></at>"}]
    inert = {"tag": "div", "text": plain("[g](https://g.g)")}
    quoted = markdown("```\n[h](https://h.h)\n```\n&#91;i](https://i.i)")
    elements = [markdown(written), open_url, table(columns=columns, rows=rows), inert, quoted]
    assert sender.create(card(*elements), "interactive").success()
    (message,) = feishu.seen()
    assert sorted(message.links) == [f"https://{one}.{one}" for one in "abcdef"]
    assert message.mentions == ["ou_1", "all"]


def test_a_group_that_forbids_mentioning_all_refuses_the_whole_message(feishu: FakeFeishu, sender: Sender) -> None:
    feishu.chat("oc_2", at_all=False)
    assert sender.create(card(markdown("<at id=all></at>")), "interactive", to="oc_2").code == 230099
    assert sender.create(text('<at user_id="all"></at>'), to="oc_2").code == 230001
    assert feishu.seen("oc_2") == []


# --- CardKit ------------------------------------------------------------------------------------------------------


def test_a_streamed_card_grows_in_the_message_that_shows_it(feishu: FakeFeishu, sender: Sender) -> None:
    stream = Stream(sender)
    assert stream.send().success()
    assert [stream.say("半", 1), stream.say("半句", 2), stream.finish(3)] == [0, 0, 0]
    assert feishu.seen()[0].shown.endswith("半句")
    assert stream.say("late", 4) == 300309
    assert stream.replace(card(markdown("完")), 5) == 0
    assert feishu.seen()[0].shown.endswith("完")


def test_a_card_of_cardkit_is_sent_once_and_its_sequence_only_grows(sender: Sender) -> None:
    stream = Stream(sender)
    assert stream.send().success()
    assert stream.send().code == 230099
    assert (stream.say("a", 2), stream.say("b", 2), stream.say("c", 3, "nothing")) == (0, 300317, 300313)


def test_streaming_closes_after_ten_minutes_and_is_limited_to_ten_a_second(
    feishu: FakeFeishu, sender: Sender, clock: Clock
) -> None:
    stream = Stream(sender)
    feishu.enforce()
    assert [stream.say("a", number) for number in range(1, 12)] == [0] * 10 + [230020]
    clock.now += 601
    assert stream.say("late", 99) == 200850
