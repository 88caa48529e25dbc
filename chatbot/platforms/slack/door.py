"""Slack's way in: Socket Mode where there is an app token, HTTP where there is a signing secret, or both."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from slack_bolt import App
from slack_bolt.authorization.authorize import InstallationStoreAuthorize
from starlette.routing import BaseRoute

from chatbot.answering import Answering
from chatbot.doors import House
from chatbot.platforms.slack.calls import HASTE_SECONDS, Json, new_client
from chatbot.platforms.slack.events import Listeners, new_app
from chatbot.platforms.slack.facts import PLATFORM
from chatbot.platforms.slack.home import Pressed
from chatbot.platforms.slack.http import http_routes
from chatbot.platforms.slack.incoming import kind_of, value_of
from chatbot.platforms.slack.installing import install_routes
from chatbot.platforms.slack.rooms import Rooms, open_rooms
from chatbot.platforms.slack.socket import Socket
from chatbot.views.failure import failure_text
from workers import queues
from workers.settings import Settings
from workers.words import load_words

log = logging.getLogger(__name__)

JOBS = "chatbot.platforms.slack.jobs"
"""By name: the handler need not import what they need."""


class SlackDoor:
    """See Door."""

    def __init__(self, routes: Sequence[BaseRoute], socket: Socket | None) -> None:
        self._routes = routes
        self._socket = socket

    @property
    def name(self) -> str:
        """See Door."""
        return PLATFORM

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """See Door."""
        return self._routes

    def open(self) -> None:
        """See Door."""
        if self._socket is not None:
            self._socket.open()

    def close(self) -> None:
        """See Door."""
        if self._socket is not None:
            self._socket.close()

    def is_well(self) -> bool:
        """See Door."""
        return self._socket is None or self._socket.is_connected()


def open_door(house: House) -> SlackDoor:
    """The door as the settings want it. RefusedError("slack_deaf") where neither way in is configured."""
    settings, rooms = house.settings, open_rooms(house.settings, house.redis)
    listeners = new_listeners(house, rooms)
    app = bolt_app(house, rooms, listeners)
    routes: list[BaseRoute] = []
    if settings.slack_signing_secret is not None:
        secret = settings.slack_signing_secret.get_secret_value()
        routes += http_routes(app, secret, house.conversation.seen, listeners.excuse)
    routes += install_routes(settings, rooms)
    socket = Socket(app, settings.slack_app_token.get_secret_value()) if settings.slack_app_token else None
    if socket is None and settings.slack_signing_secret is None:
        log.warning("Slack cannot reach us: set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)")
    return SlackDoor(routes, socket)


def new_listeners(house: House, rooms: Rooms) -> Listeners:
    """What hears for the house's conversation."""
    return Listeners(
        conversation=house.conversation,
        answering=Answering(rooms.platform, house.redis),
        facts=rooms.facts,
        replies=rooms.replies,
        now=lambda: datetime.now(UTC),
    )


def bolt_app(house: House, rooms: Rooms, listeners: Listeners) -> App:
    """The Bolt app over the listeners."""
    client = new_client(None, house.settings.slack_api_url, HASTE_SECONDS)
    authorize = InstallationStoreAuthorize(
        logger=log, installation_store=rooms.installations, bot_only=True, cache_enabled=True, client=client
    )
    later = _Later(house, rooms)
    return new_app(client, authorize, _apology(house.settings), listeners, later.at_home, later.removed)


class _Later:
    """What is left to jobs."""

    def __init__(self, house: House, rooms: Rooms) -> None:
        self._redis = house.redis
        self._rooms = rooms

    def at_home(self, body: Json) -> None:
        """Somebody opened the App Home, or pressed something in it."""
        if "event" in body:
            event: Json = body["event"]
            if event.get("tab", "home") == "home":
                self._enqueue("show_home", [body["team_id"], event["user"]], body["event_id"])
            return
        action: Json = body["actions"][0]
        value = value_of(action)
        if value is not None:
            trigger, page = str(body["trigger_id"]), str(body["view"].get("private_metadata", ""))
            pressed = Pressed(kind=kind_of(action), value=value, trigger=trigger, page=page)
            self._enqueue("press_home", [body["team"]["id"], body["user"]["id"], pressed.model_dump_json()], trigger)

    def removed(self, body: Json) -> None:
        """Our app was removed from a workspace, or its bot's token was taken back."""
        event, team = body["event"], str(body["team_id"])
        if event["type"] == "app_uninstalled" or event.get("tokens", {}).get("bot"):
            self._rooms.installations.delete_bot(enterprise_id=None, team_id=team)
            self._enqueue("forget", [team], team)

    def _enqueue(self, job: str, arguments: list[str], name: str) -> None:
        job_id = f"slack-{job}-{sha256(name.encode()).hexdigest()[:32]}"
        queues.enqueue(self._redis, queues.CHAT, f"{JOBS}.{job}", arguments, job_id)


def _apology(settings: Settings) -> str:
    words = load_words("chatbot.views", settings.chat_language)
    return failure_text("token_revoked", {}, words)
