"""Slack's way in, without processes: installation in several workspaces, removal, and what cannot be heard."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from redis import Redis
from rq.job import Job
from rq.serializers import JSONSerializer
from slack_bolt import BoltRequest
from slack_sdk.oauth.installation_store import Bot
from starlette.testclient import TestClient

from chatbot.app import new_conversation
from chatbot.doors import House, open_doors
from chatbot.messaging import MessageRefusedError
from chatbot.platforms.slack.calls import HASTE_SECONDS as SLACK_SECONDS
from chatbot.platforms.slack.door import bolt_app, new_listeners
from chatbot.platforms.slack.installations import Installations
from chatbot.platforms.slack.rooms import open_rooms
from chatbot.web import web_app
from tests.fakes.slack import CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET, FakeSlack
from tests.fakes.slack_blocks import check_message
from tests.fakes.slack_doors import HttpDoor, _body
from tests.fakes.slack_http import dropped, held
from tests.fakes.slack_people import Payload, People
from tests.fakes.slack_workspace import BOT_TOKEN, Workspace
from tests.servers import redis_server
from workers.connection import HASTE_SECONDS, connect
from workers.settings import Settings
from workers.store.leaving import forget_workspace
from workers.store.notes import Notes

KEY = "a long random text"
SLACK_WAITS = 3.0
"""Seconds for an answer to a command."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with redis_server() as address:
        yield address


@pytest.fixture
def redis(url: str) -> Iterator[Redis]:
    with connect(url) as client:
        client.flushall()
        yield client


class Door:
    """Our web application, and Slack's side of it."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        doors = open_doors(House(settings, redis, new_conversation(settings, redis)))
        self.web = TestClient(web_app(redis, doors), "https://bot.test", False, follow_redirects=False)
        self._slack = HttpDoor("", SIGNING_SECRET)

    def send(self, payload: Payload, **forged: str) -> httpx.Response:
        body, content_type = _body(*payload)
        headers = self._slack.signed(body, **forged) | {"Content-Type": content_type}
        return self.web.post("/slack/events", content=body, headers=headers)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSlack]:
    """A workspace that has not our app yet; Bolt finds the same variables in the environment as we do."""
    monkeypatch.setenv("SLACK_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("SLACK_CLIENT_SECRET", CLIENT_SECRET)
    with FakeSlack(Workspace("T2", token="")) as slack:
        yield slack


def settings_of(slack: FakeSlack, **given: Any) -> Settings:
    return Settings(slack_api_url=slack.api_url, slack_signing_secret=SIGNING_SECRET, **given)


def by_oauth(slack: FakeSlack) -> Settings:
    oauth = {"slack_client_id": CLIENT_ID, "slack_client_secret": CLIENT_SECRET, "secret_key": KEY}
    return settings_of(slack, **oauth, public_url="https://bot.test/")


def install(door: Door, slack: FakeSlack) -> httpx.Response:
    """Somebody follows the link, agrees on Slack's page, and is led back."""
    to_slack = door.web.get("/slack/install").headers["location"]
    assert to_slack.startswith(f"{slack.url}/oauth/v2/authorize?")
    back = httpx.get(to_slack).headers["location"]
    assert back.startswith("https://bot.test/slack/oauth_redirect?")
    return door.web.get(back.removeprefix("https://bot.test"))


def test_a_workspace_is_installed_speaks_and_is_forgotten_when_it_leaves(two: FakeSlack, redis: Redis) -> None:
    settings = by_oauth(two)
    door = Door(settings, redis)
    assert install(door, two).status_code == 200
    answer = door.send(two.people.command("settings lang=en timezone=Asia/Tokyo")).json()
    assert "Asia/Tokyo" in str(answer["blocks"])
    workspaces = open_rooms(settings, redis).workspaces
    token = workspaces.client("T2").token
    assert not any(str(token).encode() in (redis.dump(key) or b"") for key in list(redis.keys()))
    for payload in two.people.uninstalled():
        assert door.send(payload).status_code == 200
    with pytest.raises(MessageRefusedError):
        open_rooms(settings, redis).workspaces.client("T2")
    (job,) = [key.decode().removeprefix("rq:job:") for key in redis.keys("rq:job:slack-forget-*")]
    kept = Job.fetch(job, connection=redis, serializer=JSONSerializer)
    assert (kept.func_name, kept.args) == ("chatbot.platforms.slack.jobs.forget", ["T2"])
    forget_workspace(redis, "slack", "T2")
    assert [key for key in redis.keys("cd:1:*") if b"seen" not in key] == []


