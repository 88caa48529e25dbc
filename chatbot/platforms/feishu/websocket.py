"""The SDK's client of the long connection, without its dispatcher of events: we have our own, and it costs 85 MiB."""

from __future__ import annotations

from chatbot.platforms.feishu.lean import left_out

with left_out("lark_oapi.event.dispatcher_handler", EventDispatcherHandler=object):
    import lark_oapi.ws.client as sdk

__all__ = ["sdk"]
