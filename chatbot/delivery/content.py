"""What is delivered of a finished digest: all of it as a chat shows it, or one commit of it."""

from __future__ import annotations

from chatbot.beside import Beside
from chatbot.orders import Order
from chatbot.views.answers import refused_view
from chatbot.views.chat import chat_view
from chatbot.views.chat_thread import details_view
from chatbot.views.chat_values import commit_value
from chatbot.views.scheduled import with_remarks
from chatbot.views.view import View
from workers.errors import WordsError
from workers.model import Digest
from workers.subscription import Running
from workers.words import Words, load_words


def ordered_view(digest: Digest, digest_id: str, order: Order, beside: Beside | None = None) -> View:
    """What somebody ordered of a digest. A commit that is not in it is said to be unknown.

    `beside` None: nothing stands beside the digest.
    """
    words = load_words("chatbot.views", order.language)
    if order.sha is None:
        return _whole(digest, digest_id, words, beside)
    if (found := commit_of(digest, order)) and (entry := digest.repositories[found[0]].entry(found[1])):
        number, sha = found
        return details_view(entry, digest.repositories[number], words, commit_value(digest_id, number, sha))
    return refused_view(WordsError("commit_not_there", sha=order.sha), words)


def scheduled_view(digest: Digest, running: Running, beside: Beside | None = None) -> View:
    """The digest of a run that was due. `beside` as in `ordered_view`."""
    words = load_words("chatbot.views", digest.language)
    return with_remarks(_whole(digest, running.run_id, words, beside), digest, running.window, words)


def commit_of(digest: Digest, order: Order) -> tuple[int, str] | None:
    """The one commit that was ordered: the number of its repository, and its sha. None for a whole digest."""
    if order.sha is None:
        return None
    every = ((number, sha) for number, part in enumerate(digest.repositories) for sha in part.shas())
    return next((found for found in every if found[1].startswith(order.sha)), None)


def is_empty(digest: Digest) -> bool:
    """Whether everything was looked at and there was nothing to tell."""
    return not digest.problems and not any(part.statistics.commits for part in digest.repositories)


def _whole(digest: Digest, digest_id: str, words: Words, beside: Beside | None) -> View:
    if beside is None:
        return chat_view(digest, words, digest_id=digest_id)
    url, days = beside.report_url(digest, digest_id), beside.days(digest, digest_id)
    return chat_view(digest, words, digest_id=digest_id, report_url=url, history=days)
