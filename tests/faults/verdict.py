"""What became of a run, from what stands in the channels: every window once, its parts in order, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from chatbot.delivery.delivering import key_of
from chatbot.messaging import key_of_part
from chatbot.platforms.feishu.sender import mark_of
from tests.faults.outside import CHANNELS
from tests.faults.world import COMMITS_OF_A_DAY, DAY, DUE, World, subject_of
from workers.store import keys
from workers.store.subscriptions import SubscriptionStore, moment_of

PARTS_MOST, EDITIONS_MOST = 40, 3
PREFIX = f"{keys.PREFIX}:delivery:"


@dataclass(frozen=True)
class Said:
    """One message of ours in a channel: what it bears as its key, where it stands, under what, and what it says."""

    key: str
    id: str
    under: str | None
    text: str


Known = Mapping[str, tuple[str, int]]
"""By what a message bears: the name of its delivery and the number of its part."""


def verdict(world: World) -> list[str]:
    """What is wrong; nothing where all is right."""
    said = said_in(world)
    known = _known(world)
    wrong: list[str] = []
    for subscription in SubscriptionStore(world.redis).all():
        channel = subscription.wish.place.channel
        found = list(wrong_messages(said[channel], known))
        windows = [name for name in _names(said[channel], known) if "-failing-" not in name]
        found += wrong_windows(windows, subscription.marker.timestamp())
        found += _wrong_commits(said[channel], known, (subscription.marker - DUE) // DAY + 1)
        wrong += [f"{channel}: {one}" for one in found]
    return wrong


def said_in(world: World) -> Mapping[str, Sequence[Said]]:
    """By channel, oldest first."""
    slack, feishu = world.slack.workspace, world.feishu.tenant
    found: dict[str, Sequence[Said]] = {}
    for name in CHANNELS:
        messages = [one for one in slack.channels[name].messages if one.to is None]
        found[name] = [
            Said((one.metadata or {}).get("event_payload", {}).get("key", ""), one.ts, one.thread_ts, one.shown)
            for one in messages
        ]
    found["oc_1"] = [
        Said(str(one.card["body"]["elements"][0].get("element_id", "")), one.id, one.root, one.shown)
        for one in feishu.chats["oc_1"].messages
    ]
    return found


def _known(world: World) -> Known:
    """What the messages of all deliveries bear that have been begun."""
    found = {}
    for key in world.redis.keys(f"{PREFIX}*"):
        name = key.decode().removeprefix(PREFIX)
        for edition in range(EDITIONS_MOST):
            for number in range(PARTS_MOST):
                bears = key_of_part(key_of(name, edition), number)
                found[bears] = found[mark_of(bears)] = (name, number)
    return found


def _names(said: Sequence[Said], known: Known) -> list[str]:
    """The deliveries in the order in which their first messages stand in the channel."""
    return [known[one.key][0] for one in said if one.key in known and known[one.key][1] == 0]


def wrong_messages(said: Sequence[Said], known: Known) -> Iterator[str]:
    """Messages that stand there twice, out of their order, in another thread, or that no delivery knows."""
    for key, times in Counter(one.key for one in said).items():
        if times > 1:
            yield f"{known.get(key, key)} stands there {times} times"
    parents: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for one in said:
        if one.key not in known:
            yield f"nobody knows {one.text[:60]!r}"
            continue
        name, number = known[one.key]
        if number != numbers.get(name, -1) + 1:
            yield f"part {number} of {name} comes after part {numbers.get(name)}"
        numbers[name] = number
        if number == 0:
            parents[name] = one.id
        elif one.under != parents.get(name):
            yield f"part {number} of {name} stands in another thread"


def wrong_windows(names: Sequence[str], marker: float) -> Iterator[str]:
    """The windows follow one another without gap or overlap, from the first that was due to the marker."""
    until = (DUE - DAY).timestamp()
    for name in names:
        start, end = (float(part) for part in name.split("-")[1:3])
        if start != until:
            yield f"a window begins at {moment_of(start)}, and was told until {moment_of(until)}"
        until = end
    if until != marker:
        yield f"the marker stands at {moment_of(marker)}, and was told until {moment_of(until)}"


def _wrong_commits(said: Sequence[Said], known: Known, days: int) -> Iterator[str]:
    """Each commit of those days is in one digest, as a person reads it."""
    texts: dict[str, str] = {}
    for one in said:
        name = known.get(one.key, (one.key, 0))[0]
        texts[name] = texts.get(name, "") + one.text
    for day, number in product(range(days), range(COMMITS_OF_A_DAY)):
        subject = subject_of(day, number)
        times = sum(subject in text for text in texts.values())
        if times != 1:
            yield f"{subject!r} is told {times} times"
