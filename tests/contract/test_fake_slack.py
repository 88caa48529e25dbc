"""The fake Slack through Slack's own SDK and Bolt: they understand it as they understand the real one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any
from urllib.error import URLError

import pytest
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from tests.fakes.slack import APP_TOKEN, CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET, FakeSlack
from tests.fakes.slack_http import dropped, failing, held, limited, refused
from tests.fakes.slack_people import People
from tests.fakes.slack_workspace import Channel, Person, Workspace

HELLO = [{"type": "section", "text": {"type": "plain_text", "text": "hello", "emoji": False}}]
BUTTON = {"type": "button", "action_id": "go.1", "value": "7", "text": {"type": "plain_text", "text": "Go"}}
KEY = {"event_type": "digest_part", "event_payload": {"key": "k1"}}


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as server:
        yield server


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient("xoxb-right", base_url=slack.api_url, retry_handlers=[], timeout=5)


def error_of(call: Callable[[], object]) -> str:
    with pytest.raises(SlackApiError) as raised:
        call()
    return str(raised.value.response["error"])


# --- messages ---------------------------------------------------------------------------------------------------


def test_a_message_is_posted_changed_answered_and_deleted(slack: FakeSlack, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="C1", text="one", blocks=HELLO, unfurl_links=False)
    reply = client.chat_postMessage(channel="C1", text="below", thread_ts=posted["ts"])
    client.chat_update(channel="C1", ts=posted["ts"], text="two")
    assert [(one.shown, one.edits, one.unfurl) for one in slack.seen()] == [("two", 1, False)]
    assert [one.text for one in slack.thread(posted["ts"])] == ["below"]
    assert reply["message"]["thread_ts"] == posted["ts"]
    client.chat_delete(channel="C1", ts=reply["ts"])
    assert slack.thread(posted["ts"]) == []


def test_history_gives_metadata_only_when_asked_and_newest_first(client: WebClient) -> None:
    first = client.chat_postMessage(channel="C1", text="one", metadata=KEY)
    client.chat_postMessage(channel="C1", text="two")
    found = client.conversations_history(channel="C1", include_all_metadata=True)["messages"]
    assert [one["text"] for one in found] == ["two", "one"]
    assert found[1]["metadata"] == KEY
    assert "metadata" not in client.conversations_history(channel="C1")["messages"][1]
    later = client.conversations_history(channel="C1", oldest=first["ts"])["messages"]
    assert [one["text"] for one in later] == ["two"]


def test_history_and_threads_come_in_pages(client: WebClient) -> None:
    parent = client.chat_postMessage(channel="C1", text="0")["ts"]
    for number in range(1, 5):
        client.chat_postMessage(channel="C1", text=str(number), thread_ts=parent)
    pages = [
        [one["text"] for one in page["messages"]]
        for page in client.conversations_replies(channel="C1", ts=parent, limit=2)
    ]
    assert pages == [["0", "1"], ["2", "3"], ["4"]]


def test_a_private_answer_is_seen_by_one_person_alone(slack: FakeSlack, client: WebClient) -> None:
    client.chat_postEphemeral(channel="C1", user="U1", text="for you")
    assert slack.seen() == []
    assert [one.text for one in slack.private("U1")] == ["for you"]
    assert error_of(lambda: client.chat_postEphemeral(channel="C1", user="U9", text="x")) == "user_not_in_channel"


def test_an_answer_in_a_thread_that_is_gone_lands_in_the_channel_silently(slack: FakeSlack, client: WebClient) -> None:
    parent = client.chat_postMessage(channel="C1", text="parent")["ts"]
    client.chat_delete(channel="C1", ts=parent)
    posted = client.chat_postMessage(channel="C1", text="orphan", thread_ts=parent)
    assert "thread_ts" not in posted["message"]
    assert [one.text for one in slack.seen()] == ["orphan"]
    assert error_of(lambda: client.conversations_replies(channel="C1", ts=parent)) == "thread_not_found"


def test_a_thread_with_replies_outlives_its_parent(slack: FakeSlack, client: WebClient) -> None:
    parent = client.chat_postMessage(channel="C1", text="parent")["ts"]
    client.chat_postMessage(channel="C1", text="reply", thread_ts=parent)
    client.chat_delete(channel="C1", ts=parent)
    client.chat_postMessage(channel="C1", text="more", thread_ts=parent)
    assert [one.text for one in slack.thread(parent)] == ["reply", "more"]


def test_a_stream_grows_until_it_is_stopped(slack: FakeSlack, client: WebClient) -> None:
    parent = client.chat_postMessage(channel="C1", text="question")["ts"]
    stream = client.chat_stream(
        channel="C1", thread_ts=parent, recipient_team_id="T1", recipient_user_id="U1", buffer_size=1
    )
    stream.append(markdown_text="Half ")
    stream.append(markdown_text="of it")
    stream.stop(blocks=HELLO, metadata=KEY)
    (message,) = slack.thread(parent)
    assert (message.text, message.streaming, message.metadata) == ("Half of it", False, KEY)
    late = lambda: client.chat_appendStream(channel="C1", ts=message.ts, markdown_text="late")  # noqa: E731
    assert error_of(late) == "message_not_in_streaming_state"


def test_a_stream_that_is_too_long_is_refused(client: WebClient) -> None:
    parent = client.chat_postMessage(channel="C1", text="question")["ts"]
    stream = client.chat_startStream(channel="C1", thread_ts=parent)
    assert (
        error_of(lambda: client.chat_appendStream(channel="C1", ts=stream["ts"], markdown_text="长" * 4_000))
        == "msg_too_long"
    )


def test_other_methods_are_there(slack: FakeSlack, client: WebClient) -> None:
    assert client.auth_test()["team_id"] == "T1"
    assert client.users_info(user="U1")["user"]["tz"] == "Asia/Shanghai"
    assert client.conversations_open(users="U1")["channel"]["id"] == "DU1"
    client.views_publish(user_id="U1", view={"type": "home", "blocks": HELLO})
    assert slack.workspace.people["U1"].home == {"type": "home", "blocks": HELLO}
    client.views_open(
        trigger_id="1.1", view={"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": HELLO}
    )
    assert (
        error_of(lambda: client.views_publish(user_id="U1", view={"type": "home", "blocks": HELLO * 101}))
        == "invalid_blocks"
    )
    ts = client.chat_postMessage(channel="C1", text="x")["ts"]
    assert client.chat_getPermalink(channel="C1", message_ts=ts)["permalink"].startswith("https://")
    slack.workspace.scopes += ",reactions:write,channels:join,channels:read"
    client.reactions_add(channel="C1", timestamp=ts, name="eyes")
    assert slack.seen()[0].reactions == ["eyes"]
    slack.workspace.channels["C1"].member = False
    assert not client.conversations_info(channel="C1")["channel"]["is_member"]
    client.conversations_join(channel="C1")
    assert slack.workspace.channels["C1"].member
    assert error_of(lambda: client.api_call("chat.nothing")) == "unknown_method"


# --- refusals ---------------------------------------------------------------------------------------------------


def test_each_state_of_a_workspace_is_refused_in_slacks_words(slack: FakeSlack, client: WebClient) -> None:
    workspace = slack.workspace
    workspace.channels |= {"C2": Channel("C2", member=False), "C3": Channel("C3", archived=True)}
    workspace.channels["C4"] = Channel("C4", private=True, member=False)
    wanted = {"C2": "not_in_channel", "C3": "is_archived", "C4": "channel_not_found", "C9": "channel_not_found"}
    assert {one: error_of(lambda one=one: client.chat_postMessage(channel=one, text="x")) for one in wanted} == wanted
    workspace.scopes = "commands"
    with pytest.raises(SlackApiError) as raised:
        client.chat_postMessage(channel="C1", text="x")
    assert (raised.value.response["error"], raised.value.response["needed"]) == ("missing_scope", "chat:write")
    workspace.token = ""
    assert error_of(client.auth_test) == "token_revoked"
    assert error_of(WebClient("nonsense", base_url=slack.api_url).auth_test) == "invalid_auth"


def test_others_messages_and_missing_ones_are_not_changed(slack: FakeSlack, client: WebClient) -> None:
    theirs = slack.workspace.post("C1", "hello")
    assert error_of(lambda: client.chat_update(channel="C1", ts=theirs.ts, text="x")) == "cant_update_message"
    assert error_of(lambda: client.chat_update(channel="C1", ts="1.1", text="x")) == "message_not_found"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def chart(points: int, title: str = "t") -> dict[str, Any]:
    labels = [str(number) for number in range(points)]
    series = [{"name": "n", "data": [{"label": label, "value": 1} for label in labels]}]
    axis = {"categories": labels}
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {"type": "bar", "series": series, "axis_config": axis},
    }


def test_a_message_with_too_much_text_or_none_is_refused(client: WebClient) -> None:
    long = [{"type": "section", "text": plain("x" * 2_500)}] * 4
    assert error_of(lambda: client.chat_postMessage(channel="C1", text="x", blocks=long)) == "msg_blocks_too_long"
    silent = {"channel": "C1", "text": " ", "blocks": HELLO}
    assert error_of(lambda: client.api_call("chat.postMessage", json=silent)) == "no_text"
    assert error_of(lambda: client.chat_postMessage(channel="C1", text="x" * 40_001)) == "msg_too_long"
    assert (
        error_of(lambda: client.chat_postMessage(channel="C1", text="x", metadata={"a": 1}))
        == "invalid_metadata_format"
    )


def test_a_workspace_may_not_know_charts_yet(slack: FakeSlack, client: WebClient) -> None:
    client.chat_postMessage(channel="C1", text="x", blocks=[chart(2)])
    slack.workspace.refused.add("data_visualization")
    with pytest.raises(SlackApiError) as raised:
        client.chat_postMessage(channel="C1", text="x", blocks=[chart(2)])
    assert raised.value.response["error"] == "invalid_blocks"
    assert "data_visualization" in raised.value.response["errors"][0]


# --- troubles ---------------------------------------------------------------------------------------------------


def test_the_sdks_own_retries_post_twice_when_the_answer_is_lost(slack: FakeSlack) -> None:
    slack.trouble(dropped(after=True))
    WebClient("xoxb-right", base_url=slack.api_url).chat_postMessage(channel="C1", text="once?")
    assert [one.text for one in slack.seen()] == ["once?", "once?"]


@pytest.mark.parametrize(("trouble", "posted"), [(dropped(), 0), (dropped(after=True), 1)])
def test_a_dropped_connection_is_an_error_whether_it_was_posted_or_not(
    slack: FakeSlack, client: WebClient, trouble: Any, posted: int
) -> None:
    slack.trouble(trouble)
    with pytest.raises((URLError, ConnectionError, OSError)):
        client.chat_postMessage(channel="C1", text="x")
    assert len(slack.seen()) == posted


@pytest.mark.parametrize(("trouble", "posted"), [(failing(), 0), (failing(503, after=True), 1)])
def test_a_server_error_may_come_before_or_after_posting(
    slack: FakeSlack, client: WebClient, trouble: Any, posted: int
) -> None:
    slack.trouble(trouble)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C1", text="x")
    assert len(slack.seen()) == posted


def test_a_slow_answer_outlasts_the_clients_patience(slack: FakeSlack) -> None:
    late = threading.Event()
    slack.trouble(held(late))
    client = WebClient("xoxb-right", base_url=slack.api_url, retry_handlers=[], timeout=0.2)  # type: ignore[arg-type]
    with pytest.raises(TimeoutError):
        client.chat_postMessage(channel="C1", text="x")
    late.set()
    assert len(slack.seen()) == 1


def test_troubles_befall_the_method_and_channel_they_are_meant_for(slack: FakeSlack, client: WebClient) -> None:
    slack.workspace.channels["C2"] = Channel("C2")
    slack.trouble(refused("fatal_error"), channel="C2", times=None)
    client.chat_postMessage(channel="C1", text="x")
    assert error_of(lambda: client.chat_postMessage(channel="C2", text="x")) == "fatal_error"
    slack.calm()
    client.chat_postMessage(channel="C2", text="x")


def test_rate_limits_count_per_channel_and_say_when_to_come_back(client: WebClient, slack: FakeSlack) -> None:
    slack.workspace.channels["C2"] = Channel("C2")
    slack.limit("chat.postMessage", calls=1, seconds=60, each=True)
    client.chat_postMessage(channel="C1", text="x")
    client.chat_postMessage(channel="C2", text="x")
    with pytest.raises(SlackApiError) as raised:
        client.chat_postMessage(channel="C1", text="x")
    assert raised.value.response.status_code == 429
    assert 0 < int(raised.value.response.headers["Retry-After"]) <= 61


def test_the_sdks_handler_waits_as_it_is_told(slack: FakeSlack) -> None:
    slack.trouble(limited(retry_after=0))
    client = WebClient("xoxb-right", base_url=slack.api_url, retry_handlers=[RateLimitErrorRetryHandler()])
    client.chat_postMessage(channel="C1", text="x")
    assert [call.status for call in slack.asked("chat.postMessage")] == [429, 200]


# --- installation -----------------------------------------------------------------------------------------------


def test_a_workspace_is_installed_by_oauth_and_removed() -> None:
    with FakeSlack(Workspace(), Workspace("T2", token="")) as slack:
        reply = _Redirects.ask(
            f"{slack.url}/oauth/v2/authorize?client_id={CLIENT_ID}&state=s1&redirect_uri=http://b/cb"
        )
        assert reply == "http://b/cb?code=code-1&state=s1"
        client = WebClient(base_url=slack.api_url)
        given = client.oauth_v2_access(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, code="code-1")
        assert given["team"]["id"] == "T2"
        again = lambda: client.oauth_v2_access(client_id=CLIENT_ID, client_secret=CLIENT_SECRET, code="code-1")  # noqa: E731
        assert error_of(again) == "invalid_code"
        bot = WebClient(given["access_token"], base_url=slack.api_url)
        assert bot.auth_test()["team_id"] == "T2"
        bot.apps_uninstall(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
        assert error_of(bot.auth_test) == "token_revoked"


class _Redirects:
    """Where a page leads to, without going there."""

    @staticmethod
    def ask(url: str) -> str:
        import http.client  # noqa: PLC0415
        from urllib.parse import urlsplit  # noqa: PLC0415

        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=5)
        try:
            connection.request("GET", f"{parts.path}?{parts.query}")
            return str(connection.getresponse().getheader("location"))
        finally:
            connection.close()


# --- our side ---------------------------------------------------------------------------------------------------


class Bot:
    """A Bolt app that says what it heard, in the words of the fake's tests."""

    def __init__(self, slack: FakeSlack) -> None:
        self.heard: Queue[tuple[str, Any]] = Queue()
        client = WebClient("xoxb-right", base_url=slack.api_url)
        self.app = App(client=client, signing_secret=SIGNING_SECRET, process_before_response=True)
        self.app.command("/digest")(self._command)
        self.app.action("go.1")(self._action)
        self.app.action("rate.1")(self._action)
        for event in ("app_mention", "message", "app_home_opened", "tokens_revoked", "app_uninstalled"):
            self.app.event(event)(self._event)

    def _command(self, ack: Any, command: Any) -> None:
        ack("Working on it")
        self.heard.put(("command", command))

    def _action(self, ack: Any, action: Any) -> None:
        ack()
        self.heard.put(("action", action))

    def _event(self, event: Any, body: Any) -> None:
        self.heard.put((event["type"], body))

    def next(self) -> tuple[str, Any]:
        return self.heard.get(timeout=5)


