"""Who may read which repository from a chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chatbot.messaging import Channel, Person
from workers.errors import WordsError
from workers.permissions import Permission, place_matches
from workers.wiring import is_local

Reach = Literal["all", "public"]
"""What of GitHub somebody may read: whatever our key may, or only what everybody may."""


@dataclass(frozen=True)
class Access:
    """What the settings allow: ALLOWED_REPOSITORIES and ADMINS, see `workers.permissions`."""

    allowed: Sequence[Permission] = ()
    admins: Sequence[str] = ()

    def reach(self, channel: Channel, repository: str, granted: Sequence[str] = (), outsider: bool = False) -> Reach:
        """How a repository may be read in a channel, to which `granted` (case folded names) were granted there.

        Whether it is private is not asked here: GitHub would have to be. Whoever reads it with reach "public" must
        take a private one for one that does not exist. WordsError("bad_source") for a path that may not be read:
        the same as for what can be no repository, so that nobody learns what is on the disk.
        """
        inside = not (outsider or channel.is_shared)
        allowed = any(permission.allows(repository, channel.key) for permission in self.allowed)
        if is_local(repository):
            if not (allowed and inside):
                raise WordsError("bad_source", source=repository)
            return "all"
        return "all" if inside and (allowed or repository.casefold() in granted) else "public"

    def sees(self, channel: Channel, person: Person, sources: Sequence[str], granted: Sequence[str]) -> bool:
        """Whether a person may be shown in a channel what was made of private repositories, by the rules of now."""
        try:
            return all(self.reach(channel, name, granted, person.is_outsider) == "all" for name in sources)
        except WordsError:
            return False

    def is_admin(self, channel: Channel, person: Person) -> bool:
        """Whether a person may let this channel read private repositories: an administrator, where only ours read."""
        name = channel.model_copy(update={"id": person.id}).key
        may = any(place_matches(pattern, name) for pattern in self.admins)
        return may and not (person.is_outsider or channel.is_shared)