def test_an_installation_that_nobody_began_is_refused(two: FakeSlack, redis: Redis) -> None:
    door = Door(by_oauth(two), redis)
    location = door.web.get("/slack/install").headers["location"]
    state = parse_qs(urlsplit(location).query)["state"][0]
    assert door.web.get("/slack/oauth_redirect?code=code-1&state=forged").status_code >= 400
    door.web.cookies.clear()
    assert door.web.get(f"/slack/oauth_redirect?code=code-1&state={state}").status_code >= 400
    assert two.asked("oauth.v2.access") == []


def test_a_workspace_without_our_app_is_told_to_install_it(two: FakeSlack, redis: Redis) -> None:
    door = Door(by_oauth(two), redis)
    assert door.send(two.people.command("help")).status_code == 200
    assert "install the app again" in two.private()[0].shown


def test_tokens_under_another_key_open_nothing(redis: Redis) -> None:
    notes = Notes(redis)
    bot = Bot(team_id="T2", bot_token="xoxb-1", bot_id="B", bot_user_id="U", installed_at=1.0)
    Installations(notes, KEY).save_bot(bot)
    assert Installations(notes, KEY).token("T2") == "xoxb-1"
    assert Installations(notes, KEY).token("T3") is None
    assert Installations(notes, "another").token("T2") is None


def test_a_workspace_that_takes_the_bots_token_back_is_forgotten_as_well(two: FakeSlack, redis: Redis) -> None:
    door = Door(by_oauth(two), redis)
    install(door, two)
    revoked = two.people.event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [two.workspace.bot]}})
    assert door.send(revoked).status_code == 200
    with pytest.raises(MessageRefusedError):
        open_rooms(by_oauth(two), redis).workspaces.client("T2")
    assert redis.keys("rq:job:slack-forget-*")


def test_only_the_loss_of_the_bots_own_token_counts_as_leaving(two: FakeSlack, redis: Redis) -> None:
    door = Door(by_oauth(two), redis)
    install(door, two)
    revoked = two.people.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    assert door.send(revoked).status_code == 200
    assert open_rooms(by_oauth(two), redis).workspaces.client("T2").token


def test_what_could_not_be_heard_is_asked_for_again(redis: Redis) -> None:
    with FakeSlack() as slack:
        door = Door(settings_of(slack, slack_bot_token=BOT_TOKEN), redis)
        payload = slack.people.direct("help")
        slack.trouble(dropped(), on="auth.test")
        assert door.send(payload).status_code == 503
        assert door.send(payload).status_code == 200
        assert "help" in str(slack.asked("chat.postMessage")[-1].values)


def test_a_command_is_answered_soon_in_words_while_slack_says_nothing(redis: Redis) -> None:
    until = threading.Event()
    with FakeSlack() as slack:
        door = Door(settings_of(slack, slack_bot_token=BOT_TOKEN), redis)
        door.send(slack.people.command("help"))  # who the bot is is known by now
        redis.flushall()
        slack.trouble(held(until), on="conversations.info")
        try:
            answer = door.send(slack.people.command("list"))
            assert not until.is_set()
        finally:
            until.set()
    assert "cannot be reached" in answer.json()["text"]
    assert 2 * SLACK_SECONDS + HASTE_SECONDS <= SLACK_WAITS


def test_what_is_not_for_us_is_acknowledged_and_left(redis: Redis) -> None:
    with FakeSlack() as slack:
        door = Door(settings_of(slack, slack_bot_token=BOT_TOKEN), redis)
        people: People = slack.people
        message = {"type": "message", "channel": "C1", "user": "U1", "ts": "1.1", "channel_type": "channel"}
        for event in (
            {"type": "reaction_added", "user": "U1"},
            {**message, "text": "lunch?"},
            {**message, "text": "lunch", "subtype": "message_changed"},
            {**message, "text": f"<@{slack.workspace.bot}> help", "bot_id": "B9"},
        ):
            assert door.send(people.event(event)).status_code == 200
        asked = door.send(("events_api", {"type": "url_verification", "challenge": "c-1"}))
        assert (asked.status_code, asked.json()) == (200, {"challenge": "c-1"})
        assert slack.private() == []
        assert slack.seen() == []


