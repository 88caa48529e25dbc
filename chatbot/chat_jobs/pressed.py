"""What a press asks for: a commit's whole analysis in the thread, once; another page of the menu."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from chatbot.delivery.delivering import Clock, Delivering
from chatbot.delivery.ledger import Ledger
from chatbot.delivery.posting import ordered_name
from chatbot.messaging import Platform, Press, Receipt
from chatbot.orders import OrderStore
from chatbot.presses import find_commit
from chatbot.views.answers import refused_view
from chatbot.views.chat_menu import menu_view
from chatbot.views.chat_thread import details_view, failure_view, seen_view
from chatbot.views.chat_values import commit_value
from chatbot.views.view import View
from workers.errors import DigestError, WordsError
from workers.model import Digest, Language
from workers.store.digests import DigestStore
from workers.store.threads import Topic, Topics
from workers.words import Words, load_words

log = logging.getLogger(__name__)

Make = Callable[[Digest, Words], View | None]
"""Does what was asked for with the digest; what is to be told to who pressed, None for nothing."""


@dataclass
class Pressed:
    """Answers presses. `open_platform` opens the platform of a name; `holder` is in whose name, such as a job's id."""

    digests: DigestStore
    orders: OrderStore
    ledger: Ledger
    open_platform: Callable[[str], Platform]
    clock: Clock
    holder: str
    topics: Topics

    def details(self, digest_id: str, number: int, sha: str, press: Press) -> None:
        """Posts a commit's analysis in the digest's thread; who wants it again is told where it is."""

        def post(digest: Digest, words: Words) -> View | None:
            part, entry = find_commit(digest, number, sha)
            thread = press.under or press.on or self._place(digest_id, press)
            name = f"{digest_id}-{number}-{entry.sha}/{press.channel.key}/{thread.id if thread else ''}"
            if self.ledger.is_finished(name):
                return seen_view(entry, words, self._address(name, press))
            made = []

            def make() -> View:
                made.append(details_view(entry, part, words, commit_value(digest_id, number, entry.sha)))
                return made[0]

            self._deliver(name, press, make, thread)
            if thread is not None:
                topic = Topic(digest_id=digest_id, repository=number, sha=entry.sha)
                self.topics.put(press.channel.key, thread.id, topic)
            return None if made else seen_view(entry, words, self._address(name, press))

        self._answer(digest_id, press, post)

    def page(self, digest_id: str, page: int, press: Press) -> None:
        """Shows a page of the menu to who turned to it."""
        self._answer(digest_id, press, lambda digest, words: menu_view(digest, words, digest_id, page))

    def _address(self, name: str, press: Press) -> str | None:
        """Where the first message of a delivery is opened; None where that cannot be told."""
        receipt = self.ledger.row(name, 0).receipt
        try:
            return self.open_platform(press.channel.platform).address(receipt) if receipt else None
        except DigestError as error:
            log.info("no address of %s: %s", name, error)
            return None

    def _place(self, digest_id: str, press: Press) -> Receipt | None:
        """Where the digest stands that somebody ordered: a press on what one person alone sees stands nowhere."""
        return self.ledger.row(ordered_name(digest_id, press.channel), 0).receipt

    def _deliver(self, name: str, press: Press, make: Callable[[], View], thread: Receipt | None) -> None:
        """Nothing is made where an earlier press was still at it."""
        platform = self.open_platform(press.channel.platform)
        delivering = Delivering(self.ledger, platform, self.clock, self.holder)
        delivered = delivering.deliver(name, press.channel, make, thread)
        if not delivered.is_done and delivered.error is not None:
            raise delivered.error

    def _answer(self, digest_id: str, press: Press, make: Make) -> None:
        language: Language = press.person.language or "en"
        try:
            order, digest = self.orders.get(digest_id, press.channel), self.digests.get(digest_id)
            if order is None or digest is None:
                raise WordsError("press_expired")
            language = order.language
            view = make(digest, load_words("chatbot.views", digest.language))
        except DigestError as error:
            view = self._refusal(error, press, language)
        if view is not None:
            self._tell(view, press)

    def _refusal(self, error: DigestError, press: Press, language: Language) -> View:
        words = load_words("chatbot.views", language)
        if isinstance(error, WordsError):
            return refused_view(error, words)
        reference = secrets.token_hex(4)
        log.warning("reference %s: a press in %s: %s", reference, press.channel.key, error)
        return failure_view(error.code, error.details, words, reference)

    def _tell(self, view: View, press: Press) -> None:
        """Tells the person alone, where the press was. What cannot be told is logged with a reference.

        Where all can read it, it stands in the thread of what was pressed, so as not to fill the channel.
        """
        key = sha256("\n".join(press.ids).encode()).hexdigest()[:32]
        try:
            platform = self.open_platform(press.channel.platform)
            under = press.under or (None if platform.capabilities.private else press.on)
            for part in platform.render(view, key, press.channel):
                platform.tell(press.channel, press.person, part, under)
        except DigestError as error:
            log.warning("reference %s: a press in %s: %s", secrets.token_hex(4), press.channel.key, error)
