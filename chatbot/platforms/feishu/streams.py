"""Cards of Feishu that grow while people look on: CardKit's card entities, whose text is put anew again and again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from chatbot.messaging import Part, Receipt
from chatbot.platforms.feishu.calls import Calls
from chatbot.platforms.feishu.facts import PLATFORM
from chatbot.platforms.feishu.paces import Paces
from chatbot.platforms.feishu.sdk import Method, new_request
from chatbot.render.cards_text import Json, escape, json_text
from workers.errors import DigestError
from workers.store.notes import Notes

CARD_LIFE = timedelta(days=14)
"""How long CardKit knows a card."""
ELEMENT = "answer"
_YEAR_2026 = 1_767_225_600
_CARDS = "/open-apis/cardkit/v1/cards"


class Entities:
    """Which of our messages show a card of CardKit: these are changed by its id."""

    def __init__(self, calls: Calls, paces: Paces, notes: Notes, now: Callable[[], float] = time.time) -> None:
        self._calls = calls
        self._paces = paces
        self._notes = notes
        self._now = now
        self._sequence = 0

    def create(self, first_id: str, text: str) -> str:
        """A card that shows a text and may grow; its id. `first_id` marks its first element."""
        first = {"tag": "markdown", "content": " ", "element_id": first_id}
        body = {"elements": [first, {"tag": "markdown", "content": escape(text), "element_id": ELEMENT}]}
        card = {"schema": "2.0", "config": {"streaming_mode": True, "update_multi": True}, "body": body}
        answer = self._ask("POST", _CARDS, {"type": "card_json", "data": json_text(card)}, None)
        return str(answer["card_id"])

    def keep(self, receipt: Receipt, card_id: str) -> None:
        """From now on the message is changed by this card."""
        self._notes.put(card_id, CARD_LIFE, PLATFORM, receipt.channel.workspace, "card", receipt.id)

    def of(self, receipt: Receipt) -> str | None:
        """The card that a message shows; None for any other message."""
        return self._notes.get(PLATFORM, receipt.channel.workspace, "card", receipt.id)

    def show(self, card_id: str, text: str) -> None:
        """Puts a text in the place of the one that is shown."""
        place = f"{_CARDS}/{card_id}/elements/{ELEMENT}/content"
        self._ask("PUT", place, {"content": escape(text), "sequence": self._next()}, card_id)

    def stop(self, card_id: str) -> None:
        """It grows no more."""
        settings = json_text({"config": {"streaming_mode": False}})
        self._ask("PATCH", f"{_CARDS}/{card_id}/settings", {"settings": settings, "sequence": self._next()}, card_id)

    def replace(self, card_id: str, part: Part) -> None:
        """Puts another card in its place."""
        card = {"type": "card_json", "data": json_text(part.payload["card"])}
        self._ask("PUT", f"{_CARDS}/{card_id}", {"card": card, "sequence": self._next()}, card_id)

    def _next(self) -> int:
        """Higher at every call, whichever process calls, and below 2^31: tenths of a second since 2026."""
        self._sequence = max(self._sequence + 1, int((self._now() - _YEAR_2026) * 10))
        return self._sequence

    def _ask(self, method: Method, path: str, body: Mapping[str, object], place: str | None) -> Json:
        request = new_request(method, path, body)
        answer = self._paces.do(place, "card", lambda: self._calls.ask(self._calls.client.request, request))
        found: Json = json.loads(answer.raw.content).get("data") or {}
        return found


class FeishuStream:
    """See `chatbot.messaging.Stream`."""

    def __init__(self, entities: Entities, receipt: Receipt, card_id: str, text: str) -> None:
        self._entities = entities
        self._receipt = receipt
        self._card_id = card_id
        self._text = text

    @property
    def receipt(self) -> Receipt:
        """See Stream."""
        return self._receipt

    def add(self, text: str) -> None:
        """See Stream."""
        self._entities.show(self._card_id, self._text + text)
        self._text += text

    def end(self) -> None:
        """See Stream."""
        with suppress(DigestError):
            self._entities.stop(self._card_id)
