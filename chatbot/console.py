"""`commit-digest console`: a digest on the terminal, and there what a chat offers: commits in depth, questions, more.

Lines come from a person at a prompt, or from a pipe; their words mean the same as in a chat.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime

from click import echo
from rich.console import Console

from chatbot.commands.command import Command, CommitCommand, DigestCommand, HelpCommand
from chatbot.commands.grammar import parse
from chatbot.commands.vocabulary import meaning
from chatbot.making import Made
from chatbot.output import print_digest
from chatbot.render.terminal import terminal
from chatbot.report import ReportOptions, exit_code, making_shown, request_of
from chatbot.terminal_answers import TerminalAnswers
from chatbot.views.commit import commit_view
from chatbot.views.failure import failure_text
from chatbot.views.help import help_view
from chatbot.views.phrases import short
from chatbot.views.visible import one_line
from workers.errors import DigestError, WordsError
from workers.model import Digest, Tier
from workers.questions.values import CommitRef
from workers.request import DigestRequest
from workers.sources.window import Asked, ask
from workers.wiring import name_source
from workers.words import Words, load_words

AskLine = Callable[[str], str | None]
"""The next line that a person writes behind a prompt; None when there are no more."""

LONGEST = 4_000
"""Characters of a line: more is no question, and would leave the commits no room."""

_SHA = re.compile(r"[0-9a-fA-F]{7,40}")


def console(given: Mapping[str, object], person: Words) -> int:
    """Shows the digest that options ask for, then does what line after line says, until there are no more."""
    options = ReportOptions.model_validate({**given, "source": given["source"] or "."})
    request = request_of(options, person.language, datetime.now(UTC))
    ask_line = _prompting() if sys.stdin.isatty() else _reading
    with ExitStack() as stack:
        session = Session(stack.enter_context(making_shown(request, person)), request, ask_line)
        wanted = session.run()
        while wanted is not None:
            with ExitStack() as making:
                try:
                    session = Session(making.enter_context(making_shown(wanted, person)), wanted, ask_line)
                except DigestError as error:
                    session.tell(failure_text(error.code, error.details, session.words))
                    wanted = session.go_on()
                    continue
                stack.push(making.pop_all())
            wanted = session.run()
        return exit_code(session.digest)


def _prompting() -> AskLine:
    """Asks a person, with what line editing this machine has."""
    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415 - to have imported it is all it takes

    def ask_line(prompt: str) -> str | None:
        try:
            return input(prompt)
        except EOFError:
            echo()
            return None

    return ask_line


def _reading(prompt: str) -> str | None:
    """Reads a pipe, and tells each line again: what is written is then a conversation that can be read."""
    line = sys.stdin.readline()
    if line.strip():
        echo(f"{prompt}{one_line(line.strip())}")
    return line or None


class Session:
    """What is talked about: a digest, or one of its commits, until another digest is wanted."""

    def __init__(self, made: Made, request: DigestRequest, ask_line: AskLine) -> None:
        self.digest: Digest = made.digest
        self.words = load_words("chatbot.views", request.language)
        self._request = request
        self._ask_line = ask_line
        self._focus: CommitRef | None = None
        self._answers = TerminalAnswers(made, request, self.words)

    def run(self) -> DigestRequest | None:
        """Shows the digest, or its one commit, and goes on."""
        only = self._request.query.commits[:1]
        if not (only and self._open(only[0])):
            print_digest(self.digest, "terminal")
        self.tell(self.words("console.offer"))
        return self.go_on()

    def go_on(self) -> DigestRequest | None:
        """Does what lines say, until there are no more: None; or another digest is wanted."""
        while (line := self._ask_line(self._prompt)) is not None and meaning("console", line.strip()) != "quit":
            try:
                if (wanted := self._do(line.strip())) is not None:
                    return wanted
            except DigestError as error:
                self.tell(failure_text(error.code, error.details, self.words))
        return None

    def tell(self, text: str) -> None:
        """A remark, which is no part of what was asked for."""
        echo(text, err=True)

    @property
    def _prompt(self) -> str:
        return f"{short(self._focus.sha)} > " if self._focus else "> "

    def _do(self, text: str) -> DigestRequest | None:
        if not text:
            return None
        if meaning("console", text) == "back":
            self._focus = None
        elif meaning("command", text) == "help":
            echo(self.words("console.help"))
        elif text.casefold().split()[0] == "/digest":
            return self._command(parse(text))
        elif not (_SHA.fullmatch(text) and self._open(text.lower())):
            self._ask(text)
        return None

    def _ask(self, text: str) -> None:
        if len(text) > LONGEST:
            raise WordsError("question_too_long", limit=LONGEST)
        self._answers.answer(text, self._focus)

    # --- commits and digests ------------------------------------------------------------------------------------------

    def _open(self, sha: str) -> bool:
        """Shows a commit of the digest in depth, which questions are then about; False where it has none such."""
        for source, part in zip(self._request.sources, self.digest.repositories, strict=True):
            whole = next((known for known in part.shas() if known.startswith(sha)), None)
            entry = part.entry(whole) if whole else None
            if entry is not None:
                self._focus = CommitRef(source=source, sha=entry.sha)
                terminal(commit_view(entry, part, self.words), Console())
                return True
        return False

    def _command(self, command: Command) -> DigestRequest | None:
        match command:
            case HelpCommand():
                terminal(help_view(command.topic, self.words), Console())
                return None
            case DigestCommand():
                return self._digest_of(command)
            case CommitCommand():
                request = self._new_request(command.repository, Asked())
                query = request.query.model_copy(update={"commits": (command.sha,)})
                language = command.language or request.language
                return request.model_copy(update={"query": query, "language": language})
        raise WordsError("only_in_chats", command=command.name)

    def _digest_of(self, command: DigestCommand) -> DigestRequest:
        now, options = datetime.now(UTC), command.options
        asked = ask(command.window, self._request.query.timezone, now) if command.window else Asked()
        request = self._new_request(command.repository, asked)
        query = request.query.model_copy(update={"branches": options.branches, "paths": options.paths})
        return request.model_copy(
            update={
                "query": query,
                "language": options.language or request.language,
                "least_tier": options.tier or Tier.LOW,
            }
        )

    def _new_request(self, repository: str, asked: Asked) -> DigestRequest:
        """As the request of this session, of another repository and time."""
        before = self._request
        query = type(before.query)(timezone=before.query.timezone, **asked.model_dump())
        fields = {"asked_at": datetime.now(UTC), "sources": (name_source(repository),), "query": query, "fresh": False}
        return before.model_copy(update=fields)
