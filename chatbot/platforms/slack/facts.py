"""What Slack is asked about people and channels before they may see anything; remembered for a while."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta

from chatbot.messaging import Channel, Person
from chatbot.platforms.slack.calls import Json, ask_once
from chatbot.platforms.slack.workspaces import Workspaces
from workers.errors import DigestError, TransientError
from workers.model import Language
from workers.store.notes import Notes

log = logging.getLogger(__name__)

PLATFORM = "slack"
LIFE = timedelta(minutes=10)
"""How long a guest, or a channel that was opened to others, may pass for what it was."""


class Facts:
    """People and channels by id. What Slack may not tell us counts as of another organisation.

    TransientError where the store or Slack is out of reach: nobody is taken for a guest because of that.
    """

    def __init__(self, workspaces: Workspaces, notes: Notes) -> None:
        self._workspaces = workspaces
        self._notes = notes

    def person(self, team: str, user: str, name: str = "") -> Person:
        """Who that is: name, language, whether a guest or of another organisation."""
        found = self._remembered(team, "person", user, lambda: self._ask_person(team, user))
        if found is None:
            return Person(id=user, name=name, is_outsider=True)
        return Person(id=user, name=found["name"] or name, language=found["language"], is_outsider=found["outsider"])

    def channel(self, team: str, channel: str, shared: bool = False) -> Channel:
        """What that is. `shared`: Slack told that it is shared with another organisation."""
        place = Channel(platform=PLATFORM, workspace=team, id=channel, is_direct=is_direct(channel), is_shared=shared)
        if place.is_direct or shared:
            return place
        found = self._remembered(team, "channel", channel, lambda: self._ask_channel(team, channel))
        return place.model_copy(update={"is_shared": found is None or found["shared"]})

    def is_shared(self, team: str, channel: str) -> bool:
        """Whether people of other organisations read there. Raises what Slack refuses to tell."""
        return bool(self._look(team, "channel", channel, lambda: self._ask_channel(team, channel))["shared"])

    def _remembered(self, team: str, kind: str, name: str, find: Callable[[], Json]) -> Json | None:
        try:
            return self._look(team, kind, name, find)
        except TransientError:
            raise
        except DigestError as error:
            log.warning("nothing is known of %s %s: %s", kind, name, error)
            return None

    def _look(self, team: str, kind: str, name: str, find: Callable[[], Json]) -> Json:
        text = self._notes.get(PLATFORM, team, kind, name)
        if text is None:
            try:
                text = json.dumps(find())
            except TransientError:
                raise TransientError("platform_unreachable") from None
            self._notes.put(text, LIFE, PLATFORM, team, kind, name)
        found: Json = json.loads(text)
        return found

    def _ask_person(self, team: str, user: str) -> Json:
        told = ask_once(self._workspaces.client(team).users_info, user=user, include_locale=True)["user"]
        grid = told.get("enterprise_user", {}).get("teams", [])
        outsider = any(
            told.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")
        ) or (told.get("team_id", team) != team and team not in grid)
        profile = told.get("profile", {})
        name = profile.get("display_name") or told.get("real_name") or told.get("name", "")
        return {"name": name, "language": language_of(told.get("locale")), "outsider": outsider}

    def _ask_channel(self, team: str, channel: str) -> Json:
        told = ask_once(self._workspaces.client(team).conversations_info, channel=channel)["channel"]
        return {"shared": any(told.get(flag) for flag in ("is_ext_shared", "is_pending_ext_shared"))}


def is_direct(channel: str) -> bool:
    """Whether that is the direct talk of one person with us, by its id."""
    return channel.startswith("D")


def language_of(locale: object) -> Language | None:
    """The language of a locale; None where Slack tells none."""
    if not isinstance(locale, str) or not locale:
        return None
    return "zh" if locale.casefold().startswith("zh") else "en"
