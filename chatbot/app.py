"""The composition root: what people can say to this installation, wired from its settings. No logic."""

from __future__ import annotations

from redis import Redis

from chatbot.chat_jobs.names import DETAILS, PAGE, WATCH
from chatbot.commands.access import Access
from chatbot.commands.channels import channel_commands
from chatbot.commands.digests import digest_commands
from chatbot.commands.status import Overview, help_commands, status_commands
from chatbot.commands.subscriptions import subscription_commands
from chatbot.commands.table import joined
from chatbot.conversation import Conversation, Defaults
from chatbot.delivery.posting import DELIVER
from chatbot.feedback import KeptFeedback
from chatbot.orders import Desk, JobDesk, Jobs, OrderStore
from chatbot.questions import Limits, ThreadQuestions, Threads
from chatbot.stored_subscriptions import StoredSubscriptions
from chatbot.subscriptions import Subscriptions
from workers import queues
from workers.settings import Settings
from workers.store.channels import ChannelStore
from workers.store.digests import DigestStore
from workers.store.feedback import FeedbackStore
from workers.store.runs import RunStore
from workers.store.seen import Seen
from workers.store.usage import UsageStore

JOBS = Jobs(deliver=DELIVER, watch=WATCH, details=DETAILS, page=PAGE, chat=queues.CHAT)
QUEUES = (queues.CHAT, queues.QUESTIONS, queues.DIGESTS, queues.SCHEDULED, queues.POSTS, queues.WARM)


def new_conversation(settings: Settings, redis: Redis) -> Conversation:
    """One conversation for all platforms."""
    desk = new_desk(settings, redis)
    access = Access(settings.allowed_repositories, settings.admins)
    channels = ChannelStore(redis)
    subscriptions = StoredSubscriptions(redis, desk)
    overview = Overview(redis, QUEUES, UsageStore(redis))
    digests = DigestStore(redis, settings.digest_life)
    return Conversation(
        table=joined(
            digest_commands(desk, access),
            subscription_commands(subscriptions, access),
            channel_commands(channels, access),
            status_commands(overview.status, subscriptions),
            help_commands(),
        ),
        access=access,
        desk=desk,
        channels=channels,
        seen=Seen(redis),
        defaults=Defaults(language=settings.chat_language, timezone=settings.chat_timezone),
        questions=ThreadQuestions(
            Threads(redis, settings), desk, access, Limits(redis), replies=settings.question_replies
        ),
        feedback=KeptFeedback(digests, FeedbackStore(redis, settings.analysis_life)),
    )


def new_subscriptions(settings: Settings, redis: Redis) -> Subscriptions:
    """The subscriptions of all channels."""
    return StoredSubscriptions(redis, new_desk(settings, redis))


def new_desk(settings: Settings, redis: Redis) -> Desk:
    """Where digests are ordered."""
    return JobDesk(redis, RunStore(redis, settings.run_life), OrderStore(redis, settings.digest_life), JOBS)
