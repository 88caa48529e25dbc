"""The long connection of the fake Feishu: a real websocket with protobuf frames, and every way in which it fails."""

from __future__ import annotations

import base64
import itertools
import json
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from tests.fakes.feishu_frames import CONTROL, DATA, Frame

Json = dict[str, Any]

MOST_CONNECTIONS = 50
LINGER_NOT = struct.pack("ii", 1, 0)


@dataclass
class Delivery:
    """An event sent over a connection; `acked` once the bot has answered, with which code and what else."""

    id: str
    payload: Json
    code: int = 0
    data: Json | None = None
    acked: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float = 5) -> Json:
        """What the bot answered with; TimeoutError without an answer, ValueError for one that is no success."""
        if not self.acked.wait(seconds):
            raise TimeoutError(str(self.payload.get("header")))
        if self.code != HTTPStatus.OK:
            raise ValueError(self.code)
        return self.data or {}


class SocketDoor:
    """Gives out connections and sends each event to one of them: the newest.

    `config`: the seconds that clients are told, PingInterval and how they come back. `pings`: those that came.
    """

    def __init__(self) -> None:
        self.config: dict[str, float] = {"ReconnectCount": -1, "ReconnectInterval": 1, "ReconnectNonce": 0}
        self.config["PingInterval"] = 120
        self.connections: list[ServerConnection] = []
        self.opened = self.pings = 0
        self.deliveries: list[Delivery] = []
        self.deaf = False
        """Set, nothing comes from us any more, though the connection stays open and the websocket's pings answered."""
        self.refusing: tuple[int, str] | None = None
        """A code and words with which new connections are refused."""
        self._stalled: list[ServerConnection] = []
        self._changed = threading.Condition()
        self._ids = itertools.count(1)
        self._server: Server = serve(
            self._serve, "127.0.0.1", 0, compression=None, process_request=self._refuse, ping_interval=None
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where the endpoint leads to."""
        number = next(self._ids)
        place = f"127.0.0.1:{self._server.socket.getsockname()[1]}/ws/v2"
        return f"ws://{place}?device_id={number}&service_id=1&access_key=k&ticket=t{number}"

    def close(self) -> None:
        """Ends the server and its connections."""
        self.resume()
        self._server.shutdown()
        for connection in list(self.connections):
            connection.close()
        self._thread.join(5)

    def wait_connected(self, count: int = 1, seconds: float = 10, opened: int = 0) -> None:
        """Until `count` connections are open, and `opened` have been in all; TimeoutError otherwise."""
        with self._changed:
            if not self._changed.wait_for(
                lambda: len(self.connections) >= count and self.opened >= opened, timeout=seconds
            ):
                raise TimeoutError(f"{len(self.connections)} connections, {self.opened} opened")

    def wait_pinged(self, pings: int, seconds: float = 10) -> None:
        """Until so many pings have come in all."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.pings >= pings, timeout=seconds):
                raise TimeoutError(f"{self.pings} pings")

    def wait_quiet(self, seconds: float = 10) -> None:
        """Until every delivery is acknowledged."""
        with self._changed:
            if not self._changed.wait_for(lambda: all(one.acked.is_set() for one in self.deliveries), timeout=seconds):
                raise TimeoutError(f"{sum(not one.acked.is_set() for one in self.deliveries)} not acknowledged")

    # --- sending --------------------------------------------------------------------------------------------------

    def send(self, payload: Json, parts: int = 1) -> Delivery:
        """Sends to the newest connection, in so many frames. The same payload again is a duplicate of the event.

        Where nobody listens, or the connection is stalled, the delivery is kept; see `again`.
        """
        delivery = Delivery(f"msg-{next(self._ids)}", payload)
        self.deliveries.append(delivery)
        self._deliver(delivery, parts)
        return delivery

    def again(self) -> list[Delivery]:
        """Sends once more what was not acknowledged, or not with success, as Feishu does after 15 seconds."""
        waiting = [one for one in self.deliveries if one.code != HTTPStatus.OK]
        for delivery in waiting:
            delivery.code = 0
            delivery.acked.clear()
            self._deliver(delivery, 1)
        return waiting

    def _deliver(self, delivery: Delivery, parts: int) -> None:
        data = json.dumps(delivery.payload, ensure_ascii=False).encode()
        size = -(-len(data) // parts)
        headers = {"type": "event", "message_id": delivery.id, "trace_id": f"trace-{delivery.id}", "sum": str(parts)}
        frames = [Frame(DATA, {**headers, "seq": str(n)}, data[n * size : n * size + size]) for n in range(parts)]
        listening = self.connections[-1:]
        if self.deaf or not listening or listening[0] in self._stalled:
            return
        with suppress(ConnectionClosed):
            for frame in frames:
                listening[0].send(frame.encode())

    # --- how it fails ---------------------------------------------------------------------------------------------

    def disconnect(self) -> None:
        """Closes the connections as websockets are closed, but for those that are stalled."""
        for connection in [one for one in self.connections if one not in self._stalled]:
            connection.close()

    def drop(self) -> None:
        """All connections end without a word."""
        for connection in list(self.connections):
            connection.socket.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """All connections are reset."""
        for connection in list(self.connections):
            connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            connection.socket.shutdown(socket.SHUT_RD)

    def stall(self) -> None:
        """The open connections are half-open from now on: nothing is read, not even the websocket's pings answered."""
        for connection in self.connections:
            connection.protocol_mutex.acquire()
            self._stalled.append(connection)

    def resume(self) -> None:
        """Stalled connections go on, and no connection is deaf any more."""
        self.deaf = False
        while self._stalled:
            self._stalled.pop().protocol_mutex.release()

    # --- one connection -------------------------------------------------------------------------------------------

    def _refuse(self, connection: ServerConnection, request: Request) -> Response | None:
        refusing = self.refusing
        if len(self.connections) >= MOST_CONNECTIONS:
            refusing = (1000040350, "the number of connections exceeded the limit")
        if refusing is None:
            return None
        told = {"handshake-status": "514", "handshake-msg": refusing[1], "handshake-autherrcode": str(refusing[0])}
        return Response(HTTPStatus.BAD_REQUEST, "Bad Request", Headers({**told, "content-length": "0"}), b"")

    def _serve(self, connection: ServerConnection) -> None:
        with self._changed:
            self.connections.append(connection)
            self.opened += 1
            self._changed.notify_all()
        try:
            for data in connection:
                self._heard(connection, Frame.decode(data if isinstance(data, bytes) else b""))
        except ConnectionClosed:
            pass
        finally:
            with self._changed:
                self.connections.remove(connection)
                self._changed.notify_all()

    def _heard(self, connection: ServerConnection, frame: Frame) -> None:
        if frame.method == CONTROL and frame.headers.get("type") == "ping":
            if not self.deaf:
                connection.send(Frame(CONTROL, {"type": "pong"}, json.dumps(self.config).encode()).encode())
            with self._changed:
                self.pings += 1
                self._changed.notify_all()
        elif frame.method == DATA:
            self._acknowledged(frame)

    def _acknowledged(self, frame: Frame) -> None:
        told = json.loads(frame.payload)
        delivery = next((one for one in self.deliveries if one.id == frame.headers["message_id"]), None)
        if delivery is None:
            return
        delivery.code = told["code"]
        delivery.data = json.loads(base64.b64decode(told["data"])) if told.get("data") else None
        with self._changed:
            delivery.acked.set()
            self._changed.notify_all()
