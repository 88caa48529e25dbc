"""Turns what click says of wrong words into the catalogue's sentences, with the nearest right word."""

from __future__ import annotations

from functools import singledispatch

import click

from workers.words import Words


@singledispatch
def usage_text(error: click.ClickException, words: Words) -> str:
    """One line in the person's language that says what is wrong with a command line and how to write it."""
    del words
    return error.message


@usage_text.register
def _no_option(error: click.NoSuchOption, words: Words) -> str:
    if error.possibilities:
        return words("cli.no_option_near", option=error.option_name, near=error.possibilities[0])
    return words("cli.no_option", option=error.option_name, command=_command(error))


@usage_text.register
def _no_command(error: click.exceptions.NoSuchCommand, words: Words) -> str:
    if error.possibilities:
        return words("cli.no_command_near", name=error.command_name, near=error.possibilities[0])
    group = error.ctx.command if error.ctx else None
    known = group.commands if isinstance(group, click.Group) else ()
    return words("cli.no_command", name=error.command_name, commands=", ".join(known))


@usage_text.register
def _missing(error: click.MissingParameter, words: Words) -> str:
    return words("cli.missing", name=_parameter(error), usage=_usage(error))


@usage_text.register
def _no_value(error: click.BadOptionUsage, words: Words) -> str:
    return words("cli.option_needs_value", option=error.option_name)


@usage_text.register
def _bad_value(error: click.BadParameter, words: Words) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        choices = ", ".join(str(choice) for choice in kind.choices)
        return words("cli.bad_choice", option=_parameter(error), value=_given(error), choices=choices)
    if isinstance(kind, click.IntRange):
        return words("cli.bad_number", option=_parameter(error), least=kind.min, most=kind.max)
    return words("cli.bad_value", option=_parameter(error), value=_given(error))


@usage_text.register
def _help(error: click.exceptions.NoArgsIsHelpError, words: Words) -> str:
    del words
    return error.message


@usage_text.register
def _other(error: click.UsageError, words: Words) -> str:
    """click says of a word too many only in a sentence, which has the word in parentheses."""
    if error.message.startswith("Got unexpected extra argument"):
        return words("cli.too_many", value=error.message.partition("(")[2].rpartition(")")[0])
    return words("cli.usage", problem=error.message.rstrip("."), command=_command(error))


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


def _command(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx else "commit-digest"
