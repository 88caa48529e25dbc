"""Where our app is installed: one workspace whose token is a setting, or any number of them by OAuth, kept in Redis."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import secrets
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore

from chatbot.platforms.slack.facts import PLATFORM
from workers.store.notes import Notes

log = logging.getLogger(__name__)

STATE_LIFE = timedelta(minutes=10)
"""How long somebody may take to agree on Slack's page."""
_KEPT = ("app_id", "team_id", "team_name", "enterprise_id", "bot_token", "bot_id", "bot_user_id", "bot_scopes")


class Installations(InstallationStore):
    """Installations by OAuth, encrypted under SECRET_KEY: without it, what is in Redis opens no workspace."""

    def __init__(self, notes: Notes, secret_key: str) -> None:
        self._notes = notes
        derived = hashlib.sha256(b"slack installations:" + secret_key.encode()).digest()
        self._cipher = Fernet(base64.urlsafe_b64encode(derived))

    def save(self, installation: Installation) -> None:
        """Keeps what our bot has of an installation; we ask for no token of a person."""
        self.save_bot(installation.to_bot())

    def save_bot(self, bot: Bot) -> None:
        """Keeps a bot, in place of the one that the workspace had."""
        told = {name: getattr(bot, name) for name in _KEPT}
        text = self._cipher.encrypt(json.dumps({**told, "installed_at": bot.installed_at}).encode()).decode()
        self._notes.put(text, None, PLATFORM, _owner(bot.enterprise_id, bot.team_id), "installation")

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot of a workspace; None where it is not installed, or another SECRET_KEY was used."""
        owner = _owner(enterprise_id, None if is_enterprise_install else team_id)
        text = self._notes.get(PLATFORM, owner, "installation")
        if text is None:
            return None
        try:
            told: dict[str, Any] = json.loads(self._cipher.decrypt(text.encode()))
        except InvalidToken:
            log.error("the installation of %s was made under another SECRET_KEY: it is to be installed again", owner)
            return None
        return Bot(**told)

    def token(self, team: str) -> str | None:
        """The bot's token in a workspace; None where it is not installed."""
        bot = self.find_bot(enterprise_id=None, team_id=team)
        return bot.bot_token if bot else None

    def delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Forgets the bot of a workspace."""
        self._notes.take(PLATFORM, _owner(enterprise_id, team_id), "installation")


class OneInstallation(InstallationStore):
    """The bot whose token is a setting, in whatever workspace a request says that it comes from."""

    def __init__(self, token: str) -> None:
        self._token = token

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The bot."""
        del enterprise_id, team_id, is_enterprise_install
        return Bot(bot_token=self._token, bot_id="", bot_user_id="", installed_at=0.0)

    def token(self, team: str) -> str | None:
        """The bot's token."""
        del team
        return self._token


class States(OAuthStateStore):
    """The states that installations began with, each good once."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def issue(self, *args: object, **kwargs: object) -> str:
        """A new state."""
        del args, kwargs
        state = secrets.token_urlsafe(32)
        self._notes.put("begun", STATE_LIFE, PLATFORM, "states", state)
        return state

    def consume(self, state: str) -> bool:
        """Whether an installation was begun with this state, lately, and not ended yet."""
        return bool(state) and self._notes.take(PLATFORM, "states", state) is not None


def _owner(enterprise_id: str | None, team_id: str | None) -> str:
    return team_id or enterprise_id or "none"
