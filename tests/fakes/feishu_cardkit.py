"""CardKit of the fake Feishu: cards with an id of their own, whose elements may grow while people look on.

Codes other than 200850 are from memory of the vendor's pages and not verified.
"""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.feishu_cards import check_card
from tests.fakes.feishu_http import Call, FeishuError
from tests.fakes.feishu_tenant import CardEntity, Tenant

Json = dict[str, Any]

CARD_SECONDS, STREAM_SECONDS = 14 * 24 * 3_600, 600
MOST_OF_AN_ELEMENT = 100_000


class CardKit:
    """The operations on cards of a tenant."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def create(self, call: Call) -> Json:
        card = _card(call.body)
        entity = CardEntity(f"{7_000 + self.tenant.number()}", card, self.tenant.clock())
        entity.streaming = bool(card.get("config", {}).get("streaming_mode"))
        self.tenant.cards[entity.id] = entity
        return {"data": {"card_id": entity.id}}

    def update(self, call: Call) -> Json:
        entity = self._next(call)
        entity.card = _card(call.body.get("card"))
        entity.streaming = bool(entity.card.get("config", {}).get("streaming_mode"))
        return {"data": {}}

    def settings(self, call: Call) -> Json:
        settings = _json(call.body.get("settings"))
        entity = self._next(call)
        config = {**entity.card.get("config", {}), **settings.get("config", {})}
        entity.card = {**entity.card, "config": config}
        check_card(entity.card)
        entity.streaming = bool(config.get("streaming_mode"))
        return {"data": {}}

    def content(self, call: Call) -> Json:
        text = call.text("content")
        if not 0 < len(text) <= MOST_OF_AN_ELEMENT:
            raise FeishuError(99992402, "field validation failed")
        entity = self._entity(call)
        if self.tenant.clock() - entity.created > STREAM_SECONDS:
            entity.streaming = False
            raise FeishuError(200850, "card streaming timeout")
        if not entity.streaming:
            raise FeishuError(300309, "streaming mode is closed")
        element = entity.element(call.parts["element"])
        if element is None or element["tag"] not in ("markdown", "plain_text"):
            raise FeishuError(300313, "element not found")
        self._next(call)
        element["content"] = text
        return {"data": {}}

    def sendable(self, card_id: str) -> CardEntity:
        """The card for a message; it can be sent once."""
        entity = self.tenant.cards.get(card_id)
        if entity is None or entity.sent:
            why = "cardid is invalid" if entity is None else "cardid has been sent"
            raise FeishuError(230099, f"Failed to create card content, ext=ErrCode: 200740; ErrMsg: {why}; ")
        return entity

    def _entity(self, call: Call) -> CardEntity:
        entity = self.tenant.cards.get(call.parts["card"])
        if entity is None or self.tenant.clock() - entity.created > CARD_SECONDS:
            raise FeishuError(200740, "card entity not found or expired")
        return entity

    def _next(self, call: Call) -> CardEntity:
        """The card, if the call's sequence is above the one before."""
        entity = self._entity(call)
        sequence = call.body.get("sequence")
        if not isinstance(sequence, int) or sequence <= entity.sequence:
            raise FeishuError(300317, "sequence number compare failed")
        entity.sequence = sequence
        return entity


def _card(value: Any) -> Json:
    if not isinstance(value, dict) or value.get("type") != "card_json":
        raise FeishuError(99992402, "field validation failed, type must be card_json")
    card = _json(value.get("data"))
    check_card(card)
    return card


def _json(text: Any) -> Json:
    try:
        value = json.loads(text)
    except (TypeError, ValueError):
        raise FeishuError(99992402, "field validation failed, not JSON") from None
    return dict(value)
