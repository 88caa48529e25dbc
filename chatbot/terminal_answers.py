"""Questions about a digest, answered on the terminal: sentences as they come, and where to check them at the end."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import aclosing
from datetime import UTC, datetime

from click import echo
from rich.console import Console

from chatbot.making import Made
from chatbot.render.terminal import terminal
from chatbot.views.answer import Draft, doing_text, grown_text, rest_view
from workers.questions.answer import answer as events_of
from workers.questions.values import Asked, CommitRef, Event, Turn
from workers.request import DigestRequest
from workers.settings import load_settings
from workers.store.answers import AnswerCounts, Answers
from workers.wiring import build_tools
from workers.words import Words

TURNS = 10
"""Earlier questions and answers that are the context of the next."""

_CLEAR = "\r\x1b[K"


class TerminalAnswers:
    """Answers about one digest; each knows those before it."""

    def __init__(self, made: Made, request: DigestRequest, words: Words) -> None:
        self._made = made
        self._request = request
        self._words = words
        self._turns: list[Turn] = []

    def answer(self, question: str, focus: CommitRef | None) -> None:
        """Answers a question, about a commit unless `focus` is None. Ctrl-C ends the answer, and nothing else."""
        asked = Asked(
            text=question,
            language=self._request.language,
            digest_id=self._made.run_id,
            sources=self._request.sources,
            focus=focus,
            turns=tuple(self._turns[-TURNS:]),
        )
        growing = _Growing(Draft(self._request.sources, self._made.digest), self._words)
        try:
            asyncio.run(self._grow(asked, growing))
        except KeyboardInterrupt as interrupt:
            if interrupt.args[:1] == (signal.SIGTERM,):
                raise
            growing.stop()
        growing.end()
        self._remember(question, growing.draft)

    async def _grow(self, asked: Asked, growing: _Growing) -> None:
        tools = build_tools(self._made.redis, load_settings(), f"console:{self._made.run_id}")
        try:
            async with aclosing(events_of(tools, asked, self._request.sources.__contains__)) as events:
                async for event in events:
                    growing.grow(event)
        finally:
            tools.close()

    def _remember(self, question: str, draft: Draft) -> None:
        """What was said is the context of the next question; what it cost is counted with that of the chats."""
        spent = draft.spent
        cost = Answers(count=1, input_tokens=spent.input_tokens, output_tokens=spent.output_tokens, cost=spent.cost)
        AnswerCounts(self._made.redis).add(datetime.now(UTC).date(), cost)
        commits = tuple(ref.sha for ref in draft.about.commits)
        rivals = tuple(ref.sha for ref in draft.asked_back)
        self._turns.append(Turn(question=question, answer=draft.text, commits=commits, rivals=rivals))


class _Growing:
    """An answer as it is written to stdout; what is being done meanwhile stands on stderr, where that is a screen."""

    def __init__(self, draft: Draft, words: Words) -> None:
        self.draft = draft
        self._shown: Draft | None = None
        self._words = words
        self._has_screen = sys.stderr.isatty()
        self._note(doing_text(draft, words))

    def grow(self, event: Event) -> None:
        self.draft = self.draft.with_event(event)
        self._write(grown_text(self._shown, self.draft, self._words))
        self._shown = self.draft
        if not self.draft.is_done:
            self._note(doing_text(self.draft, self._words))

    def stop(self) -> None:
        self.draft = self.draft.stopped()

    def end(self) -> None:
        """Where to check what was said, and what there is to say of the answer."""
        self._note("")
        echo()
        terminal(rest_view(self.draft, self._words), Console())
        echo()

    def _write(self, text: str) -> None:
        if text:
            self._note("")
            echo(text.removeprefix("\n") if self._shown is None else text)

    def _note(self, text: str) -> None:
        if self._has_screen:
            echo(f"{_CLEAR}{text}", err=True, nl=False)
