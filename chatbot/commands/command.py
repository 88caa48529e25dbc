"""What a person's words mean: one frozen value per command, and the canonical text of each."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from workers.cadence import Cadence, Rhythm, Weekday
from workers.model import Language, Tier, Value

NumberedName = Literal["show", "pause", "resume", "unsubscribe", "run"]
PermissionName = Literal["allow", "disallow"]
CommandName = (
    Literal["digest", "commit", "subscribe", "list", "settings", "status", "help"] | NumberedName | PermissionName
)
COMMANDS: tuple[CommandName, ...] = (
    *("digest", "commit", "subscribe", "list", "show", "pause", "resume", "unsubscribe", "run"),
    *("settings", "allow", "disallow", "status", "help"),
)
"""Every command, in the order in which help tells of them."""


class Options(Value):
    """What of a repository is wanted and how it is told. None and () mean what the channel, else the source, has."""

    branches: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    language: Language | None = None
    tier: Tier | None = None


class Schedule(Value):
    """When a subscription is due: a Cadence, whose time zone may be left (None) to the channel."""

    rhythm: Rhythm
    clock: str | None = None
    weekday: Weekday | None = None
    expression: str | None = None
    timezone: str | None = None

    def cadence(self, timezone: str) -> Cadence:
        """The cadence, in this zone where the schedule names none."""
        given = self.model_dump(exclude={"timezone"})
        return Cadence(**given, timezone=self.timezone or timezone)


class DigestCommand(Value):
    """A digest now. `window` is a word that `workers.sources.window.ask` reads; None: the last day with commits."""

    repository: str
    window: str | None = None
    options: Options = Options()

    @property
    def name(self) -> CommandName:
        return "digest"


class CommitCommand(Value):
    """One commit's whole analysis. `sha` may be shortened to 7 digits."""

    repository: str
    sha: str
    language: Language | None = None

    @property
    def name(self) -> CommandName:
        return "commit"


class SubscribeCommand(Value):
    """A digest from now on, whenever the schedule says. `quiet`: nothing is posted for a window without commits."""

    repository: str
    schedule: Schedule
    options: Options = Options()
    quiet: bool = False

    @property
    def name(self) -> CommandName:
        return "subscribe"


class NumberedCommand(Value):
    """Something about the subscription that `list` shows under a number (from 1)."""

    name: NumberedName
    number: int


class PermissionCommand(Value):
    """An administrator lets this channel see a private repository, or no longer."""

    name: PermissionName
    repository: str


class SettingsCommand(Value):
    """Shows the channel's settings, after changing those that are not None."""

    language: Language | None = None
    timezone: str | None = None

    @property
    def name(self) -> CommandName:
        return "settings"


class PlainCommand(Value):
    """A command without anything else."""

    name: Literal["list", "status"]


class HelpCommand(Value):
    """Help, on one command or (None) on all."""

    topic: CommandName | None = None

    @property
    def name(self) -> CommandName:
        return "help"


Command: TypeAlias = (
    DigestCommand
    | CommitCommand
    | SubscribeCommand
    | NumberedCommand
    | PermissionCommand
    | SettingsCommand
    | PlainCommand
    | HelpCommand
)


# --- canonical text -----------------------------------------------------------------------------------------------


def canonical(command: Command) -> str:
    """The words that mean this command and nothing else, as INTERFACE has them, without a leading `/digest`."""
    match command:
        case DigestCommand():
            words = [_plain(command.repository), _plain(command.window), *option_words(command.options)]
        case CommitCommand():
            words = ["commit", _plain(f"{command.repository}@{command.sha}"), _named("lang", command.language)]
        case SubscribeCommand():
            quiet = "quiet" if command.quiet else None
            words = ["subscribe", _plain(command.repository), schedule_words(command.schedule)]
            words += [*option_words(command.options), quiet]
        case NumberedCommand():
            words = [command.name, str(command.number)]
        case PermissionCommand():
            words = [command.name, _plain(command.repository)]
        case SettingsCommand():
            words = ["settings", _named("lang", command.language), _named("timezone", command.timezone)]
        case PlainCommand():
            words = [command.name]
        case HelpCommand():
            words = ["help", command.topic]
    return " ".join(word for word in words if word)


def schedule_words(schedule: Schedule) -> str:
    """`weekly mon 09:00 Asia/Shanghai`."""
    expression = f'"{schedule.expression}"' if schedule.expression else None
    words = (schedule.rhythm, schedule.weekday, expression, schedule.clock, schedule.timezone)
    return " ".join(word for word in words if word)


def option_words(options: Options) -> list[str | None]:
    """`branch=main path=src/** lang=zh tier=medium`, each where it is given."""
    branches = [_named("branch", branch) for branch in options.branches]
    paths = [_named("path", path) for path in options.paths]
    return [*branches, *paths, _named("lang", options.language), _named("tier", options.tier)]


_PLAIN = re.compile(r"[A-Za-z0-9_./*?@+#\[\]{}~^$%&()|-]*[A-Za-z0-9_/*?@+#\[\]{}~^$%&()|-]")
"""Words that the grammar takes as they are; all others stand in quotes."""
_QUOTES = re.compile(r'(["＂“”\\])')


def _named(name: str, value: str | None) -> str | None:
    return None if value is None else f"{name}={_plain(value)}"


def _plain(word: str | None) -> str | None:
    """A word in quotes if it needs them: in quotes the grammar takes everything as it is."""
    if word is None or _PLAIN.fullmatch(word):
        return word
    escaped = _QUOTES.sub(r"\\\1", word)
    return f'"{escaped}"'
