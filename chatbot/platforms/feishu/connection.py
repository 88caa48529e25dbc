"""The long connection: a websocket that we open, so that nobody needs to reach us, watched so that it never goes deaf.

The SDK's own client hears in the thread that keeps the connection, comes back after minutes, waits for ever for an
endpoint that hangs, gives up at a refusal, and does not notice that nothing comes any more: all of that is mended here.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import requests
from lark_oapi.core.enum import LogLevel

from chatbot.platforms.feishu.callbacks import event_of
from chatbot.platforms.feishu.events import CONCURRENCY, Hearing
from chatbot.platforms.feishu.sdk import TIMEOUT_SECONDS, Thing
from chatbot.platforms.feishu.websocket import sdk
from workers.errors import BrokenError, RefusedError, TransientError

log = logging.getLogger(__name__)

PING_SECONDS = 15.0
"""How often Feishu is asked whether it is there; it advises 120."""
QUIET_SECONDS = 40.0
"""After how long without a word from Feishu the connection counts as deaf: two pings were not answered."""
LOOK_SECONDS = 1.0
CONNECT_SECONDS = 15.0
NONCE_SECONDS, AGAIN_SECONDS = 2, 10
"""At most so long before the first attempt to come back, and between others."""
END_SECONDS = 15.0

# The SDK gives no time-out to the one request that it makes with this module.
sdk.requests = SimpleNamespace(post=partial(requests.post, timeout=TIMEOUT_SECONDS))


class _Client(sdk.Client):  # type: ignore[misc]  # the SDK has no types
    """The SDK's client with the thread pool and the watchdog that it lacks. `hear` answers a payload in a thread."""

    def __init__(self, hear: Callable[[bytes], Any], ping: float, quiet: float, **arguments: Thing) -> None:
        super().__init__(log_level=LogLevel.CRITICAL, **arguments)
        self._hear = hear
        self._ping, self._quiet = ping, quiet
        self._pool = ThreadPoolExecutor(CONCURRENCY, "feishu-event")
        self.heard_at = time.monotonic()

    @property
    def is_connected(self) -> bool:
        return self._conn is not None and time.monotonic() - self.heard_at <= self._quiet

    async def live(self, ready: asyncio.Future[None]) -> None:
        """Until cancelled. `ready` is told how the first attempt went; where it failed, this ends."""
        try:
            await self._connect()
        except Exception as error:
            ready.set_exception(error)
            return
        ready.set_result(None)
        await asyncio.gather(self._watch(), self._ping_loop())

    async def end(self) -> None:
        """Ends the connection and all that goes on around it."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._conn is not None:
            with suppress(Exception):
                await asyncio.wait_for(self._conn.close(), 1)
        self._pool.shutdown()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, self._quiet / 4))
            if self._conn is not None and time.monotonic() - self.heard_at > self._quiet:
                log.warning("the connection to Feishu is deaf; it is opened again")
                self.heard_at = time.monotonic()
                self._conn.transport.abort()

    def _configure(self, conf: Thing) -> None:
        """What Feishu wishes, within what keeps a deaf connection short."""
        self._ping_interval = min(conf.PingInterval or self._ping, self._ping)
        self._reconnect_nonce = min(conf.ReconnectNonce or 0, NONCE_SECONDS)
        self._reconnect_interval = min(conf.ReconnectInterval or AGAIN_SECONDS, AGAIN_SECONDS)
        self._reconnect_count = -1

    async def _connect(self) -> None:
        async with asyncio.timeout(CONNECT_SECONDS):
            await super()._connect()
        self.heard_at = time.monotonic()
        log.info("connected to Feishu")

    async def _disconnect(self) -> None:
        """What cannot be closed any more is open no longer, and is no reason not to come back."""
        with suppress(Exception):
            await super()._disconnect()

    async def _try_connect(self, cnt: int) -> bool:
        """A refusal may be taken back: the secret changed, the app enabled again, a connection of others closed."""
        try:
            return bool(await super()._try_connect(cnt))
        except sdk.ClientException as error:
            log.warning("Feishu refuses the connection: %s", error.code)
            return False

    async def _handle_message(self, msg: bytes) -> None:
        self.heard_at = time.monotonic()
        await super()._handle_message(msg)

    async def _handle_data_frame(self, frame: Thing) -> None:
        """As the SDK does it, but in a thread, of whatever kind the event is, and without a word in a log."""
        headers = {header.key: header.value for header in frame.headers}
        count, payload = int(headers[sdk.HEADER_SUM]), frame.payload
        if count > 1:
            payload = self._combine(headers[sdk.HEADER_MESSAGE_ID], count, int(headers[sdk.HEADER_SEQ]), payload)
        if payload is None or headers[sdk.HEADER_TYPE] != "event":
            return
        answer: dict[str, Any] = {"code": HTTPStatus.OK}
        try:
            told = await asyncio.get_running_loop().run_in_executor(self._pool, self._hear, payload)
            answer["data"] = base64.b64encode(json.dumps(told).encode()).decode()
        except Exception as error:
            log.warning("an event could not be heard, and is left to come again: %s", type(error).__name__)
            answer["code"] = HTTPStatus.INTERNAL_SERVER_ERROR
        frame.payload = json.dumps(answer).encode()
        await self._write_message(frame.SerializeToString())


def give_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Gives the SDK the loop that it is to run in, in place of the one it made at its import and never closes."""
    before, sdk.loop = sdk.loop, loop
    if not before.is_running() and not before.is_closed():
        before.close()


