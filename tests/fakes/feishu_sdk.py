"""Feishu's own SDK as a bot uses it: calls in as few words as they can be said. Importing this takes 3 seconds."""

from __future__ import annotations

import json
from typing import Any

from lark_oapi.api.cardkit.v1 import (
    Card,
    ContentCardElementRequest,
    ContentCardElementRequestBody,
    CreateCardRequest,
    CreateCardRequestBody,
    SettingsCardRequest,
    SettingsCardRequestBody,
    UpdateCardRequest,
    UpdateCardRequestBody,
)
from lark_oapi.api.im.v1 import (
    CreateMessageRequest,
    CreateMessageRequestBody,
    DeleteMessageRequest,
    GetMessageRequest,
    ListMessageRequest,
    PatchMessageRequest,
    PatchMessageRequestBody,
    ReplyMessageRequest,
    ReplyMessageRequestBody,
    UpdateMessageRequest,
    UpdateMessageRequestBody,
)
from lark_oapi.client import Client
from lark_oapi.core.enum import AccessTokenType, HttpMethod
from lark_oapi.core.model import BaseRequest

from tests.fakes.feishu import FakeFeishu
from tests.fakes.feishu_samples import Json, card, markdown
from tests.fakes.feishu_tenant import APP_ID, APP_SECRET


def client_of(feishu: FakeFeishu, secret: str = APP_SECRET, timeout: float = 5) -> Client:
    return Client.builder().app_id(APP_ID).app_secret(secret).domain(feishu.url).timeout(timeout).build()


class Sender:
    """The calls that a bot makes, in as few words as they can be said."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.messages = client.im.v1.message
        self.cards = client.cardkit.v1.card

    def create(self, content: object, kind: str = "text", to: str = "oc_1", uuid: str = "") -> Any:
        body = CreateMessageRequestBody.builder().receive_id(to).msg_type(kind).content(json_of(content))
        body = body.uuid(uuid) if uuid else body
        by = "open_id" if to.startswith("ou_") else "chat_id"
        return self.messages.create(
            CreateMessageRequest.builder().receive_id_type(by).request_body(body.build()).build()
        )

    def reply(self, under: str, content: object, in_thread: bool = True, uuid: str = "") -> Any:
        body = ReplyMessageRequestBody.builder().msg_type("text").content(json_of(content)).reply_in_thread(in_thread)
        body = body.uuid(uuid) if uuid else body
        return self.messages.reply(ReplyMessageRequest.builder().message_id(under).request_body(body.build()).build())

    def patch(self, message: str, content: object) -> Any:
        body = PatchMessageRequestBody.builder().content(json_of(content)).build()
        return self.messages.patch(PatchMessageRequest.builder().message_id(message).request_body(body).build())

    def update(self, message: str, content: object) -> Any:
        body = UpdateMessageRequestBody.builder().msg_type("text").content(json_of(content)).build()
        return self.messages.update(UpdateMessageRequest.builder().message_id(message).request_body(body).build())

    def delete(self, message: str) -> Any:
        return self.messages.delete(DeleteMessageRequest.builder().message_id(message).build())

    def get(self, message: str, cards: str = "") -> Any:
        request = GetMessageRequest.builder().message_id(message)
        return self.messages.get((request.card_msg_content_type(cards) if cards else request).build())

    def list(self, container: str = "oc_1", size: int = 20, page: str = "", **more: str) -> Any:
        kind = "thread" if container.startswith("omt_") else "chat"
        request = ListMessageRequest.builder().container_id_type(kind).container_id(container).page_size(size)
        request = request.page_token(page) if page else request
        for name, value in more.items():
            getattr(request, name)(value)
        return self.messages.list(request.build())


def raw(sender: Sender, method: str, path: str, body: object = None) -> Any:
    request = BaseRequest.builder().http_method(HttpMethod[method]).uri(path)
    request = request.token_types({AccessTokenType.TENANT})
    request = request.body(body) if body is not None else request
    return json.loads(sender.client.request(request.build()).raw.content)


class Stream:
    """A card of CardKit whose text grows."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        shown = card(markdown("…", element_id="answer"))
        shown["config"]["streaming_mode"] = True
        body = CreateCardRequestBody.builder().type("card_json").data(json.dumps(shown)).build()
        self.id = sender.cards.create(CreateCardRequest.builder().request_body(body).build()).data.card_id

    def send(self) -> Any:
        return self.sender.create({"type": "card", "data": {"card_id": self.id}}, "interactive")

    def say(self, words: str, sequence: int, element: str = "answer") -> int:
        body = ContentCardElementRequestBody.builder().content(words).sequence(sequence).build()
        request = ContentCardElementRequest.builder().card_id(self.id).element_id(element).request_body(body)
        return int(self.sender.client.cardkit.v1.card_element.content(request.build()).code)

    def finish(self, sequence: int) -> int:
        settings = json.dumps({"config": {"streaming_mode": False}})
        body = SettingsCardRequestBody.builder().settings(settings).sequence(sequence).build()
        request = SettingsCardRequest.builder().card_id(self.id).request_body(body).build()
        return int(self.sender.cards.settings(request).code)

    def replace(self, shown: Json, sequence: int) -> int:
        new = Card.builder().type("card_json").data(json.dumps(shown)).build()
        body = UpdateCardRequestBody.builder().card(new).sequence(sequence).build()
        request = UpdateCardRequest.builder().card_id(self.id).request_body(body).build()
        return int(self.sender.cards.update(request).code)


def json_of(content: object) -> str:
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
