"""A Feishu on loopback: its Open API, CardKit, long connection and custom bots, with its limits and faults on demand.

`python -m tests.fakes.feishu` serves one tenant and prints the settings to try it with.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from tests.fakes.feishu_doors import HttpDoor
from tests.fakes.feishu_hooks import Hooks
from tests.fakes.feishu_http import Call, FeishuError, Handler, Plan, Quota, Server, too_many
from tests.fakes.feishu_methods import Methods
from tests.fakes.feishu_people import VERIFICATION_TOKEN, People
from tests.fakes.feishu_socket import SocketDoor
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET, Chat, CustomBot, Message, Tenant
from tests.fakes.github_http import Dropped, Reply
from tests.fakes.slack_http import Trouble

Json = dict[str, Any]
ENCRYPT_KEY = "encrypt-key"
SENDING = ("message.create", "message.reply")
UNCOUNTED = ("token", "endpoint", "webhook", "webhook.look")
"""What the limits of the app do not count."""


class FakeFeishu:
    """Serves a tenant while the context lasts. `clock` gives the time in seconds, for rates and whatever grows old."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.tenant = Tenant(clock)
        self.calls: list[Call] = []
        self.people = People(self.tenant)
        self.socket = SocketDoor()
        self._methods = Methods(self.tenant)
        self._hooks = Hooks(self.tenant)
        self._plans: list[Plan] = []
        self._quotas: list[Quota] = []
        self._faults: list[Exception] = []
        self._lock = threading.Lock()
        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.answer = self._answer
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

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
        self, trouble: Trouble, on: str = "message.create", chat: str | None = None, times: int | None = 1
    ) -> None:
        """Lets it befall the next `times` calls (None: all) of an operation, in one chat if told."""
        self._plans.append(Plan(trouble, on, chat, times))

    def limit(self, what: str, calls: int, seconds: float) -> None:
        """From now on at most `calls` in so many seconds, of what Feishu counts together.

        `chat`: messages into one chat (230020). `message`: changes of one message (230020). `card`: operations on one
        card of CardKit (230020). `app`: each operation by itself (99991400). `hook`: posts to one custom bot (11232).
        """
        code, key = self._counted(what)
        self._quotas.append(Quota(calls, seconds, code, key))

    def enforce(self) -> None:
        """All limits of Feishu's own."""
        for what, calls, seconds in (("app", 50, 1), ("app", 1_000, 60), ("hook", 5, 1), ("hook", 100, 60)):
            self.limit(what, calls, seconds)
        for what, calls in (("chat", 5), ("message", 5), ("card", 10)):
            self.limit(what, calls, 1)

    def calm(self) -> None:
        """Forgets troubles, limits, and the calls that have been."""
        self._plans.clear()
        self._quotas.clear()
        self.calls.clear()

    def asked(self, operation: str) -> list[Call]:
        """The calls of an operation so far."""
        return [call for call in self.calls if call.operation == operation]

    def seen(self, chat: str = "oc_1") -> list[Message]:
        """What stands in a chat, oldest first, its threads left out."""
        return self.tenant.chats[chat].top()

    def thread(self, message: str) -> list[Message]:
        """What stands in the thread under a message, oldest first."""
        found = self.tenant.find(message)
        return self.tenant.chats[found.chat].replies(message) if found else []

    def direct(self, person: str = "ou_1") -> list[Message]:
        """What a person and the bot wrote to each other alone."""
        return self.tenant.direct(person).top()

    def chat(self, name: str, **state: Any) -> Chat:
        """A further chat, in whatever state."""
        return self.tenant.chats.setdefault(name, Chat(name, **state))

    def hook(self, key: str = "hook-1", chat: str = "oc_1", secret: str = "", **state: Any) -> str:
        """A custom bot, in whatever state; its address."""
        self.tenant.hooks[key] = CustomBot(chat, secret, **state)
        return f"{self.url}/open-apis/bot/v2/hook/{key}"

    def http(self, url: str, encrypt_key: str = ENCRYPT_KEY, token: str = VERIFICATION_TOKEN) -> HttpDoor:
        """A door to a bot that listens on an address."""
        return HttpDoor(url, encrypt_key, token)

    def _counted(self, what: str) -> tuple[int, Callable[[Call], str | None]]:
        match what:
            case "chat":
                return 230020, lambda call: self._methods.chat_of(call) if call.operation in SENDING else None
            case "message":
                edits = ("message.patch", "message.update")
                return 230020, lambda call: call.parts["message"] if call.operation in edits else None
            case "card":
                return 230020, lambda call: call.parts.get("card")
            case "hook":
                return 11232, lambda call: call.parts.get("hook") if call.operation == "webhook" else None
        return 99991400, lambda call: None if call.operation in UNCOUNTED else call.operation

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
            return plan.trouble.do(Reply.ok({"code": 2200, "msg": "Internal Error"}, 500))
        reply = self._right_answer(call)
        return plan.trouble.do(reply) if plan else reply

    def _plan(self, call: Call) -> Plan | None:
        with self._lock:
            for plan in self._plans:
                if plan.times == 0 or plan.operation != call.operation:
                    continue
                if plan.chat in (None, self._methods.chat_of(call)):
                    plan.times = plan.times - 1 if plan.times is not None else None
                    return plan
        return None

    def _right_answer(self, call: Call) -> Reply:
        try:
            self._check_rates(call)
            match call.operation:
                case "endpoint":
                    return Reply.ok(self._endpoint(call))
                case "webhook":
                    return Reply.ok(self._hooks(call))
                case "webhook.look":
                    return Reply.ok({"code": 19002, "data": {}, "msg": "params error, msg_type need"})
            return Reply.ok(self._methods(call))
        except FeishuError as error:
            return error.reply

    def _check_rates(self, call: Call) -> None:
        with self._lock:
            for quota in self._quotas:
                wait = quota.wait(call, self.tenant.clock())
                if wait:
                    raise too_many(quota.code, max(1, round(wait + 0.5)))

    def _endpoint(self, call: Call) -> Json:
        if call.text("AppID") != self.tenant.app or call.text("AppSecret") != self.tenant.secret:
            return {"code": 514, "msg": "auth failed"}
        if not self.tenant.active:
            return {"code": 403, "msg": "the app is not available"}
        return {"code": 0, "msg": "", "data": {"URL": self.socket.url, "ClientConfig": self.socket.config}}


def main() -> None:
    with FakeFeishu() as feishu:
        settings = {"FEISHU_DOMAIN": feishu.url, "FEISHU_APP_ID": APP_ID, "FEISHU_APP_SECRET": APP_SECRET}
        sys.stdout.write(" ".join(f"{name}={value}" for name, value in settings.items()) + " commit-digest serve\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
