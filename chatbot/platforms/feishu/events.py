"""The way in: events as the conversation hears them, and what is answered at once. Nothing else."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any

from chatbot.answering import Answering
from chatbot.conversation import Conversation
from chatbot.messaging import Answer, Incoming, Press
from chatbot.platforms.feishu.callbacks import CallbackError, Event
from chatbot.platforms.feishu.incoming import Known, incoming_of
from chatbot.views.failure import failure_text
from workers.errors import BrokenError, DigestError, TransientError
from workers.model import Language
from workers.words import load_words

log = logging.getLogger(__name__)

Json = dict[str, Any]

CONCURRENCY = 10
"""Events that are heard at once."""
TOAST_SECONDS = 2.0
"""How long the answer to a press is waited for: Feishu waits 3 s for it, and never asks again."""
TOAST_MOST = 300
"""Characters of a toast."""
_LOCALES: dict[Language, str] = {"zh": "zh_cn", "en": "en_us"}


class Hearing:
    """Hears events, from wherever they come. `language` is for those of whom none is known."""

    def __init__(
        self,
        conversation: Conversation,
        answering: Answering,
        known: Known,
        language: Language,
        now: Callable[[], datetime],
        toast_seconds: float = TOAST_SECONDS,
    ) -> None:
        self._conversation = conversation
        self._answering = answering
        self._known = known
        self._language = language
        self._now = now
        self._toast_seconds = toast_seconds
        self._pool = ThreadPoolExecutor(CONCURRENCY, "feishu-press")

    def hear(self, event: Event, is_new: Callable[[], bool] = lambda: True) -> Json:
        """What Feishu is answered: a toast for a press, {} for all else.

        `is_new`: whether the request did not come before; CallbackError("replayed") where it did. TransientError where
        the event could not be read just now and is to be delivered again; presses never are. What else goes wrong is
        logged with a reference.
        """
        if event.kind == "card.action.trigger":
            return self._pressed(event, is_new)
        _admit(is_new)
        try:
            incoming = incoming_of(event, self._known)
            if incoming is not None:
                self._answered(incoming)
        except TransientError:
            raise
        except Exception as error:
            _log(error, secrets.token_hex(4))
        return {}

    def close(self) -> None:
        """Lets presses in hand end."""
        self._pool.shutdown()

    def _pressed(self, event: Event, is_new: Callable[[], bool]) -> Json:
        """A toast that says how it went; while that is not known, that it is being done."""
        answer: Future[Json] = self._pool.submit(self._press, event, is_new)
        try:
            return answer.result(self._toast_seconds)
        except TimeoutError:
            return self._working()

    def _press(self, event: Event, is_new: Callable[[], bool]) -> Json:
        try:
            _admit(is_new)
            incoming = incoming_of(event, self._known)
            answer = self._answered(incoming) if incoming is not None else None
        except CallbackError:
            raise
        except Exception as error:
            return self._apology(error)
        if incoming is None:
            return {}
        return _toast(answer.view.summary) if answer else self._working()

    def _apology(self, error: Exception) -> Json:
        reference = secrets.token_hex(4)
        _log(error, reference)
        found = error if isinstance(error, DigestError) else BrokenError("internal")
        words = load_words("chatbot.views", self._language)
        return _toast(failure_text(found.code, found.details, words, reference), "error")

    def _answered(self, incoming: Incoming) -> Answer | None:
        """What the conversation says, said in the chat; but not what a toast has room for and one person only needs."""
        answer = self._conversation.hear(incoming, self._now())
        if answer is not None and not (isinstance(incoming, Press) and answer.is_private):
            self._answering.give(incoming, answer, self._now())
        return answer

    def _working(self) -> Json:
        texts = {name: load_words("chatbot.views", language)("chat.working") for language, name in _LOCALES.items()}
        toast = _toast(texts[_LOCALES[self._language]])
        toast["toast"]["i18n"] = texts
        return toast


def _admit(is_new: Callable[[], bool]) -> None:
    if not is_new():
        raise CallbackError("replayed")


def _log(error: Exception, reference: str) -> None:
    if isinstance(error, DigestError):
        log.warning("reference %s: an event could not be heard: %s", reference, error)
    else:
        log.error("reference %s: an event could not be heard", reference, exc_info=error)


def _toast(text: str, kind: str = "info") -> Json:
    shown = text if len(text) <= TOAST_MOST else text[: TOAST_MOST - 1] + "…"
    return {"toast": {"type": kind, "content": shown}}
