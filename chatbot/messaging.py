"""What conversation and delivery know of a chat platform: who and where, what comes in, how messages go out.

Adding a platform means implementing `Platform` and turning what it sends into `Message` and `Press`; nothing else
knows which platform it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Protocol, TypeAlias, get_args
from urllib.parse import quote

from pydantic import BeforeValidator

from chatbot.views.view import View
from workers.errors import Detail, RefusedError, TransientError
from workers.model import Language, Value


def _writable(text: object) -> object:
    """Half of a surrogate pair, which JSON can smuggle into a text, can be written nowhere: a mark stands for it."""
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else text


Foreign = Annotated[str, BeforeValidator(_writable)]
"""A text that others wrote."""


# --- who and where ------------------------------------------------------------------------------------------------


class Channel(Value):
    """Where people talk: a channel, a group, or the direct talk of one person with us.

    `platform` is the name that the platform was registered under, `workspace` its id of the team or tenant, `id` its
    id of the channel. `is_direct`: one person reads here. `is_shared`: people of other organisations read here too.
    """

    platform: str
    workspace: str
    id: str
    is_direct: bool = False
    is_shared: bool = False

    @property
    def key(self) -> str:
        """`platform:workspace:id`: the name of the channel in the store and in patterns of settings."""
        return ":".join(quote(part, safe="") for part in (self.platform, self.workspace, self.id))


class Person(Value):
    """Somebody who wrote or pressed. `name` is for people, and untrusted.

    `language` is None where the platform does not tell it. `is_outsider`: a guest, or of another organisation.
    """

    id: str
    name: Foreign = ""
    language: Language | None = None
    is_outsider: bool = False


class Receipt(Value):
    """A message that stands in a channel. `id` is the platform's (Slack's ts, Feishu's message_id).

    `thread` is the platform's id of the thread it stands in or began, None where the platform has none for it.
    """

    channel: Channel
    id: str
    thread: str | None = None


# --- in -----------------------------------------------------------------------------------------------------------

Way = Literal["command", "mention", "direct", "reply"]
"""How words reached us: as a command of the platform, by a mention, in a direct talk, or as a reply in a thread."""


class Message(Value):
    """What a person wrote, mentions of us and the platform's markup taken out; untrusted.

    `ids` are all names under which the platform may deliver the same thing again, such as its event's id and that of
    the message. `under` is the first message of the thread it stands in, None outside of threads.
    """

    ids: tuple[str, ...]
    channel: Channel
    person: Person
    way: Way
    text: Foreign
    under: Receipt | None = None


class Press(Value):
    """A button or a line of a menu that a person chose: its kind and value as an Action of a view has them; untrusted.

    `on` is the message that has the button, `under` the first message of its thread (None: it is in no thread).
    """

    ids: tuple[str, ...]
    channel: Channel
    person: Person
    kind: Foreign
    value: Foreign
    on: Receipt | None = None
    under: Receipt | None = None


Incoming: TypeAlias = Message | Press


# --- out ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said at once to who wrote or pressed. `is_private`: only that person need see it."""

    view: View
    is_private: bool = True


class Part(Value):
    """One message as a platform takes it: its own JSON, within its limits, to be sent as it is or kept and sent later.

    `in_thread`: it belongs under the first part of the same view and not in the channel.
    """

    payload: dict[str, Any]
    in_thread: bool = False


KEY_MOST = 50
"""Characters of a message's key: Feishu's `uuid` takes no more."""


class Capabilities(Value):
    """What a platform can do; where it cannot, delivery takes another way.

    `same_key_for`: how long the platform itself takes a second message with the same key for the first (None: it does
    not know keys, and `find` is the only way to know). `editable_for`: how long a message may be edited (None: always;
    zero: never). `threads`, `private`: whether it has threads, and messages that only one person of a channel sees.
    """

    same_key_for: timedelta | None = None
    editable_for: timedelta | None = None
    threads: bool = True
    private: bool = True


class Stream(Protocol):
    """A message of ours that grows while people look on. Platforms end it by themselves after some minutes."""

    @property
    def receipt(self) -> Receipt:
        """Where it stands."""
        ...

    def add(self, text: str) -> None:
        """Puts plain text at its end; line breaks stand. RefusedError where it grows no more, TransientError."""
        ...

    def end(self) -> None:
        """Nothing more comes: from now on it is edited as any message of ours. Raises nothing of the platform's."""
        ...


class Platform(Protocol):
    """A chat platform, or its like on this machine. Calls block; all may raise MessageRefusedError, TransientError.

    What a call raises tells what became of it: UnknownOutcomeError that it may have been carried out, any other error
    that it was not.
    """

    @property
    def name(self) -> str:
        """What channels of this platform have as `platform`."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def render(self, view: View, key: str, channel: Channel) -> tuple[Part, ...]:
        """A view as messages within the platform's limits, in order, the first to stand where the view belongs.

        Asks nobody. `key` (at most KEY_MOST characters) is that of the first part; `key_of_part` names the others.
        """
        ...

    def send(self, channel: Channel, part: Part, key: str, under: Receipt | None = None) -> Receipt:
        """Posts one message, in the thread of `under` where that is given. `key` is the same at every attempt."""
        ...

    def edit(self, receipt: Receipt, part: Part) -> None:
        """Puts other content in the place of a message of ours."""
        ...

    def tell(self, channel: Channel, person: Person, part: Part, under: Receipt | None = None) -> None:
        """Posts what only one person of the channel sees; directly to the person where that is not possible."""
        ...

    def find(self, channel: Channel, key: str, since: datetime, under: Receipt | None = None) -> Receipt | None:
        """Our message with this key, among those since a time (aware); None when it certainly is not there."""
        ...

    def address(self, receipt: Receipt) -> str | None:
        """Where people open a message of ours; None where the platform has no address for it."""
        ...

    def is_shared(self, channel: Channel) -> bool:
        """Whether people of other organisations read there by now. Errors as `send`."""
        ...

    def stream(self, channel: Channel, person: Person, text: str, key: str, under: Receipt) -> Stream | None:
        """Begins a message that grows, for a person, in the thread of `under`; errors as `send`.

        None where the platform has no such thing there.
        """
        ...


def key_of_part(key: str, number: int) -> str:
    """The key of a part by its number from 0; the first has the key of the view. ValueError over KEY_MOST."""
    found = key if number == 0 else f"{key}.{number}"
    if len(found) > KEY_MOST:
        raise ValueError(f"a key of {len(found)} characters")
    return found


# --- what may become of a message ---------------------------------------------------------------------------------

Refusal = Literal["not_in_channel", "archived", "missing_scope", "no_rights", "token_revoked", "gone", "too_large"]
REFUSALS: tuple[Refusal, ...] = get_args(Refusal)


class MessageRefusedError(RefusedError):
    """Raise when a platform said no, and would say so again.

    `not_in_channel`: we are no member there. `archived`: nobody can write there. `missing_scope`: our app lacks a
    permission (detail `scope`). `no_rights`: it may not do this here. `token_revoked`: the workspace took our access
    back. `gone`: the channel, thread or message is not there. `too_large`: our rendering is over a limit or
    breaks another rule of theirs, a defect (details `problem` and perhaps `said`: what the platform says of it).
    """

    def __init__(self, code: Refusal, **details: Detail) -> None:
        super().__init__(code, **details)


class UnknownOutcomeError(TransientError):
    """Raise when a message may or may not have been posted: the connection broke after the request went out."""

    def __init__(self) -> None:
        super().__init__("outcome_unknown")
