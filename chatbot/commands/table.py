"""Which command does what: tables of handlers, and the one that has them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from chatbot.commands.command import Command, CommandName
from chatbot.commands.scene import Scene
from chatbot.messaging import Answer
from workers.errors import WordsError

Handler: TypeAlias = Callable[[Any, Scene], Answer]
"""Carries a command out and says so at once. It asks no source and no model; what takes long it has done by jobs."""
Table: TypeAlias = Mapping[CommandName, Handler]


def joined(*tables: Table) -> Table:
    """All handlers in one table. ValueError where two tables have the same command."""
    found: dict[CommandName, Handler] = {}
    for table in tables:
        if twice := found.keys() & table.keys():
            raise ValueError(f"two handlers for {sorted(twice)}")
        found |= table
    return found


def run_command(table: Table, command: Command, scene: Scene) -> Answer:
    """What the command's handler answers. WordsError("command_off") where this installation has none for it.

    Errors about words have the command's name in `command`.
    """
    handler = table.get(command.name)
    if handler is None:
        raise WordsError("command_off", name=command.name)
    try:
        return handler(command, scene)
    except WordsError as error:
        raise WordsError(error.code, **{"command": command.name, **error.details}) from error
