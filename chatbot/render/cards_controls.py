"""What can be pressed in a Feishu card: buttons, menus, feedback.

What comes back of a button is `{"kind", "value"}`, of a menu `{"kind"}` with the chosen value beside it as `option`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot.render.addresses import web_address
from chatbot.render.cards_parts import column, columns
from chatbot.render.cards_text import Json, clip, plain_text
from chatbot.render.limits import Feishu
from chatbot.render.markdown_text import TIER_MARKS
from chatbot.views.view import Action, Choice, Feedback, Menu
from chatbot.views.visible import one_line


def buttons(actions: Sequence[Action], callbacks: bool = True, size: str = "medium") -> list[Json]:
    """A button for each action that leads somewhere, or (where there are `callbacks`) sends something."""
    return [button for action in actions if (button := _button(action, callbacks, size))]


def rows(made: Sequence[Json]) -> Iterator[Json]:
    """Buttons side by side."""
    for start in range(0, len(made), Feishu.BUTTONS):
        yield columns(*(column([button]) for button in made[start : start + Feishu.BUTTONS]), flex_mode="flow")


def menus(menu: Menu) -> Iterator[Json]:
    """A menu, or several that say which they are, where there are more choices than one has room for."""
    parts = [menu.choices[start : start + Feishu.OPTIONS] for start in range(0, len(menu.choices), Feishu.OPTIONS)]
    for number, choices in enumerate(parts, start=1):
        place = f" ({number}/{len(parts)})" if len(parts) > 1 else ""
        yield {
            "tag": "select_static",
            "placeholder": plain_text(clip(one_line(menu.label), Feishu.LABEL) + place),
            "width": "fill",
            "options": [_option(choice) for choice in choices],
            "behaviors": [{"type": "callback", "value": {"kind": menu.kind}}],
        }


def feedback(block: Feedback) -> Json:
    """A pair of buttons; `up` or `down` stands before the value."""
    pair = (("👍", block.positive, "up"), ("👎", block.negative, "down"))
    actions = [Action(block.kind, f"{mark} {label}", value=f"{answer}:{block.value}") for mark, label, answer in pair]
    return next(rows(buttons(actions)))


def _button(action: Action, callbacks: bool, size: str) -> Json | None:
    address = web_address(action.url)
    if address and len(address) <= Feishu.URL:
        does: Json = {"type": "open_url", "default_url": address}
    elif action.value and callbacks:
        does = {"type": "callback", "value": {"kind": action.kind, "value": action.value}}
    else:
        return None
    label = plain_text(clip(one_line(action.label), Feishu.LABEL))
    return {"tag": "button", "type": "default", "size": size, "text": label, "behaviors": [does]}


def _option(choice: Choice) -> Json:
    mark = f"{TIER_MARKS[choice.tier]} " if choice.tier else ""
    return {"text": plain_text(clip(mark + one_line(choice.label), Feishu.LABEL)), "value": choice.value}
