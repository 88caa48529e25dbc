"""Turns what click says of wrong words into the catalogue's sentences, with the nearest right word."""

from __future__ import annotations

import click

from workers.words import Words


def usage_text(error: click.ClickException, words: Words) -> str:
    """One line in the person's language that says what is wrong with a command line and how to write it."""
    match error:
        case click.NoSuchOption():
            return _no_option(error, words)
        case click.exceptions.NoSuchCommand():
            return _no_command(error, words)
        case click.MissingParameter():
            return words("cli.missing", name=_parameter(error), usage=_usage(error))
        case click.BadParameter():
            return _bad_value(error, words)
        case click.BadOptionUsage():
            return words("cli.option_needs_value", option=error.option_name)
        case click.exceptions.NoArgsIsHelpError():
            return error.message
        case click.UsageError() if error.message.startswith("Got unexpected extra argument"):
            return words("cli.too_many", value=error.message.partition("(")[2].rpartition(")")[0])
        case _:
            return words("cli.usage", problem=error.message.rstrip("."), command=_command(error))


def _no_option(error: click.NoSuchOption, words: Words) -> str:
    if error.possibilities:
        return words("cli.no_option_near", option=error.option_name, near=error.possibilities[0])
    return words("cli.no_option", option=error.option_name, command=_command(error))


def _no_command(error: click.exceptions.NoSuchCommand, words: Words) -> str:
    if error.possibilities:
        return words("cli.no_command_near", name=error.command_name, near=error.possibilities[0])
    group = error.ctx.command if error.ctx else None
    known = group.commands if isinstance(group, click.Group) else ()
    return words("cli.no_command", name=error.command_name, commands=", ".join(known))


def _bad_value(error: click.BadParameter, words: Words) -> str:
    given = _given(error)
    if error.param is not None and isinstance(error.param.type, click.Choice):
        choices = ", ".join(str(choice) for choice in error.param.type.choices)
        return words("cli.bad_choice", option=_parameter(error), value=given, choices=choices)
    if error.param is not None and isinstance(error.param.type, click.IntRange):
        return words("cli.bad_number", option=_parameter(error), least=error.param.type.min, most=error.param.type.max)
    return words("cli.bad_value", option=_parameter(error), value=given)


def _given(error: click.BadParameter) -> str:
    """The value that was given: click quotes it in its message and keeps it nowhere else."""
    parts = error.message.split("'")
    return parts[1] if len(parts) > 1 else error.message


def _parameter(error: click.BadParameter) -> str:
    if isinstance(error.param, click.Argument):
        return error.param.human_readable_name
    return max(error.param.opts, key=len) if error.param else ""


def _usage(error: click.UsageError) -> str:
    """`commit-digest report [OPTIONS] SOURCE`, without the word in front."""
    return " ".join(error.ctx.get_usage().split()[1:]) if error.ctx else ""


def _command(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return context.command_path if context else "commit-digest"
