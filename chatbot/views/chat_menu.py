"""The menu of all commits of a digest, in pages: a chat shows only so many lines of a list at once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from chatbot.views.chat_item import clipped
from chatbot.views.chat_values import commit_value, page_value
from chatbot.views.commit import subject_text
from chatbot.views.phrases import short
from chatbot.views.view import Action, Actions, Block, Choice, Menu, Paragraph, Text, View
from chatbot.views.visible import one_line
from workers.model import Digest
from workers.words import Words

PAGE = 100
"""Commits on one page: what Slack allows in a menu."""
MOST_OF_A_LABEL = 42
"""Characters of a line of the menu: a page of them is half of what a message can hold."""


def menu_page(digest: Digest, words: Words, digest_id: str, page: int = 0) -> tuple[Menu | None, tuple[Action, ...]]:
    """A page (from 0) of the menu, newest commits first, and the buttons to the pages beside it.

    None and no buttons beyond the last page.
    """
    first = page * PAGE
    choices = tuple(islice(_choices(digest, words, digest_id), first, first + PAGE + 1))
    if not choices:
        return None, ()
    shown = choices[:PAGE]
    label = words("chat.menu", first=first + 1, last=first + len(shown))
    turns = [("chat.menu_back", page - 1)] if page else []
    turns += [("chat.menu_next", page + 1)] if len(choices) > PAGE else []
    actions = tuple(Action("menu", words(key), value=page_value(digest_id, to)) for key, to in turns)
    return Menu("details", label, shown), actions


def menu_view(digest: Digest, words: Words, digest_id: str, page: int) -> View:
    """A page of the menu as a message of its own, for who turned to it."""
    names = words("mark.comma").join(one_line(repository.name) for repository in digest.repositories)
    title = words("chat.menu_title", names=names)
    menu, turns = menu_page(digest, words, digest_id, page)
    blocks: list[Block] = [Paragraph((Text(title),)), *((menu,) if menu else ()), *((Actions(turns),) if turns else ())]
    return View(digest.language, title, title, tuple(blocks))


def _choices(digest: Digest, words: Words, digest_id: str) -> Iterator[Choice]:
    for number, repository in enumerate(digest.repositories):
        for entry in repository.commits:
            label = clipped(f"{short(entry.sha)} {subject_text(entry, words)}", MOST_OF_A_LABEL)
            yield Choice(label, commit_value(digest_id, number, entry.sha), entry.tier)
