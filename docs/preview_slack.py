"""Draws invented days as Slack would show them, in a page of our own: `python -m docs.preview_slack FOLDER`.

An honest likeness of Block Kit in a message, for looking at what is sent; not Slack's own code.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

from chatbot.render.blocks import slack_messages
from docs.preview_scenes import Json, write_pages

STYLE = Path(__file__).with_name("preview_slack.css").read_text("utf-8")
COLOURS = ("#e01e5a", "#ecb22e", "#2eb67d")


def page(messages: Iterable[Json]) -> str:
    """All messages, the thread's ones set in."""
    body = "".join(map(_message, messages))
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><main>{body}</main>'


def _message(message: Json) -> str:
    who = '<div class="who">Commit Digest <small class="app">APP</small><small>09:00</small></div>'
    blocks = "".join(f'<div class="block {one["type"]}">{_BLOCKS[one["type"]](one)}</div>' for one in message["blocks"])
    kind = "message thread" if message["thread"] else "message"
    return f'<div class="{kind}"><div class="face">cd</div><div class="body">{who}{blocks}</div></div>'


def _text(value: Json) -> str:
    return escape(value["text"])


def _section(block: Json) -> str:
    accessory = _element(block["accessory"]) if "accessory" in block else ""
    return f"<div>{_text(block['text'])}</div>{accessory}"


def _element(element: Json) -> str:
    match element["type"]:
        case "button":
            return f"<button>{_text(element['text'])}</button>"
        case "static_select":
            return f'<span class="select">{_text(element["placeholder"])}</span>'
        case "feedback_buttons":
            labels = (_text(element[side]["text"]) for side in ("positive_button", "negative_button"))
            return "".join(f"<button>{mark} {label}</button>" for mark, label in zip("👍👎", labels, strict=True))
    return _text(element)


def _elements(block: Json) -> str:
    return "".join(map(_element, block["elements"]))


def _leaf(leaf: Json) -> str:
    if leaf["type"] == "emoji":
        marks = {"red_circle": "🔴", "large_yellow_circle": "🟡", "large_green_circle": "🟢", "warning": "⚠️"}
        return marks[leaf["name"]]
    text = escape(leaf["text"])
    for style, tag in (("code", "code"), ("bold", "b"), ("italic", "i")):
        text = f"<{tag}>{text}</{tag}>" if leaf.get("style", {}).get(style) else text
    return f'<a href="{escape(leaf["url"])}">{text}</a>' if leaf["type"] == "link" else text


def _rich(block: Json) -> str:
    return f'<div class="rich">{"".join(map(_rich_part, block["elements"]))}</div>'


def _rich_part(part: Json) -> str:
    if part["type"] == "rich_text_list":
        items = "".join(f"<li>{_leaves(item)}</li>" for item in part["elements"])
        return f'<ul class="i{part["indent"]}">{items}</ul>'
    tags = {"rich_text_section": "div", "rich_text_quote": "blockquote", "rich_text_preformatted": "pre"}
    return f"<{tags[part['type']]}>{_leaves(part)}</{tags[part['type']]}>"


def _leaves(part: Json) -> str:
    return "".join(map(_leaf, part["elements"]))


def _table(block: Json) -> str:
    wraps = [one.get("is_wrapped") for one in block.get("column_settings", [])]
    rows = []
    for number, row in enumerate(block["rows"]):
        tag = "td" if number else "th"
        cells = (f'<{tag} class="{"wrap" if wraps[n] else ""}">{_cell(cell)}</{tag}>' for n, cell in enumerate(row))
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f'<div class="scroll"><table>{"".join(rows)}</table></div>'


def _cell(cell: Json) -> str:
    return _rich(cell) if cell["type"] == "rich_text" else _text(cell)


def _chart(block: Json) -> str:
    series = block["chart"]["series"]
    most = max(point["value"] for one in series for point in one["data"]) or 1
    bars, labels = [], []
    for day, point in enumerate(series[0]["data"]):
        labels.append(f'<text x="{day * 48 + 14}" y="116" font-size="10">{escape(point["label"])}</text>')
        for number, one in enumerate(series):
            height = 96 * one["data"][day]["value"] / most
            place = f'x="{day * 48 + 8 + number * 12}" y="{100 - height:.0f}" width="10" height="{height:.0f}"'
            bars.append(f'<rect {place} fill="{COLOURS[number]}"/>')
    legend = " ".join(
        f'<span style="color:{c}">■</span> {escape(s["name"])}' for c, s in zip(COLOURS, series, strict=True)
    )
    picture = f'<svg width="676" height="120">{"".join(bars)}{"".join(labels)}</svg>'
    return f'<div class="chart"><b>{escape(block["title"])}</b>{picture}<br>{legend}</div>'


_BLOCKS: dict[str, Callable[[Json], str]] = {
    "header": lambda block: _text(block["text"]),
    "section": _section,
    "context": _elements,
    "context_actions": _elements,
    "actions": _elements,
    "rich_text": _rich,
    "table": _table,
    "data_visualization": _chart,
    "divider": lambda _: "",
}


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]), "slack", slack_messages, page)
