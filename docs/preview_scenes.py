"""Invented days and what is said in a thread, for looking at how a chat shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from chatbot.commands.command import Options, Schedule, SubscribeCommand
from chatbot.messaging import Channel
from chatbot.subscriptions import Subscription
from chatbot.views.answer import Draft, answer_view
from chatbot.views.chat import chat_view
from chatbot.views.chat_menu import menu_view
from chatbot.views.chat_thread import details_view, failure_view, progress_view
from chatbot.views.home import Room, home_view
from chatbot.views.view import View
from tests import samples, samples_chat
from tests.samples import DAY
from workers.model import Language
from workers.questions.values import About, Answer, Citation, CommitRef, Finished, Found, Looking, Passage, Said
from workers.store.runs import Count, Progress
from workers.subscription import Reason
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
        "answer": [one for view in _answers(language, words) for one in render(view, thread=True)],
        "refused": render(digest, charts=False)[:1],
        "hostile": render(chat_view(samples.hostile(language), words)),
        "mentions": render(chat_view(samples_chat.hostile(language), words)),
        "problems": render(chat_view(samples.with_problems(language), words)),
        "several": render(chat_view(samples.several(language), words)),
        "many": render(chat_view(samples_chat.many(language), words))[:2],
        "home": render(home_view(_rooms(), words, said=words("subscription.paused_now", n=2, repository="acme/site"))),
    }


def _rooms() -> list[Room]:
    """A person's channels: one with a subscription that goes well and one that is paused, one with one that fails."""
    fine = {"next_run": DAY + timedelta(days=1), "last_run": DAY, "last_outcome": "delivered"}
    reason = Reason(code="repository_not_found", details={"near": "acme/engine"})
    return [
        Room("releases", [_subscribed(1, "acme/engine", **fine), _subscribed(2, "acme/site", is_paused=True)]),
        Room("infra", [_subscribed(1, "acme/engines", **{**fine, "last_outcome": "failed"}, reason=reason)]),
    ]


def _subscribed(number: int, repository: str, **given: object) -> Subscription:
    schedule = Schedule(rhythm="weekdays", clock="09:00", timezone="Asia/Shanghai")
    command = SubscribeCommand(repository=repository, schedule=schedule, options=Options(language="zh"), quiet=True)
    channel = Channel(platform="slack", workspace="T1", id="C1")
    return Subscription.model_validate({"channel": channel, "number": number, "command": command, "by": "Ada", **given})


def _answers(language: Language, words: Words) -> list[View]:
    """An answer while it is made and when it is done, with a proposal in it; passages; and a question asked back."""
    digest = samples.busy(language)
    refs = [CommitRef(source="acme/engine", sha=sha) for sha in digest.repositories[0].shas()][:2]
    found, unclear = About(how="found", commits=(refs[0],)), About(how="found", commits=tuple(refs), rivals=tuple(refs))
    said = (Said(text="`retry` waits 2 s.", citations=(1,)), Said(text="`retry_seconds` could set it.", proposed=True))
    place = {"commit": refs[0], "path": "src/retry.py", "start": 3, "end": 3}
    cited, passage = (
        Citation(number=1, quote="wait(2)", **place),
        Passage(side="new", text="+wait(2)", score=1, **place),
    )
    answers = [
        Answer(engine="model", about=found, said=said, citations=(cited,), removed=1),
        Answer(engine="passages", about=found, passages=(passage,)),
        Answer(engine="passages", about=found, passages=(passage,), problems=("nothing_held",), removed=2),
        Answer(engine="passages", about=unclear),
    ]
    draft = Draft(["acme/engine"], digest)
    begun = draft.with_event(Found(about=found)).with_event(Looking(tool="read_file", what="src/retry.py"))
    done = [draft.with_event(Finished(answer=answer)) for answer in answers]
    return [answer_view(one, "q1", words) for one in (begun, *done)]


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
