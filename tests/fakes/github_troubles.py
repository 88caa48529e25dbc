"""What can go wrong with an answer of the fake GitHub: each is a Trouble, or makes one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.fakes.github_http import Dropped, Reply, Trouble


def drop(reply: Reply) -> Reply:
    """The connection ends after the request was read."""
    raise Dropped


def hang(released: threading.Event) -> Trouble:
    """Nothing comes until the server is closed."""

    def trouble(reply: Reply) -> Reply:
        released.wait()
        raise Dropped

    return trouble


def held(until: threading.Event) -> Trouble:
    """The answer comes once the event is set, or after 20 s."""

    def trouble(reply: Reply) -> Reply:
        until.wait(20)
        return reply

    return trouble


def failure(status: int, message: str = "Server Error", **headers: str) -> Trouble:
    """An error status instead of the answer; `retry_after="5"` is sent as `retry-after`."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda reply: replace(Reply.ok({"message": message}, status), headers={**reply.headers, **told})


def secondary_limit(status: int = 403, **headers: str) -> Trouble:
    """GitHub's answer to who asks too much at once."""
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    return failure(status, message, **headers)


def broken_off(reply: Reply) -> Reply:
    """Half of the body comes, then the connection ends."""
    return replace(reply, body=reply.body[: len(reply.body) // 2], length=len(reply.body))


def cut(reply: Reply) -> Reply:
    """Half of the body comes, and is told to be all of it."""
    return replace(reply, body=reply.body[: len(reply.body) // 2])


def body(content: bytes, content_type: str = "application/json") -> Trouble:
    """Something else with status 200."""
    return lambda reply: Reply(200, content, {"content-type": content_type})


def changed(change: Callable[[Any], Any]) -> Trouble:
    """The same answer with other JSON."""
    return lambda reply: reply.with_json(change(reply.json()))


def linked(link: str) -> Trouble:
    """The same answer with another `link` header."""
    return lambda reply: replace(reply, headers={**reply.headers, "link": link})


def together(count: int, seconds: float = 5.0) -> Trouble:
    """Answers wait until `count` of them are asked for at the same time; BrokenBarrierError drops the connection."""
    barrier = threading.Barrier(count)

    def trouble(reply: Reply) -> Reply:
        try:
            barrier.wait(seconds)
        except threading.BrokenBarrierError:
            raise Dropped from None
        return reply

    return trouble
