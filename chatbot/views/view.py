"""View: a digest or an analysis as headings, rows, paragraphs and actions in one language; no platform in it.

Every text in a view is plain text and may come from a commit: a renderer escapes all of it. Structure, links and
anchors are ours. Values are frozen and cheap: a month of commits makes some hundred thousand of them. What there is
of every commit (sections, rows, lines of contents, problems) may be a lazy sequence, which makes each when a renderer
comes to it: go through it, and keep none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from workers.model import Language, Tier

# --- inline -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text. Line breaks in it are spaces."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """An identifier, a path, a value: shown exactly as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that should catch the eye."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Text said in another tone: remarks about the report rather than the report."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to an http(s) address; `code` when the text is an identifier or a path."""

    text: str
    url: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Jump:
    """Text that leads to an anchor of the same view; plain text (or code) where a platform has no anchors."""

    text: str
    anchor: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Badge:
    """A tier by its name in the language. A renderer adds its mark or colour, never colour alone."""

    tier: Tier
    label: str


Run: TypeAlias = Text | Code | Strong | Emphasis | Link | Jump | Badge
Runs: TypeAlias = tuple[Run, ...]


# --- blocks -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (the title of the view) to 6. `anchor` is "" where nothing leads here."""

    level: int
    runs: Runs
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `role`: ordinary text, why a commit matters, a remark about the report, or a warning."""

    runs: Runs
    role: Literal["text", "reason", "note", "warning"] = "text"


@dataclass(frozen=True, slots=True)
class Bullet:
    """One item of a list and the items below it, at most one level."""

    runs: Runs
    children: tuple[Runs, ...] = ()


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without numbers."""

    items: Sequence[Bullet]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every row has as many cells as the head, which is () where the columns speak for themselves.

    `wide` is the column that takes the space left over; where there is too little, columns at the end matter least.
    """

    head: tuple[Runs, ...]
    rows: Sequence[tuple[Runs, ...]]
    wide: int = 0
    numbers: tuple[int, ...] = ()
    """Columns aligned to the right."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and their values, such as a commit's kinds, author and size; `colon` is how the language parts the two."""

    pairs: tuple[tuple[str, Runs], ...]
    colon: str = ": "


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence set off from the rest, such as a conclusion."""

    runs: Runs


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines that are shown exactly as they are: quoted code, a commit message. `caption` says where they stand."""

    text: str
    caption: Runs = ()


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One line of a contents list; `level` counts from 0."""

    level: int
    runs: Runs
    anchor: str


@dataclass(frozen=True, slots=True)
class Contents:
    """A list of places in the same view."""

    entries: Sequence[ContentsEntry]


@dataclass(frozen=True, slots=True)
class Point:
    """A count with its full name and a short one for an axis."""

    label: str
    short: str
    count: int


@dataclass(frozen=True, slots=True)
class Meter:
    """Counts in order, such as commits by the hour. `note` says in words what the picture shows."""

    label: str
    points: tuple[Point, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Action:
    """What a person can do here: follow a link, or send `value` back as `kind` where a platform has buttons."""

    kind: str
    label: str
    url: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Actions:
    """Actions that belong together."""

    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks that stand closed behind a summary until they are asked for; nothing in them is left out."""

    summary: Runs
    blocks: tuple[Block, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu, and what is sent back when it is chosen. `tier` marks it."""

    label: str
    value: str
    tier: Tier | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """A list to choose one thing from, which is sent back as `kind`. `label` stands there before anything is chosen."""

    kind: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """Two buttons: this helped, or it did not. Sent back as `kind` with `up` or `down` before the value."""

    kind: str
    value: str
    positive: str
    negative: str


@dataclass(frozen=True, slots=True)
class Series:
    """The counts of one tier, a count for each label of its chart."""

    tier: Tier
    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts of the tiers side by side, such as commits by the day. `note` says in words what the picture shows."""

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How much of something is done. `total` is None while it is not known yet."""

    label: str
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Foot:
    """What ends the first message of a view, whatever of the view has to go on in further ones.

    `continued` says there that it goes on; it is shown only then.
    """

    blocks: tuple[Block, ...]
    continued: str


Role: TypeAlias = Literal["part", "summary", "repository", "tier", "commit", "aspect"]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `tier` colours it; `role` says what it is about."""

    heading: Heading
    blocks: Sequence[Block]
    role: Role = "part"
    tier: Tier | None = None


Block: TypeAlias = (
    Heading
    | Paragraph
    | Bullets
    | Table
    | Facts
    | Quote
    | Excerpt
    | Contents
    | Meter
    | Actions
    | Menu
    | Feedback
    | Chart
    | Bar
    | Foot
    | Fold
    | Section
)


@dataclass(frozen=True, slots=True)
class View:
    """A whole message or page. `summary` is one plain sentence for a notification or a link's preview."""

    language: Language
    title: str
    summary: str
    blocks: tuple[Block, ...]


def plain(runs: Runs) -> str:
    """The text of runs without any markup."""
    return "".join(run.label if isinstance(run, Badge) else run.text for run in runs)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block in reading order, those inside sections and folds too."""
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield block.heading
        if isinstance(block, Section | Fold | Foot):
            yield from walk(block.blocks)
