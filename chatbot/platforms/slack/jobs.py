"""RQ entry points of what is Slack's alone, thin: the App Home, and a workspace that has left. Each may run twice."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from redis import Redis
from rq import get_current_job

from chatbot.answering import Answering
from chatbot.app import new_conversation, new_subscriptions
from chatbot.platforms.slack.facts import PLATFORM
from chatbot.platforms.slack.home import Home, Pressed
from chatbot.platforms.slack.rooms import open_rooms
from workers.errors import DigestError
from workers.settings import load_settings
from workers.store.leaving import forget_workspace

log = logging.getLogger(__name__)


def show_home(team: str, user: str) -> None:
    """Shows a person's App Home."""
    try:
        _home().show(team, user)
    except DigestError as error:
        _note(error, team)


def press_home(team: str, user: str, pressed: str) -> None:
    """Does what somebody pressed in the App Home; `pressed` is the JSON of a Pressed."""
    try:
        _home().press(team, user, Pressed.model_validate_json(pressed), datetime.now(UTC))
    except DigestError as error:
        _note(error, team)


def forget(team: str) -> None:
    """Deletes what was kept of a workspace that removed our app."""
    forget_workspace(_redis(), PLATFORM, team)
    log.info("workspace %s has left: what was kept of it is deleted", team)


def _home() -> Home:
    settings, redis = load_settings(), _redis()
    rooms = open_rooms(settings, redis)
    return Home(
        workspaces=rooms.workspaces,
        facts=rooms.facts,
        subscriptions=new_subscriptions(settings, redis),
        conversation=new_conversation(settings, redis),
        answering=Answering(rooms.platform, redis),
        language=settings.chat_language,
    )


def _note(error: DigestError, team: str) -> None:
    job = get_current_job()
    log.warning("reference %s: an App Home of %s: %s", job.id if job else "-", team, error)


def _redis() -> Redis:
    job = get_current_job()
    if job is None or job.connection is None:
        raise RuntimeError("to be run by an RQ worker")
    return job.connection
