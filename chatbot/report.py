"""`commit-digest report`: options -> request -> one digest made on this machine -> the form that was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from tzlocal import get_localzone_name

from chatbot.exits import DONE, PARTLY_JUDGED
from chatbot.logs import log_of_commands
from chatbot.making import Made, making_digest
from chatbot.options import Format
from chatbot.waiting import ProgressBar
from workers.errors import WordsError
from workers.model import Digest, Language, Tier, TimeBasis, Value
from workers.request import DigestRequest, JudgeChoice, Query
from workers.settings import load_settings
from workers.sources.window import Asked, ask_day, ask_range, ask_span, find_zone
from workers.wiring import name_source
from workers.words import Words, load_words


class ReportOptions(Value):
    """What the command line was given, None where it was silent."""

    source: str
    date: str | None = None
    since: str | None = None
    until: str | None = None
    range: str | None = None
    timezone: str | None = None
    branch: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    exclude_author: tuple[str, ...] = ()
    least_tier: Tier | None = None
    language: Language | None = None
    judge: JudgeChoice | None = None
    time: TimeBasis | None = None
    fresh: bool = False
    format: Format | None = None
    output: Path | None = None


def report(given: Mapping[str, object], person: Words) -> int:
    """Makes and writes the digest that the options ask for; the exit code says whether all of it could be judged."""
    options = ReportOptions.model_validate(given)
    with making_shown(request_of(options, person.language, datetime.now(UTC)), person) as made:
        digest = made.digest
        from chatbot.output import pieces, print_digest, write_file  # noqa: PLC0415 - see _import_output

        form = options.format or "terminal"
        if options.output is None:
            print_digest(digest, form)
        else:
            write_file(pieces(digest, form), options.output)
            click.echo(person("cli.written", path=options.output), err=True)
        return exit_code(digest)


@contextmanager
def making_shown(request: DigestRequest, person: Words) -> Iterator[Made]:
    """The digest that is asked for, with a bar on stderr while it is made. It can be read within the context."""
    settings = load_settings()
    log_of_commands()
    with ExitStack() as stack:
        with ProgressBar(load_words("chatbot.views", person.language)) as bar:
            made = stack.enter_context(making_digest(settings, request, bar.show, _import_output))
        yield made


def _import_output() -> None:
    """What shows a digest takes 0.1 s to import: that is done while the workers do likewise."""
    import chatbot.output  # noqa: F401, PLC0415


def exit_code(digest: Digest) -> int:
    """Done, or done but for what the digest's problems name."""
    return PARTLY_JUDGED if digest.problems else DONE


def request_of(options: ReportOptions, language: Language, now: datetime) -> DigestRequest:
    """The request that options mean. WordsError where they contradict each other or name what cannot be."""
    zone = find_zone(options.timezone or get_localzone_name()).key
    asked = _asked(options, zone, now)
    query = Query(
        timezone=zone,
        **asked.model_dump(),
        branches=options.branch,
        paths=options.path,
        authors=options.author,
        exclude_authors=options.exclude_author,
        time=options.time or "committer",
    )
    return DigestRequest(
        asked_at=now,
        sources=(name_source(options.source),),
        query=query,
        language=options.language or language,
        judge=options.judge or "auto",
        fresh=options.fresh,
        least_tier=options.least_tier or Tier.LOW,
    )


def _asked(options: ReportOptions, zone: str, now: datetime) -> Asked:
    if sum(text is not None for text in (options.date, options.since or options.until, options.range)) > 1:
        raise WordsError("one_window")
    if options.until is not None and options.since is None:
        raise WordsError("until_needs_since")
    if options.date is not None:
        return ask_day(options.date, zone, now)
    if options.since is not None:
        return ask_span(options.since, options.until, zone, now)
    return ask_range(options.range) if options.range is not None else Asked()
