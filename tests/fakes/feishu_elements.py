"""What Card JSON 2.0 knows: its components with their properties; anything else is an error there.

Written from the vendor's component pages, not from our renderer. Components that we do not send are known by their
properties alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Faults = Iterator[str]

SPACING = "direction horizontal_spacing vertical_spacing horizontal_align vertical_align padding"
FIELD = "name required disabled width confirm behaviors"
OWN_TEXTS = ("plain_text", "lark_md")
URLS = ("https://", "http://", "lark://", "mailto:")


def keys(value: object, required: str, optional: str = "") -> Faults:
    """What is missing in an object, and what it has that it may not have; both are names with spaces between."""
    if not isinstance(value, dict):
        yield "must be an object"
        return
    yield from (f"missing property {key}" for key in required.split() if key not in value)
    unknown = set(value) - set(required.split()) - set(optional.split())
    yield from (f"unknown property {key} in {value.get('tag', 'object')}" for key in sorted(unknown))


def text(value: object, kinds: tuple[str, ...] = OWN_TEXTS) -> Faults:
    """A text node."""
    if not isinstance(value, dict) or value.get("tag") not in kinds:
        yield f"must be a text of {kinds}"
        return
    yield from keys(value, "tag content", "element_id text_size text_color text_align lines i18n_content")
    if not isinstance(value.get("content"), str):
        yield "content must be a string"
    elif any(0xD800 <= ord(char) <= 0xDFFF for char in value["content"]):
        yield "content is not valid Unicode"


def icon(value: object) -> Faults:
    """An icon in front of a text."""
    yield from keys(value, "tag", "token color img_key size")
    if isinstance(value, dict) and value.get("tag") not in ("standard_icon", "custom_icon"):
        yield "unknown icon"


def element(value: object) -> Faults:
    """An element of a body or a container, itself only."""
    tag = value.get("tag") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(tag, str) or tag not in ELEMENTS:
        yield f"not support tag: {tag}"
        return
    required, optional, more = ELEMENTS[tag]
    yield from keys(value, f"tag {required}", f"element_id margin {optional}")
    if "icon" in value:
        yield from icon(value["icon"])
    if more:
        yield from more(value)


# --- one component each -------------------------------------------------------------------------------------------


def _div(value: Json) -> Faults:
    yield from text(value.get("text")) if "text" in value else ()


def _markdown(value: Json) -> Faults:
    yield from text({"tag": "plain_text", "content": value.get("content")})


def _image(value: Json) -> Faults:
    yield from text(value.get("alt"), ("plain_text",))


def _button(value: Json) -> Faults:
    if "text" not in value and "icon" not in value:
        yield "a button needs a text or an icon"
    yield from text(value["text"], ("plain_text", "lark_md")) if "text" in value else ()
    kinds = "default primary danger text primary_text danger_text primary_filled danger_filled laser"
    if value.get("type", "default") not in kinds.split():
        yield f"unknown type {value.get('type')} of button"
    if value.get("size", "medium") not in ("tiny", "small", "medium", "large"):
        yield f"unknown size {value.get('size')} of button"
    yield from _acts(value)


def _acts(value: Json) -> Faults:
    for key in ("hover_tips", "disabled_tips", "placeholder"):
        yield from text(value[key], ("plain_text",)) if key in value else ()
    if "confirm" in value:
        yield from keys(value["confirm"], "title text")
        for key in ("title", "text"):
            yield from text(value["confirm"].get(key), ("plain_text",))
    behaviors = value.get("behaviors", [])
    if not isinstance(behaviors, list):
        yield "behaviors must be an array"
        return
    for behavior in behaviors:
        yield from _behavior(behavior)


def _behavior(value: Any) -> Faults:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "callback":
        yield from keys(value, "type value")
        if not isinstance(value.get("value"), dict):
            yield "the value of a callback must be an object"
    elif kind == "open_url":
        yield from keys(value, "type", "default_url android_url ios_url pc_url")
        urls = [url for key, url in value.items() if key.endswith("_url")]
        if not urls or not all(isinstance(url, str) and url.startswith(URLS) for url in urls):
            yield "invalid url"
    else:
        yield f"unknown behavior {kind}"


def _select(value: Json) -> Faults:
    yield from _acts(value)
    options = value.get("options")
    if not isinstance(options, list) or not options:
        yield "options must be an array that is not empty"
        return
    for option in options:
        yield from keys(option, "text value", "icon")
        yield from text(option.get("text"), ("plain_text",))
        if not isinstance(option.get("value"), str):
            yield "the value of an option must be a string"
    if len({str(option.get("value")) for option in options}) < len(options):
        yield "the values of options must be unique"


def _overflow(value: Json) -> Faults:
    for option in value["options"]:
        yield from keys(option, "text", "value multi_url")
        yield from text(option.get("text"), ("plain_text",))


def _panel(value: Json) -> Faults:
    header = value.get("header")
    yield from keys(
        header,
        "title",
        "background_color vertical_align padding position width icon icon_position icon_expanded_angle",
    )
    if isinstance(header, dict):
        yield from text(header.get("title"), ("plain_text", "markdown"))
        yield from icon(header["icon"]) if "icon" in header else ()
        if header.get("icon_position", "left") not in ("left", "right", "follow_text"):
            yield "unknown icon_position"
    if "border" in value:
        yield from keys(value["border"], "", "color corner_radius")
    if not isinstance(value.get("expanded", False), bool):
        yield "expanded must be true or false"


def _column_set(value: Json) -> Faults:
    if not value.get("columns") or any(one.get("tag") != "column" for one in value["columns"]):
        yield "columns must be columns"
    if value.get("flex_mode", "none") not in ("none", "stretch", "flow", "bisect", "trisect"):
        yield "unknown flex_mode"


def _column(value: Json) -> Faults:
    if value.get("width", "auto") == "weighted" and value.get("weight", 1) not in range(1, 6):
        yield "weight must be 1 to 5"


def _chart(value: Json) -> Faults:
    spec = value.get("chart_spec")
    if not isinstance(spec, dict) or not isinstance(spec.get("type"), str):
        yield "chart_spec must be an object with a type"
    if value.get("aspect_ratio", "1:1") not in ("1:1", "2:1", "4:3", "16:9"):
        yield "unknown aspect_ratio"
    if value.get("color_theme", "brand") not in ("brand", "rainbow", "complementary", "converse", "primary"):
        yield "unknown color_theme"


ELEMENTS: dict[str, tuple[str, str, Callable[[Json], Faults] | None]] = {
    "button": ("", f"text type size icon hover_tips disabled_tips form_action_type {FIELD}", _button),
    "chart": ("chart_spec", "aspect_ratio color_theme preview height", _chart),
    "checker": ("text", f"checked overall_checkable button_area checked_style hover_tips disabled_tips {FIELD}", _acts),
    "collapsible_panel": ("header elements", f"expanded background_color border {SPACING}", _panel),
    "column": ("", f"elements background_style width weight action {SPACING}", _column),
    "column_set": ("columns", "flex_mode horizontal_spacing horizontal_align background_style action", _column_set),
    "date_picker": ("", f"placeholder initial_date {FIELD}", _acts),
    "div": ("", "text width icon", _div),
    "form": ("name elements", f"confirm {SPACING}", None),
    "hr": ("", "", None),
    "img": ("img_key alt", "title corner_radius scale_type size transparent preview", _image),
    "img_combination": ("combination_mode img_list", "corner_radius combination_transparent", None),
    "input": ("", f"placeholder default_value input_type rows max_length label label_position {FIELD}", _acts),
    "interactive_container": (
        "elements",
        f"width height background_style has_border border_color corner_radius behaviors hover_tips disabled "
        f"disabled_tips confirm {SPACING}",
        _acts,
    ),
    "markdown": ("content", "text_size text_align icon i18n_content", _markdown),
    "multi_select_static": ("options", f"type placeholder selected_values {FIELD}", _select),
    "overflow": ("options", "width value confirm", _overflow),
    "person": ("user_id", "size show_avatar show_name style", None),
    "person_list": ("persons", "lines show_name show_avatar size drop_invalid_user_id icon", None),
    "picker_datetime": ("", f"placeholder initial_datetime {FIELD}", _acts),
    "picker_time": ("", f"placeholder initial_time {FIELD}", _acts),
    "select_person": ("", f"type placeholder options initial_option {FIELD}", _acts),
    "select_static": ("options", f"type placeholder initial_index initial_option {FIELD}", _select),
    "table": (
        "columns rows",
        "page_size row_height row_max_height freeze_first_column header_style",
        None,
    ),
}
"""Tag -> the properties it must have, those it may have besides, and what else is looked at."""
