"""The command line: words in, exit code out. Everything heavy is imported by the command that needs it."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import FrameType

import click

from chatbot import options
from chatbot.exits import DONE, STOPPED, UNREACHABLE, WRONG_WORDS
from chatbot.usage import usage_text
from workers import __version__
from workers.errors import BrokenError, DigestError, WordsError
from workers.model import Language
from workers.words import Words, load_words

log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line (None: that of this process) and returns its exit code. No error leaves it as such."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = load_words("chatbot", language_of_person(given, os.environ))
    logging.getLogger().addHandler(logging.NullHandler())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        code = command_line(words).main(given, prog_name="commit-digest", standalone_mode=False, obj=words)
        sys.stdout.flush()
    except click.ClickException as error:
        return _say(usage_text(error, words), WRONG_WORDS)
    except DigestError as error:
        return _say(_failure(error, words), WRONG_WORDS if isinstance(error, WordsError) else UNREACHABLE)
    except (KeyboardInterrupt, click.Abort):
        return _say(words("cli.stopped"), STOPPED)
    except BrokenPipeError:
        # The reader of our output has gone (as `| head` does): nobody is left to tell, and nothing else is wrong.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        return _say(_failure(_defect(error), words), UNREACHABLE)
    return code if isinstance(code, int) else DONE


def language_of_person(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """The language a person reads: as `--language` says, else the locale of the environment, else English."""
    for argument, following in pairwise([*arguments, ""]):
        name, _, attached = argument.partition("=")
        if name == "--language":
            return "zh" if (attached or following) == "zh" else "en"
    locale = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if locale.casefold().startswith("zh") else "en"


def command_line(words: Words) -> click.Group:
    """All commands, with help in the language of the words."""
    commands: dict[str, click.Command] = {
        "report": options.Command("report", callback=_report, params=options.report_parameters(words)),
        "console": options.Command("console", callback=_console, params=options.console_parameters(words)),
        "demo": options.Command("demo", callback=_demo, params=options.demo_parameters(words)),
        "worker": options.Command("worker", callback=_worker, params=options.worker_parameters(words)),
        "up": options.Command("up", callback=_up, params=[options.help_option(words)]),
        "serve": options.Command("serve", callback=_serve, params=[options.help_option(words)]),
        "schedule": options.Command("schedule", callback=_schedule, params=[options.help_option(words)]),
        "subscriptions": options.Command(
            "subscriptions", callback=_subscriptions, params=options.subscriptions_parameters(words)
        ),
        "register": options.Command("register", callback=_register, params=[options.help_option(words)]),
        "forget": options.Command("forget", callback=_forget, params=options.forget_parameters(words)),
        "doctor": options.Command("doctor", callback=_doctor, params=[options.help_option(words)]),
    }
    for name, command in commands.items():
        command.help = words(f"cli.command.{name}")
        command.short_help = words(f"cli.brief.{name}")
        command.add_help_option = False
    return options.Group(
        "commit-digest",
        help=words("cli.about"),
        commands=commands,
        params=[options.version_option(words, __version__), options.help_option(words)],
        add_help_option=False,
    )


def _report(**given: object) -> int:
    from chatbot.report import report  # noqa: PLC0415

    return report(given, person=click.get_current_context().ensure_object(Words))


def _console(**given: object) -> int:
    from chatbot.console import console  # noqa: PLC0415

    return console(given, person=click.get_current_context().ensure_object(Words))


def _demo(source: str | None, language: Language | None) -> int:
    from chatbot.demo import demo  # noqa: PLC0415

    return demo(source, language, person=click.get_current_context().ensure_object(Words))


def _worker(processes: int | None) -> int:
    from chatbot.work import work  # noqa: PLC0415

    return work(processes)


def _up() -> int:
    from chatbot.up import up  # noqa: PLC0415

    return up()


def _serve() -> int:
    from chatbot.serve import serve  # noqa: PLC0415

    return serve()


def _schedule() -> int:
    from chatbot.schedule import schedule  # noqa: PLC0415

    return schedule()


def _subscriptions(action: str, file: str) -> int:
    from chatbot import transfer  # noqa: PLC0415

    person = click.get_current_context().ensure_object(Words)
    if action == "export":
        return transfer.export_subscriptions(file, person)
    return transfer.import_subscriptions(file, person) if action == "import" else transfer.list_subscriptions(person)


def _register() -> int:
    from chatbot.register import register  # noqa: PLC0415

    return register(person=click.get_current_context().ensure_object(Words))


def _forget(place: str, yes: bool) -> int:
    from chatbot.forgetting import forget_place  # noqa: PLC0415

    return forget_place(place, yes, person=click.get_current_context().ensure_object(Words))


def _doctor() -> int:
    from chatbot.doctor import doctor  # noqa: PLC0415

    return doctor(person=click.get_current_context().ensure_object(Words))


def _say(text: str, code: int) -> int:
    click.echo(text, err=True)
    return code


def _failure(error: DigestError, words: Words) -> str:
    from chatbot.views.failure import failure_text  # noqa: PLC0415

    return failure_text(error.code, error.details, load_words("chatbot.views", words.language))


def _defect(error: Exception) -> DigestError:
    """A fault of ours: its traceback goes into the log under a reference, and only the reference to the person."""
    from chatbot.logs import log_of_commands  # noqa: PLC0415

    reference = secrets.token_hex(4)
    path = log_of_commands()
    log.error("reference %s", reference, exc_info=error)
    return BrokenError("internal", reference=reference, log=str(path or ""))


class _Interrupt(KeyboardInterrupt):
    """Raise when the command is to end. Its argument is the signal.

    Not the KeyboardInterrupt itself: where that goes through a text that is being executed, as most imports do when
    they make dataclasses, Python ends the process by SIGINT at last, whatever exit code it was given.
    """


def _interrupt(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends a command as Ctrl-C does: everything is taken down on the way out."""
    del frame
    raise _Interrupt(number)