@pytest.fixture
def bot(slack: FakeSlack) -> Bot:
    return Bot(slack)


@pytest.fixture
def connected(slack: FakeSlack, bot: Bot) -> Iterator[SocketModeHandler]:
    handler = SocketModeHandler(bot.app, APP_TOKEN, ping_interval=0.2)
    handler.connect()
    slack.socket.wait_connected()
    yield handler
    handler.client.auto_reconnect_enabled = False  # type: ignore[attr-defined]
    slack.socket.drop()  # the client would wait 3 s in reading
    handler.close()


def test_commands_presses_and_events_come_over_the_socket(slack: FakeSlack, bot: Bot, connected: object) -> None:
    people = slack.people
    assert slack.socket.send(*people.command("help")).wait() == {"text": "Working on it"}
    kind, command = bot.next()
    assert (kind, command["text"], command["user_id"]) == ("command", "help", "U1")
    for payload in people.mention("acme/engine"):
        slack.socket.send(*payload).wait()
    assert {bot.next()[0], bot.next()[0]} == {"app_mention", "message"}
    slack.socket.send(*people.home()).wait()
    assert bot.next()[0] == "app_home_opened"


def test_what_was_posted_can_be_pressed(slack: FakeSlack, bot: Bot, client: WebClient, connected: object) -> None:
    pair = {
        "positive_button": {"text": plain("Yes"), "value": "up"},
        "negative_button": {"text": plain("No"), "value": "down"},
    }
    rate = {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "rate.1", **pair}]}
    client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "actions", "elements": [BUTTON]}, rate])
    (message,) = slack.seen()
    slack.socket.send(*slack.people.press(message, "go")).wait()
    assert bot.next()[1]["value"] == "7"
    slack.socket.send(*slack.people.press(message, "rate", value="down")).wait()
    assert bot.next()[1]["value"] == "down"
    with pytest.raises(KeyError):
        slack.people.press(message, "nothing")


