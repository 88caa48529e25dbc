"""What stands around the elements of a card: its preview and its headline, coloured by a tier that is named there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chatbot.render.cards_pack import cost, form
from chatbot.render.cards_parts import title as larger
from chatbot.render.cards_text import Json, clip, plain_text
from chatbot.render.limits import Feishu
from chatbot.render.markdown_text import TIER_MARKS
from chatbot.render.packing import Form
from chatbot.views.view import Badge, Block, Facts, Heading, Runs, Section, View, plain, walk
from chatbot.views.visible import one_line
from workers.model import Tier

TEMPLATES = {Tier.HIGH: "red", Tier.MEDIUM: "orange", Tier.LOW: "green"}
NO_TIER = "blue"
CONTINUED = "grey"
"""The colour of the cards that go on where the first one ends."""
NO_SUMMARY = "…"
"""The preview of a view that says nothing of itself."""
_ONLY, _LAST = (1, 1), (99, 99)
"""Numbers of cards whose frames take as much room as any will."""


@dataclass(frozen=True)
class Frame:
    """The cards of one view without their elements."""

    summary: str
    title: str
    tier: tuple[Tier, str] | None
    """The tier that colours the headline, and how it is named in it."""
    blocks: Sequence[Block]
    """What stands below the headline."""
    first: tuple[Json, ...]
    """Elements that go before them: a title of which the headline shows the beginning."""
    size: int
    """Bytes of a request."""

    @property
    def form(self) -> Form:
        """What there is room for in a card."""
        size, elements, *_ = map(max, zip(*(cost(self.card([], part)) for part in (_ONLY, _LAST)), strict=True))
        return form(self.size - Feishu.ENVELOPE - size, Feishu.ELEMENTS - elements)

    def card(self, elements: list[Json], part: tuple[int, int]) -> Json:
        """A card with its number and how many there are."""
        number, count = part
        place = f" ({number}/{count})" if count > 1 else ""
        header = {"header": self._header(number, place)} if self.title else {}
        return {
            "schema": "2.0",
            "config": {"update_multi": True, "summary": {"content": self.summary + place}},
            **header,
            "body": {"vertical_spacing": "8px", "elements": elements},
        }

    def _header(self, number: int, place: str) -> Json:
        if number > 1:
            return {"title": plain_text(self.title + place), "template": CONTINUED}
        if self.tier is None:
            return {"title": plain_text(self.title), "template": NO_TIER}
        tier, label = self.tier
        tag = {"tag": "text_tag", "text": plain_text(f"{TIER_MARKS[tier]} {label}"), "color": TEMPLATES[tier]}
        return {"title": plain_text(self.title), "template": TEMPLATES[tier], "text_tag_list": [tag]}


def frame_of(view: View, size: int) -> Frame:
    """The frame of a view's cards, for requests of at most `size` bytes."""
    summary = one_line(view.summary).strip() or one_line(view.title).strip() or NO_SUMMARY
    # Whether a preview is read as markup is said nowhere: it has no sign that could begin a tag.
    summary = clip(summary.replace("<", "＜"), Feishu.SUMMARY)
    heading, blocks = _headline(view.blocks)
    title = one_line(plain(heading)).strip()
    shown = clip(title, Feishu.TITLE)
    whole = tuple(larger(title)) if shown != title else ()
    return Frame(summary, shown, _tier(view.blocks), blocks, whole, size)


def _headline(blocks: Sequence[Block]) -> tuple[Runs, Sequence[Block]]:
    """The heading of level 1 that a view begins with, and the rest of it; no runs where it begins otherwise."""
    match blocks:
        case [Section(heading=Heading(level=1, runs=runs), blocks=inside), *rest]:
            return runs, (*inside, *rest)
        case [Heading(level=1, runs=runs), *rest]:
            return runs, rest
    return (), blocks


def _tier(blocks: Sequence[Block]) -> tuple[Tier, str] | None:
    """The tier of what the view is about, or else the highest in it, where the view names it too."""
    if blocks and isinstance(blocks[0], Section) and blocks[0].tier:
        return _named(blocks, blocks[0].tier)
    tiers = [block for block in walk(blocks) if isinstance(block, Section) and block.role == "tier" and block.tier]
    if not tiers:
        return None
    highest = min((section.tier for section in tiers if section.tier), key=list(Tier).index)
    found = [section for section in tiers if section.tier == highest]
    return (highest, one_line(plain(found[0].heading.runs))) if len(found) == 1 else _named(blocks, highest)


def _named(blocks: Iterable[Block], tier: Tier) -> tuple[Tier, str] | None:
    """`Importance: High` where a fact says so, else the name of the tier."""
    for block in walk(blocks):
        if isinstance(block, Facts):
            for name, runs in block.pairs:
                if label := _label(runs, tier):
                    return tier, one_line(f"{name}{block.colon}{label}")
        if isinstance(block, Heading) and (label := _label(block.runs, tier)):
            return tier, one_line(label)
    return None


def _label(runs: Runs, tier: Tier) -> str:
    return next((run.label for run in runs if isinstance(run, Badge) and run.tier == tier), "")
