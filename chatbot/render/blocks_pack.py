"""What of Slack's limits a block takes: blocks, their characters, tables, charts."""

from __future__ import annotations

from chatbot.render.blocks_text import Json, leaf_size, size
from chatbot.render.limits import Slack
from chatbot.render.packing import Cost, Form

_NO_TEXT = ("type", "value", "url", "action_id", "align", "accessibility_label")
"""Keys whose text nobody sees in the message."""


def block_size(value: object) -> int:
    """The characters that a block counts: every text in it, and the addresses in its texts."""
    if isinstance(value, dict):
        if value.get("type") in ("text", "link", "emoji"):
            return leaf_size(value)
        return sum(block_size(part) for key, part in value.items() if key not in _NO_TEXT)
    if isinstance(value, list | tuple):
        return sum(map(block_size, value))
    return size(value) if isinstance(value, str) else 0


def _cost(block: Json) -> Cost:
    return 1, block_size(block), block["type"] == "table", block["type"] == "data_visualization"


MESSAGE = Form(
    most=(Slack.BLOCKS, Slack.MESSAGE_TEXT, Slack.TABLES, Slack.CHARTS),
    heading=(Slack.BLOCKS, Slack.TEXT, 0, 0),
    rows=Slack.TABLE_ROWS - 1,
    cost=_cost,
    row_cost=lambda row: (0, block_size(row), 0, 0),
)
"""A message."""