def test_the_client_comes_back_after_a_refresh_and_after_a_drop(slack: FakeSlack, bot: Bot, connected: object) -> None:
    slack.socket.disconnect()
    slack.socket.wait_connected(opened=2)
    slack.socket.send(*slack.people.command("help")).wait()
    slack.socket.drop()
    slack.socket.wait_connected(opened=3)
    slack.socket.send(*slack.people.command("help")).wait()


def test_a_retry_is_the_same_event_once_more(slack: FakeSlack, bot: Bot, connected: object) -> None:
    kind, payload = slack.people.direct("hi")
    for attempt in (0, 1):
        slack.socket.send(kind, payload, attempt=attempt).wait()
    assert bot.next()[1]["event_id"] == bot.next()[1]["event_id"]


def test_a_connection_can_be_kept_waiting_for_its_hello(slack: FakeSlack, bot: Bot) -> None:
    slack.socket.greets.clear()
    handler = SocketModeHandler(bot.app, APP_TOKEN)
    handler.connect()
    with pytest.raises(TimeoutError):
        slack.socket.wait_connected(seconds=0.05)
    slack.socket.greets.set()
    slack.socket.wait_connected()
    handler.client.auto_reconnect_enabled = False  # type: ignore[attr-defined]
    slack.socket.drop()
    handler.close()


