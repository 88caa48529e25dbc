"""What can be pressed in a Slack message: buttons, menus, feedback. Each has an id of its own within a view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatbot.render.addresses import web_address
from chatbot.render.blocks_text import Json, clip, plain_text
from chatbot.render.limits import Slack
from chatbot.render.markdown_text import TIER_MARKS
from chatbot.views.view import Action, Choice, Feedback, Menu
from chatbot.views.visible import one_line


class Controls:
    """Makes the controls of one view. An action_id is `kind.number`: the kind says what was pressed."""

    def __init__(self) -> None:
        self._made = 0

    def buttons(self, actions: Sequence[Action], about: str = "") -> list[Json]:
        """A button for each action that leads or sends something; `about` is told to screen readers."""
        return [button for action in actions if (button := self._button(action, about))]

    def rows(self, actions: Sequence[Action]) -> Iterator[Json]:
        """Buttons side by side."""
        for start in range(0, len(actions), Slack.ACTIONS):
            if buttons := self.buttons(actions[start : start + Slack.ACTIONS]):
                yield {"type": "actions", "elements": buttons}

    def menus(self, menu: Menu) -> Iterator[Json]:
        """A menu, or several where there are more choices than one has room for."""
        for start in range(0, len(menu.choices), Slack.OPTIONS):
            select = {
                "type": "static_select",
                "action_id": self._id(menu.kind),
                "placeholder": plain_text(clip(one_line(menu.label), Slack.PLACEHOLDER)),
                "options": [_option(choice) for choice in menu.choices[start : start + Slack.OPTIONS]],
            }
            yield {"type": "actions", "elements": [select]}

    def feedback(self, block: Feedback) -> Json:
        """Slack's own pair of buttons for it."""
        sides = (("positive_button", block.positive, "up"), ("negative_button", block.negative, "down"))
        pair = {
            side: {"text": plain_text(clip(label, Slack.BUTTON)), "value": f"{answer}:{block.value}"}
            for side, label, answer in sides
        }
        element = {"type": "feedback_buttons", "action_id": self._id(block.kind), **pair}
        return {"type": "context_actions", "elements": [element]}

    def _button(self, action: Action, about: str) -> Json | None:
        address = web_address(action.url)
        if address and len(address) <= Slack.URL:
            does = {"url": address}
        elif action.value:
            does = {"value": action.value}
        else:
            return None
        label = one_line(action.label)
        button = {"type": "button", "action_id": self._id(action.kind), "text": plain_text(clip(label, Slack.BUTTON))}
        told = {"accessibility_label": clip(f"{label}: {about}", Slack.BUTTON)} if about else {}
        return {**button, **told, **does}

    def _id(self, kind: str) -> str:
        self._made += 1
        return f"{kind}.{self._made}"


def _option(choice: Choice) -> Json:
    mark = f"{TIER_MARKS[choice.tier]} " if choice.tier else ""
    return {"text": plain_text(clip(mark + one_line(choice.label), Slack.OPTION)), "value": choice.value}
