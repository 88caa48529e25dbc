"""What stands in the place of a report that cannot be shown: why, and what to do."""

from __future__ import annotations

from datetime import timedelta

from chatbot.views.failure import failure_text
from chatbot.views.help import examples
from chatbot.views.phrases import marked
from chatbot.views.view import Block, Code, Heading, Paragraph, Section, Text, View
from workers.errors import DigestError
from workers.words import Words


def lost_view(life: timedelta, words: Words) -> View:
    """That a link opens nothing. The same for links that are wrong, too old, or of a digest that is not kept.

    `life` is how long a link is good.
    """
    why = Paragraph((Text(words("page.lost_why", days=max(1, life.days))),))
    remedy = Paragraph((Text(words("page.lost_remedy")),))
    example = Paragraph((Text(words("answer.example") + words("mark.colon")), Code(examples("digest", words)[0])))
    return _page("page.lost", (why, remedy, example), words)


def unready_view(error: DigestError, reference: str, words: Words) -> View:
    """That a report could not be had just now; `reference` names the entry of the log."""
    text = failure_text(error.code, error.details, words, reference)
    return _page("page.later", (Paragraph(marked(text), role="warning"),), words)


def _page(title: str, blocks: tuple[Block, ...], words: Words) -> View:
    heading = Heading(1, (Text(words(title)),))
    return View(words.language, words(title), words(title), (Section(heading, blocks),))
