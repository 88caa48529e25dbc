"""Draws invented days as Feishu would show them, in a page of our own: `python -m docs.preview_feishu FOLDER`.

An honest likeness of Card JSON 2.0, for looking at what is sent; not Feishu's own code. The preview of a message stands
above it; panels are drawn as they are sent, shut or open. Markdown is read by markdown-it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from chatbot.render.cards import feishu_messages
from docs.preview_scenes import Json, write_pages

STYLE = Path(__file__).with_name("preview_feishu.css").read_text("utf-8")
MARKDOWN = MarkdownIt("commonmark", {"breaks": True, "html": False}).enable(["table", "strikethrough"])


def page(messages: Iterable[Json]) -> str:
    """All messages, the thread's ones set in."""
    body = "".join(map(_message, messages))
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><main>{body}</main>'


def _message(message: Json) -> str:
    card = message["card"]
    head = _head(card["header"]) if "header" in card else ""
    preview = f'<div class="preview">✉ {escape(card["config"]["summary"]["content"])}</div>'
    body = f'<div class="card">{head}<div class="elements">{_elements(card["body"]["elements"])}</div></div>'
    kind = "message thread" if message["thread"] else "message"
    return f'<div class="{kind}"><div class="face">摘</div><div class="body">{preview}{body}</div></div>'


def _head(header: Json) -> str:
    tags = "".join(
        f'<span class="tag {tag["color"]}">{_text(tag["text"])}</span>' for tag in header.get("text_tag_list", [])
    )
    return f'<div class="head {header["template"]}"><span class="title">{_text(header["title"])}</span>{tags}</div>'


def _text(value: Json) -> str:
    return escape(value["content"])


def _elements(elements: Iterable[Json]) -> str:
    return "".join(_ELEMENTS[one["tag"]](one) for one in elements)


def _div(element: Json) -> str:
    text = element["text"]
    return f'<div class="div {text.get("text_size", "")} text{text.get("text_color", "")}">{_text(text)}</div>'


def _markdown(element: Json) -> str:
    return f'<div class="markdown {element.get("text_size", "")}">{MARKDOWN.render(element["content"])}</div>'


def _column_set(element: Json) -> str:
    columns = "".join(map(_column, element["columns"]))
    return f'<div class="column_set {element.get("flex_mode", "")}">{columns}</div>'


def _column(column: Json) -> str:
    kind = f"column {column['width']} bg{column.get('background_style', '')}"
    return f'<div class="{kind}" style="padding:{column.get("padding", 0)}">{_elements(column["elements"])}</div>'


def _panel(element: Json) -> str:
    top = f'<div class="top"><span>{_text(element["header"]["title"])}</span><span class="shut">'
    if not element["expanded"]:
        return f'<div class="panel">{top}⌄</span></div></div>'
    return f'<div class="panel">{top}⌃</span></div><div class="inside">{_elements(element["elements"])}</div></div>'


def _table(element: Json) -> str:
    columns = element["columns"]
    head = "".join(f"<th>{escape(one['display_name'])}</th>" for one in columns)
    shown = element["rows"][: element["page_size"]]
    rows = "".join(f"<tr>{''.join(_cell(row, one) for one in columns)}</tr>" for row in shown)
    pages = -(-len(element["rows"]) // element["page_size"])
    turn = f'<div class="pages">‹ 1 / {pages} ›</div>' if pages > 1 else ""
    return f'<div class="scroll"><table><tr>{head}</tr>{rows}</table>{turn}</div>'


def _cell(row: Json, column: Json) -> str:
    text = row[column["name"]]
    shown = MARKDOWN.render(text) if column["data_type"] == "markdown" else escape(text)
    return f'<td style="text-align:{column["horizontal_align"]}"><div>{shown}</div></td>'


def _chart(element: Json) -> str:
    spec = element["chart_spec"]
    values = spec["data"]["values"]
    days, tiers = (list(dict.fromkeys(value[key] for value in values)) for key in ("day", "tier"))
    most = max(sum(value["n"] for value in values if value["day"] == day) for day in days) or 1
    bars, labels = [], []
    for place, day in enumerate(days):
        labels.append(f'<text x="{place * 40 + 12}" y="206" font-size="10">{escape(day)}</text>')
        top = 190.0
        for colour, tier in zip(spec["color"], tiers, strict=True):
            count = next(value["n"] for value in values if (value["day"], value["tier"]) == (day, tier))
            top -= 180 * count / most
            at = f'x="{place * 40 + 14}" y="{top:.0f}" width="22" height="{180 * count / most:.0f}"'
            bars.append(f'<rect {at} fill="{colour}"/>')
    legend = " ".join(
        f'<span style="color:{c}">■</span> {escape(t)}' for c, t in zip(spec["color"], tiers, strict=True)
    )
    picture = f'<svg width="574" height="212">{"".join(bars)}{"".join(labels)}</svg>'
    return f"<div><b>{escape(spec['title']['text'])}</b><br>{picture}<br>{legend}</div>"


_ELEMENTS: dict[str, Callable[[Json], str]] = {
    "div": _div,
    "markdown": _markdown,
    "column_set": _column_set,
    "collapsible_panel": _panel,
    "table": _table,
    "chart": _chart,
    "hr": lambda _: "<hr>",
    "button": lambda element: f'<button class="{element["size"]}">{_text(element["text"])}</button>',
    "select_static": lambda element: f'<div class="select">{_text(element["placeholder"])}</div>',
}


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]), "feishu", feishu_messages, page)
