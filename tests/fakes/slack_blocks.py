"""What Slack refuses in a message: unknown blocks and keys, and whatever is over a limit.

Written from Slack's documentation and @slack/types, not from our renderer: its figures are its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.fakes.slack_elements import Faults, element, items, keys, rich_part, small_element, string, text

Json = dict[str, Any]

MOST_TEXT = 9_000
"""Characters of all texts of a message. Slack's own limit is not documented; messages were refused from 11,341 on."""


class BlocksError(Exception):
    """Why blocks are refused: Slack's code, and a sentence for each fault."""

    def __init__(self, code: str, faults: list[str]) -> None:
        super().__init__(code, *faults)
        self.code = code
        self.faults = faults


def check_message(blocks: object, refused: Iterable[str] = ()) -> None:
    """Raises BlocksError for what no message may have; `refused` are block types that this workspace does not know."""
    check(blocks, most=50, refused=refused)
    if (length := text_length(blocks)) > MOST_TEXT:
        raise BlocksError("msg_blocks_too_long", [f"{length} characters"])


def check_view(view: object) -> None:
    """The same for a modal or the App Home."""
    if not isinstance(view, dict) or view.get("type") not in ("home", "modal"):
        raise BlocksError("invalid_arguments", ["view must be a home or a modal"])
    known = {"type", "blocks", "private_metadata", "callback_id", "external_id", "title", "submit", "close"}
    known |= {"clear_on_close", "notify_on_close", "submit_disabled"}
    if unknown := set(view) - known:
        raise BlocksError("invalid_arguments", [f"unknown keys {sorted(unknown)}"])
    check(view.get("blocks"), most=100)


def check(blocks: object, most: int, refused: Iterable[str] = ()) -> None:
    """Raises BlocksError("invalid_blocks") with everything that is wrong."""
    if not isinstance(blocks, list):
        raise BlocksError("invalid_blocks_format", ["blocks must be an array"])
    faults = [f"more than {most} items"] if len(blocks) > most else []
    for number, block in enumerate(blocks):
        faults += [f"{fault} [json-pointer:/blocks/{number}]" for fault in _block(block, refused)]
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
    faults += ["more than one table"] if kinds.count("table") > 1 else []
    faults += ["more than two charts"] if kinds.count("data_visualization") > 2 else []
    ids = list(_ids(blocks))
    faults += [f"id {one} is not unique" for one in sorted({one for one in ids if ids.count(one) > 1})]
    if faults:
        raise BlocksError("invalid_blocks", faults)


def text_length(value: object) -> int:
    """The characters of all texts in a value."""
    if isinstance(value, dict):
        own = value.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(text_length, value.values()))
    return sum(map(text_length, value)) if isinstance(value, list) else 0


def _ids(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (value[key] for key in ("block_id", "action_id") if key in value)
        for part in value.values():
            yield from _ids(part)
    elif isinstance(value, list):
        for part in value:
            yield from _ids(part)


# --- blocks -----------------------------------------------------------------------------------------------------


def _block(block: object, refused: Iterable[str]) -> Faults:
    kind = block.get("type") if isinstance(block, dict) else None
    if not isinstance(kind, str) or kind not in _BLOCKS or kind in refused:
        yield f"unsupported type: {kind}"
    else:
        yield from _BLOCKS[kind](block)


def _header(block: Json) -> Faults:
    yield from keys(block, "type text", "block_id")
    yield from text(block.get("text"), 150, plain=True)


def _section(block: Json) -> Faults:
    yield from keys(block, "type", "block_id text fields accessory expand")
    if "text" not in block and "fields" not in block:
        yield "missing required field: text or fields"
    if "text" in block:
        yield from text(block["text"])
    if "fields" in block:
        yield from items(block["fields"], 10, "fields", lambda one: text(one, 2_000))
    if "accessory" in block:
        yield from element(block["accessory"])


def _context(block: Json) -> Faults:
    yield from keys(block, "type elements", "block_id")
    yield from items(block.get("elements"), 10, "elements", text)


def _actions(block: Json) -> Faults:
    yield from keys(block, "type elements", "block_id")
    yield from items(block.get("elements"), 25, "elements", element)


def _context_actions(block: Json) -> Faults:
    yield from keys(block, "type elements", "block_id")
    yield from items(block.get("elements"), 5, "elements", small_element)


def _rich_text(block: Json) -> Faults:
    yield from keys(block, "type elements", "block_id")
    yield from items(block.get("elements"), 100_000, "elements", rich_part)


def _table(block: Json) -> Faults:
    yield from keys(block, "type rows", "block_id column_settings")
    rows = block.get("rows")
    yield from items(rows, 100, "rows", lambda row: items(row, 20, "cells", _cell))
    if isinstance(rows, list) and len({len(row) for row in rows if isinstance(row, list)}) > 1:
        yield "rows differ in length"
    if text_length(rows) > 10_000:
        yield "cells must be less than 10001 characters"
    if "column_settings" in block:
        yield from items(block["column_settings"], 20, "column_settings", lambda one: keys(one, "", "align is_wrapped"))


def _cell(cell: Any) -> Faults:
    if isinstance(cell, dict) and cell.get("type") == "raw_text":
        yield from keys(cell, "type text")
        yield from string(cell.get("text"), 10_000, "cell")
    elif isinstance(cell, dict) and cell.get("type") == "rich_text":
        yield from _rich_text(cell)
        if not text_length(cell):
            yield "cell must not be empty"
    else:
        yield "a cell must be raw_text or rich_text"


def _chart(block: Json) -> Faults:
    yield from keys(block, "type title chart", "block_id")
    yield from string(block.get("title"), 50, "title")
    chart = block.get("chart")
    if not isinstance(chart, dict) or chart.get("type") not in ("bar", "line", "area"):
        yield "unsupported chart"
        return
    yield from keys(chart, "type series axis_config")
    series = chart.get("series")
    yield from items(series, 12, "series", _series)
    yield from keys(chart.get("axis_config"), "categories", "x_label y_label")
    if isinstance(series, list):
        names = [one.get("name") for one in series]
        yield from ["series must have unique names"] if len(set(names)) < len(names) else []
        categories = chart.get("axis_config", {}).get("categories")
        if any([point.get("label") for point in one.get("data", [])] != categories for one in series):
            yield "labels must be the categories"


def _series(one: Any) -> Faults:
    yield from keys(one, "name data")
    yield from string(one.get("name"), 20, "name")
    yield from items(one.get("data"), 20, "data", _point)


def _point(point: Any) -> Faults:
    yield from keys(point, "label value")
    yield from string(point.get("label"), 20, "label")
    if not isinstance(point.get("value"), int | float):
        yield "value must be a number"


def _known(required: str, optional: str = "") -> Callable[[Json], Faults]:
    """A block that we do not send: its keys alone."""
    return lambda block: keys(block, f"type {required}", f"block_id {optional}")


def _markdown(block: Json) -> Faults:
    yield from keys(block, "type text", "block_id")
    yield from string(block.get("text"), 12_000, "text")


_BLOCKS: dict[str, Callable[[Json], Faults]] = {
    "actions": _actions,
    "context": _context,
    "context_actions": _context_actions,
    "data_visualization": _chart,
    "divider": _known(""),
    "file": _known("source external_id"),
    "header": _header,
    "image": _known("alt_text", "title image_url slack_file"),
    "input": _known("label element", "hint optional dispatch_action"),
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
    "table": _table,
    "video": _known("video_url thumbnail_url alt_text title", "title_url author_name provider_name description"),
}
