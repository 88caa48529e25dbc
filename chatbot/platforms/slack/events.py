"""The way in: what Bolt hears, as Messages and Presses, and what the conversation answers to it. Nothing else."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, cast

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_bolt.context import BoltContext
from slack_sdk import WebClient

from chatbot.answering import Answering
from chatbot.conversation import Conversation
from chatbot.messaging import Answer, Message, Press
from chatbot.platforms.slack.facts import Facts
from chatbot.platforms.slack.incoming import command_message, event_message, press_of
from chatbot.platforms.slack.replies import ReplyUrls, say_at
from chatbot.render.blocks import slack_messages
from workers.errors import DigestError

Json = dict[str, Any]

_ANY = re.compile(".*", re.DOTALL)
_QUIET = logging.getLogger(f"{__name__}.bolt")
_QUIET.setLevel(logging.ERROR)
"""Bolt tells at lower levels what requests had in them."""


class Listeners:
    """Hears for one app."""

    def __init__(
        self,
        conversation: Conversation,
        answering: Answering,
        facts: Facts,
        replies: ReplyUrls,
        now: Callable[[], datetime],
    ) -> None:
        self._conversation = conversation
        self._answering = answering
        self._facts = facts
        self._replies = replies
        self._now = now

    def command(self, ack: Ack, body: Json) -> None:
        """A slash command: Slack shows what the acknowledgement says."""
        message = command_message(body, self._facts)
        self._keep_reply_url(message, body)
        answer = self._conversation.hear(message, self._now())
        parts = self._answering.parts(message, answer) if answer else ()
        if answer and len(parts) == 1:
            said = parts[0].payload
            ack(text=said["text"], blocks=said["blocks"], response_type=_response_type(answer))
            return
        ack()
        if answer:
            self._answering.give(message, answer, self._now())

    def message(self, body: Json, context: BoltContext) -> None:
        """Words in a channel, a thread, or to us alone."""
        message = event_message(body, str(context.bot_user_id), self._facts)
        if message is not None:
            self._hear(message)

    def press(self, ack: Ack, body: Json) -> None:
        """A button or a menu of a message."""
        ack()
        press = press_of(body, self._facts)
        if press is not None:
            self._keep_reply_url(press, body)
            self._hear(press)

    def excuse(self, error: Exception, body: Json) -> BoltResponse:
        """What Slack is answered where something could not be heard, as while the store is out of reach.

        Who commanded or pressed is told in words; an event is refused, so that Slack sends it again.
        """
        (first, *_) = slack_messages(self._conversation.refuse(error).view)
        said = {"text": first["text"], "blocks": first["blocks"], "response_type": "ephemeral"}
        if "command" in body:
            return BoltResponse(status=200, body=json.dumps(said), headers={"content-type": "application/json"})
        if url := body.get("response_url"):
            say_at(str(url), said)
            return BoltResponse(status=200)
        return BoltResponse(status=503)

    def _hear(self, incoming: Message | Press) -> None:
        answer = self._conversation.hear(incoming, self._now())
        if answer is not None:
            self._answering.give(incoming, answer, self._now())

    def _keep_reply_url(self, incoming: Message | Press, body: Json) -> None:
        """For later; who cannot keep it can still answer now."""
        if url := body.get("response_url"):
            with suppress(DigestError):
                self._replies.keep(incoming.channel, incoming.person, str(url))


def new_app(
    client: WebClient,
    authorize: Authorize,
    apology: str,
    listeners: Listeners,
    at_home: Callable[[Json], None],
    removed: Callable[[Json], None],
) -> App:
    """A Bolt app over the listeners.

    `at_home` is given the `body` of what concerns the App Home, `removed` that of our removal. `apology` is said where
    our app is not installed (any more). It answers after its listeners have run, so that Slack repeats what one could
    not hear. Whether a request is Slack's is for its caller to check.
    """
    app = App(
        logger=_QUIET,
        client=client,
        authorize=cast(Callable[..., AuthorizeResult], authorize),  # it may give None: then our apology is said
        user_facing_authorize_error_message=apology,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )
    app.command(_ANY)(listeners.command)
    app.event("app_mention")(listeners.message)
    app.event("message")(listeners.message)
    app.event("app_home_opened")(at_home)
    app.event("app_uninstalled")(removed)
    app.event("tokens_revoked")(removed)
    app.event(_ANY)(lambda: None)
    app.error(listeners.excuse)
    app.action(_ANY)(lambda ack, body: _pressed(ack, body, listeners, at_home))
    return app


def _pressed(ack: Ack, body: Json, listeners: Listeners, at_home: Callable[[Json], None]) -> None:
    if body.get("view"):
        ack()
        at_home(body)
    else:
        listeners.press(ack, body)


def _response_type(answer: Answer) -> str:
    return "ephemeral" if answer.is_private else "in_channel"
