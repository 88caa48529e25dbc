"""What every platform's way in has in common: addresses over HTTP, or a connection of its own, or both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from redis import Redis
from starlette.routing import BaseRoute

from chatbot.conversation import Conversation
from workers.settings import Settings

PLATFORMS = ("slack", "feishu")
"""The folders of `chatbot.platforms` that have a way in: a module `door` with `open_door`."""
WAYS_OUT = ("feishu_webhook",)
"""Those that only post: who subscribed there was written into the store by the operator."""


class Door(Protocol):
    """A platform's way in. It hears from `open` until `close`, in threads of its own and in those of its routes."""

    @property
    def name(self) -> str:
        """The platform's name."""
        ...

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Where the platform reaches us over HTTP; none where it has a connection alone."""
        ...

    def open(self) -> None:
        """Begins to hear. RefusedError, TransientError where the platform cannot be reached, or refuses us."""
        ...

    def close(self) -> None:
        """Hears nothing more; what is in hand ends first."""
        ...

    def is_well(self) -> bool:
        """Whether it hears."""
        ...


@dataclass(frozen=True)
class House:
    """What stands behind every door."""

    settings: Settings
    redis: Redis
    conversation: Conversation


def posts_only(settings: Settings) -> bool:
    """Whether something is set up that can be posted to, though nobody can be heard from there."""
    return any(getattr(settings, f"has_{name}") for name in WAYS_OUT)


def open_doors(house: House) -> list[Door]:
    """The doors of all platforms whose keys are set, not yet open. A platform is imported only for that."""
    found = []
    for name in PLATFORMS:
        if getattr(house.settings, f"has_{name}", False):
            door = import_module(f"chatbot.platforms.{name}.door").open_door(house)
            found.append(cast(Door, door))
    return found
