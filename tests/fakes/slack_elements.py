"""The parts of Slack's blocks, and what is wrong with them: every check yields a sentence for each fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
URLS = ("https://", "http://", "mailto:")

Faults = Iterator[str]


def keys(value: object, required: str, optional: str = "") -> Faults:
    """What is missing of an object, and what it has that is not known; keys are parted by blanks."""
    if not isinstance(value, dict):
        yield "must be an object"
        return
    missing = set(required.split()) - set(value)
    unknown = set(value) - set(required.split()) - set(optional.split()) - {"type"}
    yield from (f"missing required field: {key}" for key in sorted(missing))
    yield from (f"no such key: {key} in {value.get('type')}" for key in sorted(unknown))
    for key in ("block_id", "action_id"):
        if key in value and not 0 < len(value[key]) <= 255:
            yield f"{key} must be 1 to 255 characters"


def string(value: object, most: int, name: str) -> Faults:
    """A text that is not empty, of at most `most` UTF-16 units."""
    if not isinstance(value, str) or not value.strip():
        yield f"{name} must be a text that is not empty"
    elif any(0xD800 <= ord(char) <= 0xDFFF for char in value):
        yield f"{name} is not valid Unicode"
    elif len(value.encode("utf-16-le")) // 2 > most:
        yield f"{name} must be less than {most + 1} characters"


def items(value: object, most: int, name: str, check_one: Callable[[Any], Faults]) -> Faults:
    """An array that is not empty, of at most `most` items, each of which is checked."""
    if not isinstance(value, list) or not value:
        yield f"{name} must be an array that is not empty"
        return
    if len(value) > most:
        yield f"no more than {most} items allowed in {name}"
    for one in value:
        yield from check_one(one)


def text(value: object, most: int = 3_000, plain: bool = False) -> Faults:
    """A text object."""
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield f"must be a text object of {kinds}"
        return
    yield from keys(value, "type text", "emoji" if value["type"] == "plain_text" else "verbatim")
    yield from string(value.get("text"), most, "text")


def url(value: object, most: int = 3_000) -> Faults:
    """An address."""
    yield from string(value, most, "url")
    if isinstance(value, str) and (not value.startswith(URLS) or " " in value):
        yield "invalid url"


# --- elements ---------------------------------------------------------------------------------------------------


def element(element: Any) -> Faults:
    """What an actions block holds, or stands beside a section."""
    kind = element.get("type") if isinstance(element, dict) else None
    if kind == "button":
        yield from _button(element)
    elif kind == "static_select":
        yield from _select(element)
    elif kind == "overflow":
        yield from keys(element, "type options", "action_id confirm")
        yield from items(element.get("options"), 5, "options", _option)
    else:
        yield f"unsupported element: {kind}"


def _button(element: Json) -> Faults:
    yield from keys(element, "type text", "action_id url value style confirm accessibility_label")
    yield from text(element.get("text"), 75, plain=True)
    if "url" in element:
        yield from url(element["url"])
    if "value" in element:
        yield from string(element["value"], 2_000, "value")
    if "accessibility_label" in element:
        yield from string(element["accessibility_label"], 75, "accessibility_label")
    if element.get("style", "primary") not in ("primary", "danger"):
        yield "style must be primary or danger"


def _select(element: Json) -> Faults:
    yield from keys(element, "type", "action_id placeholder options option_groups initial_option confirm focus_on_load")
    if "placeholder" in element:
        yield from text(element["placeholder"], 150, plain=True)
    yield from items(element.get("options"), 100, "options", _option)


def _option(option: Any) -> Faults:
    yield from keys(option, "text value", "description url")
    yield from text(option.get("text"), 75, plain=True)
    yield from string(option.get("value"), 75, "value")


def small_element(element: Any) -> Faults:
    """What a context_actions block holds."""
    if not isinstance(element, dict) or element.get("type") != "feedback_buttons":
        yield "must be feedback_buttons"
        return
    yield from keys(element, "type positive_button negative_button", "action_id")
    for side in ("positive_button", "negative_button"):
        button = element.get(side, {})
        yield from keys(button, "text value", "accessibility_label")
        yield from text(button.get("text"), 75, plain=True)
        yield from string(button.get("value"), 2_000, "value")


# --- rich text --------------------------------------------------------------------------------------------------

_LEAVES = {
    "text": ("text", ""),
    "link": ("url", "text unsafe"),
    "emoji": ("name", "unicode url"),
    "user": ("user_id", ""),
    "channel": ("channel_id", ""),
    "usergroup": ("usergroup_id", ""),
    "broadcast": ("range", ""),
    "date": ("timestamp format", "url fallback"),
}


def rich_part(part: Any) -> Faults:
    """A part of rich text."""
    kind = part.get("type") if isinstance(part, dict) else None
    if kind == "rich_text_list":
        yield from keys(part, "type style elements", "indent border offset")
        yield from items(part.get("elements"), 100_000, "elements", rich_part)
    elif kind in ("rich_text_section", "rich_text_quote", "rich_text_preformatted"):
        yield from keys(part, "type elements", "border" if kind != "rich_text_section" else "")
        yield from items(part.get("elements"), 100_000, "elements", _leaf)
    else:
        yield f"unsupported rich text element: {kind}"


def _leaf(leaf: Any) -> Faults:
    kind = leaf.get("type") if isinstance(leaf, dict) else None
    if kind not in _LEAVES:
        yield f"unsupported leaf: {kind}"
        return
    required, optional = _LEAVES[kind]
    yield from keys(leaf, f"type {required}", f"style {optional}")
    yield from keys(leaf.get("style", {}), "", "bold italic strike code underline")
    if kind == "text" and not leaf.get("text"):
        yield "text must be more than 0 characters"
    if kind == "link":
        yield from url(leaf.get("url"))
    if len(leaf.get("text", "")) > 3_000:
        yield "text must be less than 3001 characters"
