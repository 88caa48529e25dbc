"""A bot on Feishu's own SDK that says what it heard. Importing this takes 3 seconds."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import lark_oapi.ws.client as long_connection
from lark_oapi.core.enum import LogLevel
from lark_oapi.event.callback.model.p2_card_action_trigger import P2CardActionTriggerResponse
from lark_oapi.event.dispatcher_handler import EventDispatcherHandler
from lark_oapi.ws.exception import ClientException

from tests.fakes.feishu import ENCRYPT_KEY, FakeFeishu
from tests.fakes.feishu_people import VERIFICATION_TOKEN
from tests.fakes.feishu_samples import Json
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET


class Bot:
    """What a bot hears. Pressing "slow" holds it up until `released`, pressing "fail" makes it fail."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.released = threading.Event()
        builder = EventDispatcherHandler.builder(ENCRYPT_KEY, VERIFICATION_TOKEN, LogLevel.CRITICAL)
        builder = builder.register_p2_im_message_receive_v1(self._message)
        self.handler = builder.register_p2_card_action_trigger(self._press).build()

    @property
    def words(self) -> list[str]:
        return [json.loads(one.event.message.content)["text"] for one in self.heard]

    def _message(self, event: Any) -> None:
        self.heard.append(event)

    def _press(self, event: Any) -> P2CardActionTriggerResponse:
        self.heard.append(event)
        if event.event.action.value["kind"] == "slow":
            self.released.wait(10)
        if event.event.action.value["kind"] == "fail":
            raise RuntimeError("handler")
        return P2CardActionTriggerResponse({"toast": {"type": "info", "content": "好"}})


class Connection:
    """The SDK's client in a thread with an event loop of its own: it knows no way to be stopped."""

    def __init__(self, feishu: FakeFeishu, bot: Bot, secret: str = APP_SECRET) -> None:
        self.error: BaseException | None = None
        self._loop = asyncio.new_event_loop()
        before, long_connection.loop = long_connection.loop, self._loop
        if not before.is_running():
            before.close()
        arguments: Json = {"event_handler": bot.handler, "domain": feishu.url, "log_level": LogLevel.CRITICAL}
        self._made = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(secret, arguments), daemon=True)
        self._thread.start()

    def _run(self, secret: str, arguments: Json) -> None:
        asyncio.set_event_loop(self._loop)
        client = long_connection.Client(APP_ID, secret, **arguments)
        try:
            client.start()
        except (asyncio.CancelledError, ClientException) as error:
            self.error = error
        self._loop.run_until_complete(self._end(client))
        self._loop.close()

    async def _end(self, client: Any) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if client._conn is not None:
            await client._conn.close()

    def stop(self) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._cancel)
        self.join()

    def join(self) -> None:
        self._thread.join(5)
        assert not self._thread.is_alive()

    def _cancel(self) -> None:
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
