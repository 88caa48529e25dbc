"""`settings`, `allow` and `disallow`: what a channel has set, and what an administrator lets it read."""

from __future__ import annotations

from dataclasses import replace

from chatbot.commands.access import Access
from chatbot.commands.command import PermissionCommand, SettingsCommand
from chatbot.commands.scene import Scene
from chatbot.commands.table import Table
from chatbot.messaging import Answer
from chatbot.views.answers import permission_view, settings_view
from workers.errors import RefusedError, WordsError
from workers.store.channels import ChannelStore
from workers.wiring import is_local


def channel_commands(channels: ChannelStore, access: Access) -> Table:
    """What `settings`, `allow` and `disallow` do."""

    def settings(command: SettingsCommand, scene: Scene) -> Answer:
        """A change is told to the whole channel, in the language that it then has; a mere look to who looked."""
        channels.put(scene.channel.key, command.language, command.timezone)
        after = replace(scene, language=command.language or scene.language, timezone=command.timezone or scene.timezone)
        changed = command != SettingsCommand()
        view = settings_view(scene.channel.key, channels.get(scene.channel.key), after.timezone, after.words)
        return Answer(view, is_private=not changed)

    def allow(command: PermissionCommand, scene: Scene) -> Answer:
        _check(command, scene, access)
        channels.grant(scene.channel.key, command.repository, scene.person.id)
        return Answer(permission_view("allow", command.repository, scene.words), is_private=False)

    def disallow(command: PermissionCommand, scene: Scene) -> Answer:
        _check(command, scene, access)
        if not channels.revoke(scene.channel.key, command.repository):
            raise WordsError("not_granted", repository=command.repository, near=", ".join(scene.granted[:3]))
        return Answer(permission_view("disallow", command.repository, scene.words), is_private=False)

    return {"settings": settings, "allow": allow, "disallow": disallow}


def _check(command: PermissionCommand, scene: Scene, access: Access) -> None:
    if not access.is_admin(scene.channel, scene.person):
        raise RefusedError("admins_only")
    if is_local(command.repository):
        raise WordsError("bad_source", source=command.repository)