class LongConnection:
    """The connection of one app, in a thread of its own. A process may have one of them: the SDK knows one loop.

    `ping` and `quiet`: see PING_SECONDS and QUIET_SECONDS.
    """

    def __init__(
        self,
        app: tuple[str, str],
        domain: str,
        hearing: Hearing,
        ping: float = PING_SECONDS,
        quiet: float = QUIET_SECONDS,
    ) -> None:
        self._arguments: dict[str, Any] = {"app_id": app[0], "app_secret": app[1], "domain": domain}
        self._hearing = hearing
        self._ping, self._quiet = ping, quiet
        self._client: _Client | None = None
        self._loop: asyncio.AbstractEventLoop
        self._ready: asyncio.Future[None]
        self._thread = threading.Thread(target=self._run, name="feishu", daemon=True)
        self._opened = threading.Event()
        self._life: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Connects. RefusedError("feishu_refused") for a wrong id or secret, TransientError."""
        self._loop = asyncio.new_event_loop()
        self._ready = self._loop.create_future()
        give_loop(self._loop)
        self._thread.start()
        self._opened.wait()
        if not self._ready.done():
            raise BrokenError("internal")
        error = self._ready.exception()
        if error is None:
            return
        self._thread.join(END_SECONDS)
        if isinstance(error, sdk.ClientException):
            raise RefusedError("feishu_refused", problem=str(error.code)) from None
        raise TransientError("platform_unreachable") from None

    def close(self) -> None:
        """Ends the connection; events in hand end first."""
        if self._life is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._life.cancel)
            self._thread.join(END_SECONDS)

    def is_connected(self) -> bool:
        """Whether it is open, and was heard from lately."""
        return self._thread.is_alive() and self._client is not None and self._client.is_connected

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._live()
        finally:
            self._loop.close()
            self._opened.set()

    def _live(self) -> None:
        """The SDK's client wants to be made where its loop is."""
        client = self._client = _Client(self._heard, self._ping, self._quiet, **self._arguments)
        self._ready.add_done_callback(lambda _: self._opened.set())
        self._life = self._loop.create_task(client.live(self._ready))
        with suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._life)
        self._loop.run_until_complete(client.end())

    def _heard(self, payload: bytes) -> dict[str, Any]:
        return self._hearing.hear(event_of(json.loads(payload)))
