"""An incoming text or press -> once only, understood, authorised, answered. Knows no platform; nothing slow."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chatbot.commands.access import Access
from chatbot.commands.addresses import PAGES
from chatbot.commands.command import NumberedCommand
from chatbot.commands.grammar import parse
from chatbot.commands.scene import Scene
from chatbot.commands.table import Table, run_command
from chatbot.messaging import Answer, Incoming, Message, Press
from chatbot.orders import Desk
from chatbot.presses import AnswerPress, CommitPress, FeedbackPress, NumberPress, PagePress, read_press
from chatbot.views.answers import refused_view, said_view
from workers.errors import BrokenError, DigestError, WordsError
from workers.model import Language
from workers.store.channels import ChannelStore
from workers.store.seen import Seen
from workers.words import load_words

log = logging.getLogger(__name__)

SEEN_LIFE = timedelta(hours=24)
"""How long what came in is remembered: platforms deliver again for up to about seven hours (Feishu)."""
IN_HAND_LIFE = timedelta(seconds=30)
"""The same while it is handled: if we die in it, the platform's next attempt is not taken for a repetition."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where a channel has set nothing; `pages` is where people look at repositories."""

    language: Language = "en"
    timezone: str = "UTC"
    pages: str = PAGES


class Questions(Protocol):
    """Takes a question about a digest or a commit; the answer comes by a job."""

    def knows(self, message: Message) -> bool:
        """Whether a message may be a question: it stands in a thread of ours and is meant for us. May raise."""
        ...

    def ask(self, message: Message, scene: Scene) -> Answer | None:
        """What is said at once; None for nothing. `message.under` is the thread that the question is about."""
        ...


class FeedbackBox(Protocol):
    """Keeps whether analyses and answers helped."""

    def put(self, feedback: FeedbackPress | AnswerPress, scene: Scene) -> None:
        """Keeps what a person thinks of an analysis or an answer, in place of what that person thought of it before."""
        ...


@dataclass(frozen=True)
class Conversation:
    """Hears what people write and press, and says what is to be answered at once.

    `table` has the commands of this installation. Without `questions` a plain reply in a thread is not for us, without
    `feedback` there is nobody to keep it. `new_reference` names an entry of the log.
    """

    table: Table
    access: Access
    desk: Desk
    channels: ChannelStore
    seen: Seen
    defaults: Defaults = Defaults()
    questions: Questions | None = None
    feedback: FeedbackBox | None = None
    new_reference: Callable[[], str] = lambda: secrets.token_hex(4)

    def hear(self, incoming: Incoming, now: datetime) -> Answer | None:
        """What is to be said at once; None for nothing: it was heard before, is not for us, or a job answers.

        Raises nothing: what goes wrong is answered in words, and logged under a reference unless the words were wrong.
        """
        names = [f"{incoming.channel.platform}:{incoming.channel.workspace}:{name}" for name in incoming.ids]
        try:
            if isinstance(incoming, Message) and incoming.way == "reply" and not self._may_ask(incoming):
                return None
            if names and not self.seen.first_of(names, IN_HAND_LIFE):
                return None
            scene = self._scene(incoming, now)
        except Exception as error:
            return self._refusal(error, incoming.person.language or self.defaults.language)
        answer = self._answered(incoming, scene)
        self._keep(names)
        return answer

    def refuse(self, error: Exception) -> Answer:
        """What is said where something could not even be heard; logged under a reference."""
        return self._refusal(error, self.defaults.language)

    def _answered(self, incoming: Incoming, scene: Scene) -> Answer | None:
        try:
            return self._message(incoming, scene) if isinstance(incoming, Message) else self._press(incoming, scene)
        except Exception as error:
            return self._refusal(error, scene.language)

    def _scene(self, incoming: Incoming, now: datetime) -> Scene:
        own = self.channels.get(incoming.channel.key)
        return Scene(
            channel=incoming.channel,
            person=incoming.person,
            now=now,
            language=own.language or incoming.person.language or self.defaults.language,
            timezone=own.timezone or self.defaults.timezone,
            granted=own.repositories,
            under=incoming.under,
        )

    def _keep(self, names: Sequence[str]) -> None:
        """What was handled is remembered; if that fails, it was handled nevertheless, and the short memory must do."""
        with suppress(DigestError):
            self.seen.keep(names, SEEN_LIFE)

    # --- what people write --------------------------------------------------------------------------------------------

    def _message(self, message: Message, scene: Scene) -> Answer | None:
        if self.questions is not None and message.way == "reply":
            return self.questions.ask(message, scene)
        try:
            command = parse(message.text, self.defaults.pages)
        except WordsError as error:
            if self.questions is not None and _may_be_question(message):
                if self._may_ask(message):
                    return self.questions.ask(message, scene)
                if error.code == "unknown_command":
                    raise WordsError("not_under_digest", **error.details) from None
            raise
        return run_command(self.table, command, scene)

    def _may_ask(self, message: Message) -> bool:
        return self.questions is not None and self.questions.knows(message)

    # --- what people press --------------------------------------------------------------------------------------------

    def _press(self, press: Press, scene: Scene) -> Answer | None:
        pressed = read_press(press.kind, press.value)
        if isinstance(pressed, NumberPress):
            if pressed.channel != scene.channel.key:
                raise WordsError("press_expired")
            command = NumberedCommand(name=pressed.action, number=pressed.number)
            return run_command(self.table, command, scene)
        if not isinstance(pressed, AnswerPress):
            self._check_seen(pressed, scene)
        match pressed:
            case CommitPress():
                self.desk.details(press, pressed)
            case PagePress():
                self.desk.page(press, pressed)
            case FeedbackPress() | AnswerPress() if self.feedback is not None:
                self.feedback.put(pressed, scene)
                return Answer(said_view("answer.thanks", scene.words))
        return None

    def _check_seen(self, pressed: CommitPress | PagePress | FeedbackPress, scene: Scene) -> None:
        """WordsError("press_expired") for who may not see that digest.

        A button may be pressed in another channel than it was sent to, as when a message is forwarded; by a guest; or
        after a repository was closed to the channel.
        """
        digest_id = pressed.commit.digest_id if isinstance(pressed, FeedbackPress) else pressed.digest_id
        order = self.desk.ordered(digest_id, scene.channel)
        if order is None or not (
            order.public_only or self.access.sees(scene.channel, scene.person, order.sources, scene.granted)
        ):
            raise WordsError("press_expired")

    # --- what goes wrong ----------------------------------------------------------------------------------------------

    def _refusal(self, error: Exception, language: Language) -> Answer:
        words = load_words("chatbot.views", language)
        if isinstance(error, WordsError):
            return Answer(refused_view(error, words))
        reference = self.new_reference()
        if isinstance(error, DigestError):
            log.warning("reference %s: %s", reference, error)
            return Answer(refused_view(error, words, reference))
        log.error("reference %s", reference, exc_info=error)
        return Answer(refused_view(BrokenError("internal"), words, reference))


def _may_be_question(message: Message) -> bool:
    """Whether words that are no whole command may be a question: they stand in a thread, and not behind `/digest`."""
    written_out = message.way == "command" or message.text.casefold().split(maxsplit=1)[:1] == ["/digest"]
    return message.under is not None and not written_out
