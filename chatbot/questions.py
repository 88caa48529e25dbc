"""A question in the thread of a digest: who may ask, how often, and in which order; a job answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from redis import Redis

from chatbot.chat_jobs.names import AFTER_ANSWER, ANSWER
from chatbot.commands.access import Access
from chatbot.commands.scene import Scene
from chatbot.commands.vocabulary import meaning
from chatbot.messaging import Answer, Channel, Message, Person, Receipt
from chatbot.orders import Desk, Order
from chatbot.views.answers import said_view
from workers import queues
from workers.errors import TransientError, WordsError
from workers.model import Language, Value
from workers.questions.values import Turn
from workers.settings import Settings
from workers.store.pace import Pace
from workers.store.threads import Line, Topic, Topics, Turns

TEXT_MOST = 4_000
"""Characters of a question: more is no question, and would leave the commits no room."""
OF_PERSON, OF_PERSON_SPAN = 10, timedelta(minutes=10)
OF_CHANNEL, OF_CHANNEL_SPAN = 60, timedelta(hours=1)
"""Questions that one person may ask in a span of time, and that may be asked in one channel."""
AT_ONCE = 32
"""Questions of different threads that are answered at the same time: jobs beyond these wait (`chat_jobs.several`)."""
TURN_LIFE = timedelta(days=7)
"""How long a thread remembers what was said in it last."""

_FACE = re.compile(r":[a-z0-9_+\-]+:|\[[A-Za-z_]+\]|\[[\u4e00-\u9fff]{1,4}\]")
"""An emoji as Slack and Feishu write it in a text."""
_AROUND = " \t\n.!~,。！～，👍🙏❤️😊🎉"


class WaitingQuestion(Value):
    """A question in the line of its thread.

    `id` names it, and its answer. `root` is the first message of the thread, `sources` the repositories of the digest
    as its request names them. `asked_at` is aware.
    """

    id: str
    text: str
    channel: Channel
    person: Person
    root: Receipt
    topic: Topic
    sources: tuple[str, ...]
    language: Language
    asked_at: datetime


class Threads:
    """What is kept of the threads of digests."""

    def __init__(self, redis: Redis, settings: Settings) -> None:
        self.redis = redis
        self.topics = Topics(redis, settings.digest_life)
        self.turns = Turns(redis, Turn, TURN_LIFE)
        self.line = Line(redis, WaitingQuestion)


@dataclass(frozen=True)
class Limits:
    """How often a person may ask, and how often may be asked in a channel."""

    redis: Redis

    def ensure_free(self, channel: Channel, person: Person) -> None:
        """Counts a question. WordsError("too_many_questions", seconds) where it is one too many for now."""
        by = channel.model_copy(update={"id": person.id}).key
        try:
            Pace(self.redis, OF_PERSON, OF_PERSON_SPAN).turn(f"asked-by:{by}", timedelta())
            Pace(self.redis, OF_CHANNEL, OF_CHANNEL_SPAN).turn(f"asked-in:{channel.key}", timedelta())
        except TransientError as error:
            if error.code != "platform_busy":
                raise
            raise WordsError("too_many_questions", seconds=round(error.retry_after or 1.0)) from None


@dataclass(frozen=True)
class ThreadQuestions:
    """See `chatbot.conversation.Questions`.

    `replies`: a plain reply in a thread of a digest is a question too, not only a mention.
    """

    threads: Threads
    desk: Desk
    access: Access
    limits: Limits
    replies: bool = True

    def knows(self, message: Message) -> bool:
        """Whether a message may be a question: it stands in the thread of a digest of ours, and is meant for us."""
        if message.under is None or (message.way == "reply" and not self.replies):
            return False
        if message.way == "reply" and _says_nothing(message.text):
            return False
        return self.threads.topics.get(message.channel.key, message.under.id) is not None

    def ask(self, message: Message, scene: Scene) -> Answer | None:
        """Puts a question into the line of its thread. WordsError where it may not be asked, or not now."""
        root = message.under
        topic = self.threads.topics.get(message.channel.key, root.id) if root else None
        text = message.text.strip()
        if root is None or topic is None or not text:
            return None
        order = self._order(topic, scene)
        if meaning("stop", text.strip(" .!。！")) is not None:
            return self._stop(message, root, scene)
        if _says_nothing(text):
            return None
        if len(text) > TEXT_MOST:
            raise WordsError("question_too_long", limit=TEXT_MOST)
        self.limits.ensure_free(message.channel, message.person)
        waits = self._enqueue(self._question(message, root, topic, order.sources, scene), root)
        return Answer(said_view("answer.in_line", scene.words)) if waits else None

    def _stop(self, message: Message, root: Receipt, scene: Scene) -> Answer | None:
        """Has the answer end that is being made; while that is for somebody else, takes back one's own question."""
        line, place = self.threads.line, (message.channel.key, root.id)
        waiting = line.all(*place)
        own = [question for question in waiting if question.person.id == message.person.id]
        if own and own[0] != waiting[0]:
            line.leave(*place, own[-1])
            return Answer(said_view("answer.withdrawn", scene.words))
        return None if line.stop(*place, scene.now) else Answer(said_view("answer.nothing_to_stop", scene.words))

    def _question(
        self, message: Message, root: Receipt, topic: Topic, sources: Sequence[str], scene: Scene
    ) -> WaitingQuestion:
        return WaitingQuestion(
            id=sha256("\n".join(message.ids).encode()).hexdigest()[:32],
            text=message.text.strip(),
            channel=message.channel,
            person=message.person,
            root=root,
            topic=topic,
            sources=tuple(sources),
            language=scene.language,
            asked_at=scene.now,
        )

    def _order(self, topic: Topic, scene: Scene) -> Order:
        """The channel's order of the digest. WordsError("press_expired") for who may not see it, or not any more."""
        order = self.desk.ordered(topic.digest_id, scene.channel)
        if order is None or not (
            order.public_only or self.access.sees(scene.channel, scene.person, order.sources, scene.granted)
        ):
            raise WordsError("thread_expired")
        return order

    def _enqueue(self, question: WaitingQuestion, root: Receipt) -> bool:
        """Whether it waits for others. WordsError("thread_full")."""
        redis, place = self.threads.redis, [question.channel.key, root.id, question.id]
        busy = queues.waiting(redis, queues.QUESTIONS) >= AT_ONCE
        before = self.threads.line.join(question.channel.key, root.id, question)
        if before is None:
            raise WordsError("thread_full")
        job = queues.enqueue(redis, queues.QUESTIONS, ANSWER, place, f"question-{question.id}")
        queues.enqueue(redis, queues.CHAT, AFTER_ANSWER, place, f"answered-{question.id}", depends_on=[job.id])
        return busy or before > 0


def _says_nothing(text: str) -> bool:
    """Whether a text has no word to answer: thanks, or faces and marks alone."""
    bare = _FACE.sub(" ", text)
    return not any(map(str.isalnum, bare)) or meaning("thanks", bare.strip(_AROUND)) is not None
