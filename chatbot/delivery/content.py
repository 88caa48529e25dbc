"""What is delivered of a finished digest: all of it as a chat shows it, or one commit of it."""

from __future__ import annotations

from chatbot.orders import Order
from chatbot.views.answers import refused_view
from chatbot.views.chat import chat_view
from chatbot.views.chat_thread import details_view
from chatbot.views.chat_values import commit_value
from chatbot.views.scheduled import catching_up
from chatbot.views.view import View
from workers.errors import WordsError
from workers.model import Digest
from workers.subscription import Running
from workers.words import load_words


def ordered_view(digest: Digest, digest_id: str, order: Order) -> View:
    """What somebody ordered of a digest. A commit that is not in it is said to be unknown."""
    words = load_words("chatbot.views", order.language)
    if order.sha is None:
        return chat_view(digest, words, digest_id=digest_id)
    for number, repository in enumerate(digest.repositories):
        for sha in repository.shas():
            if sha.startswith(order.sha) and (entry := repository.entry(sha)):
                return details_view(entry, repository, words, commit_value(digest_id, number, sha))
    return refused_view(WordsError("commit_not_there", sha=order.sha), words)


def scheduled_view(digest: Digest, running: Running) -> View:
    """The digest of a run that was due."""
    words = load_words("chatbot.views", digest.language)
    view = chat_view(digest, words, digest_id=running.run_id)
    return catching_up(view, digest.window, words) if running.window.is_catch_up else view


def is_empty(digest: Digest) -> bool:
    """Whether everything was looked at and there was nothing to tell."""
    return not digest.problems and not any(part.statistics.commits for part in digest.repositories)