def test_an_app_token_that_is_wrong_opens_no_socket(slack: FakeSlack, bot: Bot) -> None:
    handler = SocketModeHandler(bot.app, "xapp-wrong")
    with pytest.raises(SlackApiError):
        handler.connect()
    handler.close()


@pytest.fixture
def listening(bot: Bot) -> Iterator[str]:
    """The address of the bot over HTTP."""

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            headers = {name: [value] for name, value in self.headers.items()}
            reply = bot.app.dispatch(BoltRequest(body=body, headers=headers))
            self.send_response(reply.status)
            self.end_headers()
            self.wfile.write(reply.body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/slack/events"
    server.shutdown()
    server.server_close()


def test_signed_requests_are_understood_and_others_refused(slack: FakeSlack, bot: Bot, listening: str) -> None:
    door, command = slack.http(listening), slack.people.command("help")
    assert (door.send(*command).status, bot.next()[0]) == (200, "command")
    assert (door.send(*slack.people.direct("hi")).status, bot.next()[0]) == (200, "message")
    for forged in ({"secret": "other"}, {"signature": "v0=00"}, {"timestamp": "1000000000"}):
        assert door.send(*command, **forged).status == 401
    assert bot.heard.empty()


def test_uninstalling_is_told_and_ends_the_token(slack: FakeSlack, bot: Bot, listening: str, client: WebClient) -> None:
    client.auth_test()
    for payload in slack.people.uninstalled():
        assert slack.http(listening).send(*payload).status == 200
    assert error_of(client.auth_test) == "token_revoked"


def test_a_response_url_answers_five_times(slack: FakeSlack) -> None:
    _, command = slack.people.command("help")
    hook = WebhookClient(command["response_url"])
    assert [hook.send(text="private").status_code for _ in range(6)] == [200] * 5 + [404]
    assert len(slack.private("U1")) == 5
    _, command = slack.people.command("help")
    WebhookClient(command["response_url"]).send(text="all", response_type="in_channel")
    assert [one.text for one in slack.seen()] == ["all"]


def test_guests_and_shared_channels_are_told(slack: FakeSlack, client: WebClient) -> None:
    slack.workspace.people["U2"] = Person("U2", restricted=True)
    slack.workspace.people["U3"] = Person("U3", team="T9")
    slack.workspace.channels["C2"] = Channel("C2", shared=True)
    assert client.users_info(user="U2")["user"]["is_restricted"]
    assert client.users_info(user="U3")["user"]["is_stranger"]
    (mention, _) = People(slack.workspace, slack.url).mention("hi", "U3", "C2")
    assert (mention[1]["is_ext_shared_channel"], mention[1]["event"]["team"]) == (True, "T9")
