"""`commit-digest register`: has the platforms that are set up offer `/digest` in their lists of commands."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import click

from chatbot.doors import PLATFORMS
from chatbot.exits import DONE
from workers.errors import RefusedError
from workers.settings import load_settings
from workers.words import Words


def register(person: Words) -> int:
    """Registers with each and prints a line of it; a platform without a module `native` has the command otherwise.

    RefusedError("no_doors") where no platform's keys are set. A second time does nothing but bring it up to date.
    """
    settings = load_settings()
    names = [name for name in PLATFORMS if getattr(settings, f"has_{name}")]
    if not names:
        raise RefusedError("no_doors")
    for name in names:
        module = f"chatbot.platforms.{name}.native"
        if find_spec(module) is not None:
            import_module(module).register_command(settings)
        click.echo(f"{person(f'doctor.{name}')}: {person(f'register.{name}')}")
    return DONE
