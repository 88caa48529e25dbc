"""Invented days and what is said in a thread, for looking at how a chat shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from chatbot.views.chat import chat_view
from chatbot.views.chat_menu import menu_view
from chatbot.views.chat_thread import details_view, failure_view, progress_view
from chatbot.views.view import View
from tests import samples, samples_chat
from workers.model import Language
from workers.store.runs import Count, Progress
from workers.words import LANGUAGES, Words, load_words

Json = dict[str, Any]
Render = Callable[..., list[Json]]


def write_pages(folder: Path, platform: str, render: Render, page: Callable[[Iterable[Json]], str]) -> None:
    """Writes a page for each scene in each language: `render` makes messages of a view, `page` draws them."""
    for language in LANGUAGES:
        for name, messages in _scenes(language, load_words("chatbot.views", language), render).items():
            (folder / f"{platform}_{name}.{language}.html").write_text(page(messages), encoding="utf-8")


def _scenes(language: Language, words: Words, render: Render) -> dict[str, list[Json]]:
    """The messages of each page by its name."""
    busy, url = samples.busy(language), "https://digest.example.com/r/1"
    digest = chat_view(busy, words, digest_id="d1", report_url=url, history=samples_chat.HISTORY)
    return {
        "digest": render(digest),
        "thread": [one for view in _thread(language, words) for one in render(view, thread=True)],
        "refused": render(digest, charts=False)[:1],
        "hostile": render(chat_view(samples.hostile(language), words)),
        "mentions": render(chat_view(samples_chat.hostile(language), words)),
        "problems": render(chat_view(samples.with_problems(language), words)),
        "several": render(chat_view(samples.several(language), words)),
        "many": render(chat_view(samples_chat.many(language), words))[:2],
    }


def _thread(language: Language, words: Words) -> list[View]:
    part = samples.busy(language).repositories[0]
    details = [details_view(entry, part, words, "d1:0:0") for entry in part.commits if entry.analysis.engine == "model"]
    counts = {"collect": Count(done=120, total=120), "analyse": Count(done=45, total=120)}
    running = Progress(state="running", listed=1, current="Fix it", **counts)
    return [
        *details,
        progress_view(part.name, running, words),
        chat_view(samples.empty(language), words),
        failure_view("repository_not_found", {"near": "acme/engines"}, words, "7f3a"),
        menu_view(samples_chat.many(language), words, "d1", 1),
    ]
