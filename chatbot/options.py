"""Options and arguments of the command line, and how its help is laid out, in the person's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import click

from workers.words import Words

Format = Literal["terminal", "markdown", "html", "json", "slack", "feishu"]
FORMATS: tuple[Format, ...] = get_args(Format)


def report_parameters(words: Words) -> list[click.Parameter]:
    """SOURCE, the window, the filters, the judge, and how the digest is written."""
    return [
        click.Argument(["source"], metavar="SOURCE"),
        *_window(words),
        *_filters(words),
        _choice("--least-tier", ("high", "medium", "low"), words),
        _language(words),
        _choice("--judge", ("auto", "model", "offline"), words),
        click.Option(["--fresh"], is_flag=True, help=words("cli.option.fresh")),
        _choice("--format", FORMATS, words),
        click.Option(["--output"], metavar="FILE", help=words("cli.option.output")),
        help_option(words),
    ]


def console_parameters(words: Words) -> list[click.Parameter]:
    """SOURCE, which may be left out, the window, the filters and the judge."""
    return [
        click.Argument(["source"], metavar="[SOURCE]", required=False),
        *_window(words),
        *_filters(words),
        _choice("--least-tier", ("high", "medium", "low"), words),
        _language(words),
        _choice("--judge", ("auto", "model", "offline"), words),
        help_option(words),
    ]


def demo_parameters(words: Words) -> list[click.Parameter]:
    """SOURCE and the language."""
    return [click.Argument(["source"], metavar="[SOURCE]", required=False), _language(words), help_option(words)]


def worker_parameters(words: Words) -> list[click.Parameter]:
    """How many processes."""
    processes = click.Option(
        ["--processes"], type=click.IntRange(1, 64), metavar="N", help=words("cli.option.processes")
    )
    return [processes, help_option(words)]


def subscriptions_parameters(words: Words) -> list[click.Parameter]:
    """What to do with all subscriptions, and the file."""
    actions = click.Choice(("list", "export", "import"))
    return [
        click.Argument(["action"], type=actions, default="list", metavar="[list|export|import]"),
        click.Argument(["file"], default="-", metavar="[FILE]"),
        help_option(words),
    ]


def forget_parameters(words: Words) -> list[click.Parameter]:
    """Of which place, and that it is meant."""
    yes = click.Option(["--yes"], is_flag=True, help=words("cli.option.yes"))
    return [click.Argument(["place"], metavar="PLACE"), yes, help_option(words)]


def help_option(words: Words) -> click.Option:
    """`--help`, described in the person's language."""
    return click.Option(
        ["--help"], is_flag=True, is_eager=True, expose_value=False, callback=_show_help, help=words("cli.option.help")
    )


def version_option(words: Words, version: str) -> click.Option:
    """`--version`, described in the person's language."""

    def show(context: click.Context, option: click.Parameter, given: bool) -> None:
        del option
        if given:
            click.echo(f"commit-digest {version}")
            context.exit()

    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=words("cli.option.version")
    )


class _Formatter(click.HelpFormatter):
    """Headings in the person's language; click itself has them in English."""

    def write_heading(self, heading: str) -> None:
        super().write_heading(_heading(heading))

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or f"{_heading('usage')}: ")


class _Context(click.Context):
    formatter_class = _Formatter


class Command(click.Command):
    """A command whose help is laid out in the person's language; the words are the context's object."""

    context_class = _Context


class Group(click.Group):
    """As Command, for the commands together."""

    context_class = _Context


def _heading(name: str) -> str:
    context = click.get_current_context(silent=True)
    words = context.find_object(Words) if context else None
    return words(f"cli.heading.{name.casefold()}") if words else name


def _show_help(context: click.Context, option: click.Parameter, given: bool) -> None:
    del option
    if given:
        click.echo(context.get_help())
        context.exit()


def _window(words: Words) -> list[click.Parameter]:
    return [
        click.Option(["--date"], metavar="D", help=words("cli.option.date")),
        click.Option(["--since"], metavar="T", help=words("cli.option.since")),
        click.Option(["--until"], metavar="T", help=words("cli.option.until")),
        click.Option(["--range"], metavar="A..B", help=words("cli.option.range")),
        click.Option(["--timezone"], metavar="ZONE", help=words("cli.option.timezone")),
        _choice("--time", ("committer", "author"), words),
    ]


def _filters(words: Words) -> list[click.Parameter]:
    names = {"--branch": "NAME", "--path": "GLOB", "--author": "NAME", "--exclude-author": "NAME"}
    return [
        click.Option([name], multiple=True, metavar=metavar, help=_help(name, words)) for name, metavar in names.items()
    ]


def _language(words: Words) -> click.Option:
    return _choice("--language", ("zh", "en"), words)


def _choice(name: str, values: Sequence[str], words: Words) -> click.Option:
    return click.Option([name], type=click.Choice(values), help=_help(name, words))


def _help(name: str, words: Words) -> str:
    return words(f"cli.option.{name.strip('-').replace('-', '_')}")
