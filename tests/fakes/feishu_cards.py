"""What Feishu refuses in a card: unknown properties, and whatever is over a limit.

The figures are Feishu's, those of tables what survives in the field; our own are elsewhere, and smaller. What Feishu
would leave out silently (columns, tags of a title beyond its limits) is refused here too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from tests.fakes.feishu_elements import element, icon, keys, text
from tests.fakes.feishu_markup import IMAGE, markdown_in, mentions_in, tagged

Json = dict[str, Any]
Faults = Iterator[str]

ELEMENTS, NESTING, TABLES, CHARTS, COLUMNS, PAGE = 200, 5, 3, 5, 50, 10
ELEMENT_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,19}")
TABLE_OF_MARKDOWN = re.compile(r"^ {0,3}\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?$", re.MULTILINE)
WIDTH = re.compile(r"auto|[1-9]\d{1,2}px|[1-9]\d?%|100%")
AT_ROOT_ONLY = ("form", "table")
CELLS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "lark_md": (str,),
    "markdown": (str,),
    "number": (int, float),
    "date": (int,),
    "options": (list, str),
    "persons": (list, str),
}
COLOURS = "default blue wathet turquoise green yellow orange red carmine violet purple indigo grey neutral lime"


class CardError(Exception):
    """Why a card is refused: the code that 230099 tells inside its words, and a sentence for each fault."""

    def __init__(self, code: int, faults: list[str]) -> None:
        super().__init__(code, *faults)
        self.code = code
        self.faults = faults


def check_card(card: object, people: Collection[str] | None = None) -> None:
    """Raises CardError. `people`: who can be mentioned, "all" among them if it may be; None: that is not looked at."""
    _raise(200621, _root(card))
    body = card.get("body", {}).get("elements", []) if isinstance(card, dict) else []
    _raise(200621, _inside(body, 1))
    _raise(200621, _ids(card))
    _raise(11310, _counts(card))
    _raise(200914, _tables(card))
    keys_of_images = (key for text in markdown_in(card) for key in IMAGE.findall(text))
    _raise(11311, (f"invalid image key {key}" for key in keys_of_images if not key.startswith("img_")))
    if people is not None:
        unknown = sorted({one for one in mentions_in(card) if one not in people})
        _raise(100290, (f"invalid at id {one}" for one in unknown))


def _raise(code: int, faults: Iterator[str]) -> None:
    found = list(faults)
    if found:
        raise CardError(code, found)


def _root(card: object) -> Faults:
    yield from keys(card, "schema body", "config card_link header")
    if not isinstance(card, dict):
        return
    if card.get("schema") != "2.0":
        yield "schema must be 2.0"
    body = card.get("body")
    spacing = "direction padding horizontal_spacing horizontal_align vertical_spacing vertical_align"
    yield from keys(body, "elements", spacing)
    if isinstance(body, dict) and not isinstance(body.get("elements"), list):
        yield "elements must be an array"
    yield from _config(card.get("config", {}))
    yield from _header(card["header"]) if "header" in card else ()


def _config(config: Any) -> Faults:
    known = "streaming_mode streaming_config summary locales enable_forward update_multi width_mode"
    yield from keys(config, "", f"{known} use_custom_translation enable_forward_interaction style")
    if isinstance(config, dict):
        if config.get("update_multi", True) is not True:
            yield "update_multi must be true"
        if config.get("width_mode", "default") not in ("default", "compact", "fill"):
            yield "unknown width_mode"
        yield from keys(config["summary"], "content", "i18n_content") if "summary" in config else ()


def _header(header: Any) -> Faults:
    yield from keys(header, "title", "subtitle template text_tag_list i18n_text_tag_list icon padding")
    if not isinstance(header, dict):
        return
    yield from text(header.get("title"))
    yield from text(header["subtitle"]) if "subtitle" in header else ()
    yield from icon(header["icon"]) if "icon" in header else ()
    if header.get("template", "default") not in COLOURS.split():
        yield f"unknown template {header['template']}"
    tags = header.get("text_tag_list", [])
    if len(tags) > 3:
        yield "more than 3 tags"
    for tag in tags:
        yield from keys(tag, "tag text", "element_id color")
        yield from text(tag.get("text"), ("plain_text",))
        if tag.get("color", "blue") not in COLOURS.split():
            yield f"unknown color {tag['color']}"


def _inside(elements: Any, level: int) -> Faults:
    for one in elements:
        yield from element(one)
        if not isinstance(one, dict):
            continue
        if level > NESTING:
            yield f"nested deeper than {NESTING}"
        if level > 1 and one.get("tag") in AT_ROOT_ONLY:
            yield f"{one['tag']} only at the root of the body"
        for key in ("elements", "columns") if one.get("tag") != "table" else ():
            yield from _inside(one.get(key, []), level + 1)


def _ids(card: Any) -> Faults:
    ids = [one["element_id"] for one in tagged(card) if "element_id" in one]
    for one in ids:
        if not isinstance(one, str) or not ELEMENT_ID.fullmatch(one):
            yield f"invalid element_id {one}"
    yield from (f"element_id {one} is not unique" for one in sorted({one for one in ids if ids.count(one) > 1}))


def _counts(card: Any) -> Faults:
    nodes = list(tagged(card))
    if len(nodes) > ELEMENTS:
        yield f"element exceeds the limit: {len(nodes)}"
    tables = [one for one in nodes if one["tag"] == "table"]
    if len(tables) + sum(len(TABLE_OF_MARKDOWN.findall(one)) for one in markdown_in(card)) > TABLES:
        yield "table number over limit"
    if sum(one["tag"] == "chart" for one in nodes) > CHARTS:
        yield "chart number over limit"


def _tables(card: Any) -> Faults:
    for table in (one for one in tagged(card) if one["tag"] == "table"):
        columns = table.get("columns", [])
        if not 0 < len(columns) <= COLUMNS:
            yield f"a table has 1 to {COLUMNS} columns"
        if table.get("page_size", 5) not in range(1, PAGE + 1):
            yield f"page_size must be 1 to {PAGE}"
        if "header_style" in table:
            yield from keys(table["header_style"], "", "text_align text_size background_style text_color bold lines")
        for column in columns:
            yield from keys(
                column, "name data_type", "display_name width horizontal_align vertical_align format date_format"
            )
            if column.get("data_type") not in CELLS:
                yield f"unknown data_type {column.get('data_type')}"
            if not WIDTH.fullmatch(str(column.get("width", "auto"))):
                yield f"invalid width {column['width']}"
        types = {one.get("name"): CELLS.get(one.get("data_type"), ()) for one in columns}
        for row in table.get("rows", []):
            yield from _row(row, types)


def _row(row: Any, types: dict[Any, tuple[type, ...]]) -> Faults:
    if not isinstance(row, dict):
        yield "a row must be an object"
        return
    for name, cell in row.items():
        if name not in types:
            yield f"no column {name}"
        elif not isinstance(cell, types[name]):
            yield f"the cell in {name} has another type"