# --- the store is out of reach ----------------------------------------------------------------------------------


class Silent:
    """A port where connections stand and nothing is said: the system takes them, nobody here does."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._socket.setblocking(False)
        self.url = f"redis://127.0.0.1:{self._socket.getsockname()[1]}"

    def close(self) -> None:
        self._socket.close()

    def taken(self) -> int:
        """How many connections came."""
        number = 0
        with suppress(BlockingIOError):
            while True:
                self._socket.accept()[0].close()
                number += 1
        return number


@pytest.fixture
def silent() -> Iterator[Silent]:
    with closing(Silent()) as server:
        yield server


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"redis://127.0.0.1:{server.getsockname()[1]}"


Asked = tuple[int, str]
"""The status and the body of an answer."""


def over_the_socket(slack: FakeSlack, redis: Redis, payload: Payload) -> Asked:
    settings = settings_of(slack, slack_bot_token=BOT_TOKEN)
    house, rooms = House(settings, redis, new_conversation(settings, redis)), open_rooms(settings, redis)
    app = bolt_app(house, rooms, new_listeners(house, rooms))
    answer = app.dispatch(BoltRequest(mode="socket_mode", body=payload[1]))
    return answer.status, answer.body


def over_http(slack: FakeSlack, redis: Redis, payload: Payload) -> Asked:
    answer = Door(settings_of(slack, slack_bot_token=BOT_TOKEN), redis).send(payload)
    return answer.status_code, answer.text


Ask = Callable[[FakeSlack, Redis, Payload], Asked]
both_ways = pytest.mark.parametrize("ask", [over_the_socket, over_http])


@both_ways
def test_a_command_is_answered_in_words_while_nobody_hears_at_the_address_of_redis(ask: Ask) -> None:
    with FakeSlack() as slack, connect(closed_port(), in_haste=True) as redis:
        status, body = ask(slack, redis, slack.people.command("list"))
    said = json.loads(body)
    assert (status, said["response_type"]) == (200, "ephemeral")
    assert "Redis" in said["text"]
    check_message(said["blocks"])


@both_ways
def test_a_command_waits_for_a_redis_that_says_nothing_once_and_shortly(silent: Silent, ask: Ask) -> None:
    with FakeSlack() as slack, connect(silent.url, in_haste=True) as redis:
        status, body = ask(slack, redis, slack.people.command("list"))
    assert status == 200
    assert "Redis" in body
    assert 0 < silent.taken() * HASTE_SECONDS <= SLACK_WAITS / 2


@both_ways
def test_who_presses_while_redis_is_out_of_reach_is_told_so(ask: Ask) -> None:
    with FakeSlack() as slack, connect(closed_port(), in_haste=True) as redis:
        message = slack.workspace.post("C1", "a digest", user=slack.workspace.bot)
        message.blocks = [{"type": "actions", "elements": [_button()]}]
        assert ask(slack, redis, slack.people.press(message, "details"))[0] == 200
        (told,) = slack.private()
    assert "Redis" in told.shown


@both_ways
def test_an_event_that_cannot_be_heard_is_left_to_be_sent_again(ask: Ask) -> None:
    with FakeSlack() as slack, connect(closed_port(), in_haste=True) as redis:
        assert ask(slack, redis, slack.people.direct("help"))[0] == 503
        assert slack.private() == []
        assert slack.asked("chat.postMessage") == []


@pytest.mark.parametrize("forged", [{"secret": "other"}, {"timestamp": "1000000000"}, {"timestamp": "soon"}])
def test_a_forged_request_is_refused_with_and_without_redis(forged: dict[str, str]) -> None:
    with FakeSlack() as slack, connect(closed_port(), in_haste=True) as redis:
        door = Door(settings_of(slack, slack_bot_token=BOT_TOKEN), redis)
        assert door.send(slack.people.command("list"), **forged).status_code == 401


def _button() -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Details"}
    return {"type": "button", "action_id": "details.0", "text": text, "value": f"d1:0:{'a' * 12}"}
