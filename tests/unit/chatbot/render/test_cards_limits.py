"""What does not fit into a Feishu card goes on in the next one, or is shown in another way."""

from __future__ import annotations

from chatbot.render.cards import feishu_messages
from chatbot.render.limits import Feishu
from chatbot.views.view import (
    Action,
    Actions,
    Code,
    Excerpt,
    Fold,
    Heading,
    Link,
    Paragraph,
    Section,
    Table,
    Text,
)
from tests.unit.chatbot.render.cards_reading import (
    checked,
    elements,
    nodes,
    shown,
    texts,
    values,
)
from tests.unit.chatbot.render.views import (
    URL,
    view,
)


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
