"""The world outside of one run: Slack, Feishu, GitHub and a model, which tell of every request before they answer."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.fakes import slack_http
from tests.fakes.feishu import SENDING, FakeFeishu
from tests.fakes.feishu_http import Call as FeishuCall
from tests.fakes.github import FakeGitHub
from tests.fakes.github_http import Dropped, Reply, Request
from tests.fakes.model import FakeModel, plausible
from tests.fakes.model_protocol import Asked
from tests.fakes.model_troubles import Trouble as ModelTrouble
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspace import Channel, Workspace
from tests.faults.clock import WorldClock
from tests.faults.steps import Place

Reached = Callable[[Place, int, bool, int], bool]
"""Called with the place, which request of its channel it is, whether it was carried out, and from which port it comes.

False: the connection ends without an answer.
"""
CHANNELS = ("C1", "C2")


class _Ports(threading.local):
    """From which port the request comes that this thread answers."""

    port = 0


_from = _Ports()


def _noting_port(handler: Any) -> Any:
    class Noting(handler):  # type: ignore[misc]
        def handle(self) -> None:
            _from.port = self.client_address[1]
            super().handle()

    return Noting


class Posts:
    """What befalls posts to either platform, and how many came to each channel since the day began."""

    def __init__(self, reached: Reached) -> None:
        self._reached = reached
        self._pending: list[slack_http.Trouble] = []
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def trouble(self, trouble: slack_http.Trouble) -> None:
        """It befalls the next post, or the one that is being answered if it may still."""
        self._pending.append(trouble)

    def begin_day(self) -> None:
        self._counts.clear()

    def answer(self, channel: str, carry_out: Callable[[], Reply]) -> Reply:
        with self._lock:
            self._counts[channel] += 1
            number = self._counts[channel]
        if not self._reached("post", number, False, _from.port):
            raise Dropped
        trouble = self._take(lambda one: not one.after)
        if trouble:
            return trouble.do(Reply.ok({}))
        reply = carry_out()
        self._reached("post", number, True, _from.port)
        trouble = self._take(lambda one: one.after)
        return trouble.do(reply) if trouble else reply

    def _take(self, wanted: Callable[[slack_http.Trouble], bool]) -> slack_http.Trouble | None:
        with self._lock:
            found = next(filter(wanted, self._pending), None)
            if found:
                self._pending.remove(found)
            return found


class Slack(FakeSlack):
    """Its messages bear the world's time."""

    def __init__(self, posts: Posts, clock: WorldClock) -> None:
        super().__init__(_Workspace(clock))
        self.workspace.channels |= {name: Channel(name) for name in CHANNELS}
        self._posts = posts
        self._server.RequestHandlerClass = _noting_port(self._server.RequestHandlerClass)

    def _with_troubles(self, call: slack_http.Call) -> Reply:
        if call.method != "chat.postMessage":
            return super()._with_troubles(call)
        return self._posts.answer(call.text("channel"), lambda: super(Slack, self)._with_troubles(call))


class _Workspace(Workspace):
    def __init__(self, clock: WorldClock) -> None:
        super().__init__()
        self._clock = clock

    def next_ts(self) -> str:
        with self._lock:
            self._count += 1
            return f"{int(self._clock.now().timestamp())}.{self._count:06}"


class Feishu(FakeFeishu):
    def __init__(self, posts: Posts, clock: WorldClock) -> None:
        super().__init__(lambda: clock.now().timestamp())
        self._posts = posts
        self._server.RequestHandlerClass = _noting_port(self._server.RequestHandlerClass)

    def _with_troubles(self, call: FeishuCall) -> Reply:
        if call.operation not in SENDING:
            return super()._with_troubles(call)
        return self._posts.answer("oc_1", lambda: super(Feishu, self)._with_troubles(call))


class GitHub(FakeGitHub):
    def __init__(self, repositories: Mapping[str, Path], reached: Reached) -> None:
        super().__init__(repositories)
        self._reached = reached
        self._server.RequestHandlerClass = _noting_port(self._server.RequestHandlerClass)

    def _answer(self, request: Request) -> Reply | None:
        self.remaining = self.limit
        self._reached("github", 1, False, _from.port)
        return super()._answer(request)


class Model(FakeModel):
    def __init__(self, reached: Reached) -> None:
        super().__init__(self._say)
        self._reached = reached
        self._pending: list[ModelTrouble] = []

    def befall(self, trouble: ModelTrouble, times: int) -> None:
        """It befalls so many of the next requests."""
        self._pending += [trouble] * times

    async def _say(self, asked: Asked) -> ModelTrouble | str:
        await asyncio.to_thread(self._reached, "model", 1, False, 0)
        return self._pending.pop() if self._pending else plausible(asked)
