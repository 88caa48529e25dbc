"""A Slack on loopback: its Web API, OAuth, response_urls and Socket Mode, with its limits and faults on demand.

`python -m tests.fakes.slack` serves one workspace and prints the settings to try it with.
"""

from __future__ import annotations

import base64
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

from tests.fakes.github_http import Dropped, Reply
from tests.fakes.slack_blocks import BlocksError, check_message
from tests.fakes.slack_doors import HttpDoor, SocketDoor
from tests.fakes.slack_http import Call, Handler, Plan, Quota, Server, Trouble
from tests.fakes.slack_methods import Methods, SlackError
from tests.fakes.slack_people import People
from tests.fakes.slack_workspace import BOT_SCOPES, Message, Workspace

Json = dict[str, Any]
SIGNING_SECRET = "signing-secret"
APP_TOKEN = "xapp-1-right"
CLIENT_ID, CLIENT_SECRET = "111.222", "client-secret"
MOST_RESPONSES = 5
"""Uses of one response_url."""


class FakeSlack:
    """Serves workspaces while the context lasts; one with the bot in it unless told otherwise.

    `clock` gives seconds for the rate limits. `workspaces` that have no token yet get one by OAuth.
    """

    def __init__(self, *workspaces: Workspace, clock: Callable[[], float] = time.monotonic) -> None:
        self.workspaces = {one.team: one for one in workspaces or (Workspace(),)}
        self.workspace = next(iter(self.workspaces.values()))
        self.calls: list[Call] = []
        self.codes: dict[str, str] = {}
        self._methods = {team: Methods(one) for team, one in self.workspaces.items()}
        self._responses: dict[str, int] = {}
        self._plans: list[Plan] = []
        self._quotas: list[Quota] = []
        self._faults: list[Exception] = []
        self._lock = threading.Lock()
        self._clock = clock
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.answer = self._answer
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.api_url = f"{self.url}/api/"
        self.socket = SocketDoor()
        self.people = People(self.workspace, self.url)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()
        self._server.shutdown()
        self._server.server_close()
        if self._faults and error is None:
            raise self._faults[0]

    # --- what tests ask for and see -------------------------------------------------------------------------------

    def trouble(
        self, trouble: Trouble, on: str = "chat.postMessage", channel: str | None = None, times: int | None = 1
    ) -> None:
        """Lets it befall the next `times` calls (None: all) of a method, in one channel if told."""
        self._plans.append(Plan(trouble, on, channel, times))

    def limit(self, method: str, calls: int, seconds: float, each: bool = False) -> None:
        """From now on at most `calls` of a method in so many seconds, `each`: in every channel by itself."""
        self._quotas.append(Quota(method, calls, seconds, each))

    def calm(self) -> None:
        """Forgets troubles, limits, and the calls that have been."""
        self._plans.clear()
        self._quotas.clear()
        self.calls.clear()

    def asked(self, method: str) -> list[Call]:
        """The calls of a method so far."""
        return [call for call in self.calls if call.method == method]

    def seen(self, channel: str = "C1") -> list[Message]:
        """What stands in a channel of the first workspace, oldest first, its threads left out."""
        return self.workspace.channels[channel].top()

    def thread(self, ts: str, channel: str = "C1") -> list[Message]:
        """What stands in a thread below its parent, oldest first."""
        return self.workspace.channels[channel].replies(ts)

    def private(self, user: str = "U1", channel: str = "C1") -> list[Message]:
        """What only this person sees in a channel."""
        return [one for one in self.workspace.channels[channel].messages if one.to == user]

    def http(self, url: str) -> HttpDoor:
        """A door to a bot that listens on an address."""
        return HttpDoor(url, SIGNING_SECRET)

    # --- one call -------------------------------------------------------------------------------------------------

    def _answer(self, call: Call) -> Reply | None:
        reply: Reply | None = None
        try:
            reply = self._with_troubles(call)
        except Dropped:
            pass
        except Exception as fault:
            self._faults.append(fault)
        with self._lock:
            self.calls.append(replace(call, status=reply.status if reply else 0))
        return reply

    def _with_troubles(self, call: Call) -> Reply:
        plan = self._plan(call)
        if plan and not plan.trouble.after:
            return plan.trouble.do(Reply.ok({"ok": False, "error": "internal_error"}))
        reply = self._limited(call) or self._right_answer(call)
        return plan.trouble.do(reply) if plan else reply

    def _plan(self, call: Call) -> Plan | None:
        with self._lock:
            for plan in self._plans:
                if plan.times != 0 and plan.method == call.method and plan.channel in (None, call.text("channel")):
                    plan.times = plan.times - 1 if plan.times is not None else None
                    return plan
        return None

    def _limited(self, call: Call) -> Reply | None:
        with self._lock:
            waits = [quota.wait(call, self._clock()) for quota in self._quotas if quota.method == call.method]
        if not any(waits):
            return None
        headers = {"Retry-After": str(max(1, round(max(waits) + 0.5)))}
        return replace(Reply.ok({"ok": False, "error": "ratelimited"}, 429), headers=headers)

    def _right_answer(self, call: Call) -> Reply:
        try:
            match call.path.strip("/").split("/"):
                case ["respond", team, channel, user, _]:
                    return self._respond(call, self.workspaces[team], channel, user)
                case ["oauth", "v2", "authorize"]:
                    return self._authorize(call)
            return replace(Reply.ok(self._method(call)), headers=self._scopes(call))
        except SlackError as error:
            return Reply.ok(error.answer)

    def _method(self, call: Call) -> Json:
        match call.method:
            case "apps.connections.open":
                return self._connection(call)
            case "oauth.v2.access":
                return self._install(call)
            case "apps.uninstall":
                return self._uninstall(call)
        return self._methods[self._owner(call).team](call)

    def _owner(self, call: Call) -> Workspace:
        if not call.token:
            raise SlackError("not_authed")
        found = next((one for one in self.workspaces.values() if one.token == call.token), None)
        if found is None:
            known = call.token.startswith("xoxb-") and call.token != "xoxb-wrong"
            raise SlackError("token_revoked" if known else "invalid_auth")
        return found

    def _scopes(self, call: Call) -> dict[str, str]:
        """What Slack tells with every answer."""
        found = next((one.scopes for one in self.workspaces.values() if one.token == call.token), None)
        return {} if found is None else {"x-oauth-scopes": found}

    def _connection(self, call: Call) -> Json:
        if call.token != APP_TOKEN:
            raise SlackError("invalid_auth")
        return {"ok": True, "url": self.socket.url}

    # --- response_url ---------------------------------------------------------------------------------------------

    def _respond(self, call: Call, workspace: Workspace, channel: str, user: str) -> Reply:
        with self._lock:
            self._responses[call.path] = uses = self._responses.get(call.path, 0) + 1
        if uses > MOST_RESPONSES:
            return Reply.ok({"ok": False, "error": "used_url"}, 404)
        text, blocks = call.text("text"), call.json("blocks") or []
        if not text.strip():
            return Reply.ok({"ok": False, "error": "no_text"}, 400)
        try:
            check_message(blocks, workspace.refused)
        except BlocksError as error:
            return Reply.ok({"ok": False, "error": error.code}, 400)
        to = None if call.text("response_type") == "in_channel" else user
        thread = call.text("thread_ts") or None
        message = Message(workspace.next_ts(), channel, workspace.bot, text, blocks, thread, to=to)
        workspace.channels[channel].messages.append(message)
        return Reply(200, b"ok", {"content-type": "text/plain"})

    # --- OAuth ----------------------------------------------------------------------------------------------------

    def _authorize(self, call: Call) -> Reply:
        """Somebody of the workspace without a token agrees at once."""
        if call.text("client_id") != CLIENT_ID:
            raise SlackError("invalid_client_id")
        team = next(one.team for one in self.workspaces.values() if not one.token)
        code = f"code-{len(self.codes) + 1}"
        self.codes[code] = team
        query = urlencode({"code": code, "state": call.text("state")})
        return Reply(302, b"", {"location": f"{call.text('redirect_uri')}?{query}"})

    def _install(self, call: Call) -> Json:
        if self._client(call) != (CLIENT_ID, CLIENT_SECRET):
            raise SlackError("invalid_client_id")
        team = self.codes.pop(call.text("code"), None)
        if team is None:
            raise SlackError("invalid_code")
        workspace = self.workspaces[team]
        workspace.token, workspace.scopes = f"xoxb-{team}-{call.text('code')}", BOT_SCOPES
        about = {"app_id": "A1", "team": {"id": team, "name": "Acme"}, "enterprise": None, "authed_user": {"id": "U1"}}
        token = {"access_token": workspace.token, "token_type": "bot", "bot_user_id": workspace.bot}
        return {"ok": True, **about, **token, "scope": workspace.scopes, "is_enterprise_install": False}

    def _uninstall(self, call: Call) -> Json:
        workspace = self._owner(call)
        if self._client(call) != (CLIENT_ID, CLIENT_SECRET):
            raise SlackError("invalid_client_id")
        workspace.token = ""
        return {"ok": True}

    def _client(self, call: Call) -> tuple[str, str]:
        if call.token.startswith("Basic "):
            name, _, secret = base64.b64decode(call.token.removeprefix("Basic ")).decode().partition(":")
            return name, secret
        return call.text("client_id"), call.text("client_secret")


def main() -> None:
    with FakeSlack() as slack:
        settings = {
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": slack.workspace.token,
            "SLACK_APP_TOKEN": APP_TOKEN,
        }
        sys.stdout.write(" ".join(f"{name}={value}" for name, value in settings.items()) + " commit-digest serve\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
