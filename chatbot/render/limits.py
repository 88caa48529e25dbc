"""What each chat platform allows in a message; where its documentation is silent, what was refused, less a margin."""

from __future__ import annotations


class Slack:
    """Block Kit, by docs.slack.dev/reference/block-kit and slack_sdk's models. Characters are UTF-16 units."""

    BLOCKS = 50
    """Blocks of a message; a modal or the App Home has 100."""
    MESSAGE_TEXT = 9_000
    """Characters of all blocks of a message together. Undocumented: `msg_blocks_too_long` comes from 11,341 on."""
    TEXT = 3_000
    """Characters of a text object, and of a rich text block of ours."""
    HEADER = 150
    NOTIFICATION = 700
    """Characters of a message's `text` before escaping, which makes five of one at most: 4,000 are advised."""
    TABLES = 1
    """Tables in a message."""
    TABLE_ROWS = 100
    """Rows of a table, its head included."""
    TABLE_COLUMNS = 20
    TABLE_CELL = 400
    """Characters of a cell: 20 of them fit in a message (Slack itself allows 10,000 over all cells)."""
    CHARTS = 2
    """Charts (data_visualization) in a message."""
    CHART_TITLE = 50
    CHART_LABEL = 20
    CHART_POINTS = 20
    ACTIONS = 25
    """Elements of an actions block."""
    OPTIONS = 100
    OPTION = 75
    """Characters of an option's text, and of its value."""
    PLACEHOLDER = 150
    BUTTON = 75
    """Characters of a button's text, and of its label for screen readers."""
    VALUE = 2_000
    URL = 3_000
    LINK = 2_000
    """Characters of an address in a text, which may count as text; a longer one is left out."""
    ID = 255
    """Characters of a block_id or an action_id."""


class Feishu:
    """Card JSON 2.0, by open.feishu.cn and what was seen in the field. Bytes are those of the request's body."""

    REQUEST_BYTES = 30_000
    """Bytes of the body of a request that carries a card (error 230025 over it)."""
    WEBHOOK_BYTES = 20_000
    """The same for the webhook of a custom bot."""
    ENVELOPE = 500
    """Bytes that are left for what stands around the card: the chat, the key, the signature."""
    ELEMENTS = 200
    """Elements of a card, plain_text nodes counted (230099/11310 over it)."""
    NESTING = 5
    TABLES = 3
    """Tables of a card, those of Markdown counted: 5 by the documentation, 3 in the field."""
    TABLE_PAGE = 10
    """Rows that a table shows at once; it turns pages."""
    TABLE_COLUMNS = 50
    TABLE_CELL = 1_000
    """Bytes of a cell of ours."""
    CHARTS = 5
    CHART_POINTS = 31
    """Days of a chart of ours; earlier ones are left out."""
    ELEMENT_ID = 20
    """Characters of an element_id, `[A-Za-z][A-Za-z0-9_]*`."""
    UUID = 50
    """Characters of the idempotency key of a message, which holds for an hour."""
    TEXT = 4_000
    """Bytes of an element of ours that is a text."""
    TITLE = 400
    """Bytes of a title of ours: clients show four lines of one and hide the rest."""
    SUMMARY = 1_000
    """Bytes of a preview of ours; clients show a line of it."""
    LABEL = 200
    """Bytes of the text of a button or an option of ours."""
    URL = 1_500
    """Characters of an address of ours; a longer one is left out."""
    PANEL = 12_000
    """Bytes of what a folding panel of ours holds; a panel in one holds two thirds of it."""
    PANEL_ELEMENTS = 80
    PANELS = 2
    """Panels of ours inside each other: what is in the innermost may be three levels deep itself."""
    BUTTONS = 10
    """Buttons of ours in a row."""
    OPTIONS = 50
    """Options of a menu of ours: 100 of them would be half the elements of a card and all its bytes."""
    FOOT = 12_000
    """Bytes that the end of the first card may have; what is over it stands in the thread."""
    FOOT_ELEMENTS = 80
