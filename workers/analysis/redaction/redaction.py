"""Secrets out of a commit, before anything of it is stored, shown or sent to a model.

A secret becomes `<secret:aws-key:3f9a1c2-1>`: its family, the commit, and the how-manieth secret of that commit it is.
The same secret has the same number wherever it stands in the commit. The number says nothing of the secret, unlike a
hash, from which a weak password could be guessed. Lines stay where they are, so line numbers of a patch stay right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from workers.analysis.hunks import hunks_of
from workers.analysis.redaction.finder import Span, fixed_spans, spans_in
from workers.analysis.redaction.rule import Family
from workers.model import Commit, CommitHead, Evidence, FileChange, Person, Side, Value

Change = Literal["added", "removed", "kept"]

QUOTE_LIMIT = 400
"""Characters of the line that a finding quotes."""

_CHANGES: dict[str, tuple[Change, Side]] = {"+": ("added", "new"), "-": ("removed", "old"), " ": ("kept", "new")}
_BETWEEN_KEYS = re.compile(r"BEGIN|END|^@@", re.MULTILINE)


class Finding(Value):
    """A secret of a commit: what it opens and where it stands; never the secret itself.

    `path` is None where it stands in the message or in a person's name. `line` is its first line on `side` of that
    file (from 1); both are None outside patches, `line` also in a hunk's header. `change` says what the commit did to
    that line, None outside patches. `count` is how often it stands there in this way; a key over several lines counts
    once. `quote` is the line with the placeholder in it, clipped at QUOTE_LIMIT.
    """

    family: Family
    placeholder: str
    path: str | None = None
    side: Side | None = None
    line: int | None = None
    change: Change | None = None
    count: int = 1
    quote: str = ""

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The line as evidence for a statement; empty outside patches."""
        if self.path is None or self.side is None or self.line is None:
            return ()
        return (Evidence(path=self.path, side=self.side, start=self.line, end=self.line, quote=self.quote),)


@dataclass(frozen=True)
class Redacted:
    """A commit with placeholders for its secrets, and what was found."""

    commit: Commit
    findings: tuple[Finding, ...]


def redact(commit: Commit) -> Redacted:
    """The commit without secrets in its message, names, paths and patches. One without any is given back as it is."""
    label = _label(commit.sha)
    hiding = _Hiding(label)
    changes: dict[str, object] = {"message": hiding.text(commit.message)}
    changes |= {"author": _person(commit.author, hiding), "committer": _person(commit.committer, hiding)}
    changes["files"] = tuple([_file(file, hiding) for file in commit.files])
    if not hiding.found:
        return Redacted(commit, ())
    clean = commit.model_copy(update=changes)
    return Redacted(clean, findings_of(clean))


def redact_head(head: CommitHead) -> CommitHead:
    """What a listing tells of a commit, without secrets."""
    safe = redact(Commit(**dict(head))).commit
    return CommitHead(**{name: getattr(safe, name) for name in CommitHead.model_fields})


def redact_text(text: str) -> str:
    """A message, question or reply without secrets. Placeholders are numbered within this text alone."""
    return _Hiding("").text(text)


def findings_of(commit: Commit) -> tuple[Finding, ...]:
    """The secrets that were taken out of a redacted commit, told from its own placeholders: message, then files.

    A placeholder that somebody wrote by hand bears another commit's sha, or none, and is not counted.
    """
    marks = re.compile(rf"<secret:(?P<family>{'|'.join(Family)}):{_label(commit.sha)}\d+>")
    found: dict[tuple[str, str | None, Change | None], Finding] = {}
    for seen in _sightings(commit, marks):
        key = (seen.placeholder, seen.path, seen.change)
        before = found.get(key)
        found[key] = seen if before is None else before.model_copy(update={"count": before.count + seen.count})
    return tuple(finding for finding in found.values() if finding.count)


def _label(sha: str) -> str:
    return f"{sha[:7]}-"


class _Hiding:
    """Puts placeholders into texts and remembers which secret has which number."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._numbers: dict[str, int] = {}

    @property
    def found(self) -> bool:
        """Whether there was any secret yet."""
        return bool(self._numbers)

    def text(self, text: str) -> str:
        """A text of no file."""
        return self._hidden(text, spans_in(text))

    def name(self, name: str) -> str:
        """A path or a person's name: only what has the form of a secret is hidden."""
        return self._hidden(name, fixed_spans(name))

    def patch(self, patch: str, path: str) -> str:
        """A file's patch, each line beginning with its mark."""
        return self._hidden(patch, spans_in(patch, path, marked=True))

    def _hidden(self, text: str, spans: list[Span]) -> str:
        if not spans:
            return text
        pieces, at = [], 0
        for secret in _secrets(text, spans):
            number = self._numbers.setdefault("".join(text[a:b] for a, b, _ in secret), len(self._numbers) + 1)
            for start, end, family in secret:
                pieces += [text[at:start], f"<secret:{family}:{self._label}{number}>"]
                at = end
        return "".join([*pieces, text[at:]])


def _secrets(text: str, spans: Iterable[Span]) -> Iterator[list[Span]]:
    """The spans by secret: the lines of one private key belong together, any other stands alone."""
    secret: list[Span] = []
    for span in spans:
        if secret and not _goes_on(text, secret[-1], span):
            yield secret
            secret = []
        secret.append(span)
    if secret:
        yield secret


def _goes_on(text: str, last: Span, span: Span) -> bool:
    if last.family is not Family.PRIVATE_KEY or span.family is not Family.PRIVATE_KEY:
        return False
    return _BETWEEN_KEYS.search(text, last.end, span.start) is None


def _person(person: Person, hiding: _Hiding) -> Person:
    return Person(name=hiding.name(person.name), email=hiding.name(person.email))


def _file(file: FileChange, hiding: _Hiding) -> FileChange:
    clean = {"path": hiding.name(file.path), "old_path": file.old_path and hiding.name(file.old_path)}
    clean["patch"] = file.patch and hiding.patch(file.patch, file.path)
    return file if all(getattr(file, key) == value for key, value in clean.items()) else file.model_copy(update=clean)


def _sightings(commit: Commit, marks: re.Pattern[str]) -> Iterator[Finding]:
    texts: list[tuple[str | None, str]] = [(None, commit.message)]
    texts += [(None, f"{who.name} {who.email}") for who in (commit.author, commit.committer)]
    texts += [(file.path, path) for file in commit.files for path in (file.path, file.old_path or "")]
    for path, text in texts:
        for found in marks.finditer(text):
            yield _finding(found, path=path)
    for file in commit.files:
        if file.patch and marks.search(file.patch):
            yield from _in_patch(file.path, file.patch, marks)


def _in_patch(path: str, patch: str, marks: re.Pattern[str]) -> Iterator[Finding]:
    last: dict[str, str] = {}  # by diff mark: the key whose body the line before belongs to
    for hunk in hunks_of(patch):
        for found in marks.finditer(hunk.header):
            yield _finding(found, path=path, side="new", change="kept")
        for line in hunk.lines():
            change, side = _CHANGES[line.mark]
            number = line.old_no if line.mark == "-" else line.new_no
            for found in marks.finditer(line.text):
                again = last.get(line.mark) == found[0] and found["family"] == Family.PRIVATE_KEY
                last[line.mark] = found[0]
                yield _finding(found, path=path, side=side, line=number, change=change, count=0 if again else 1)


def _finding(found: re.Match[str], **place: object) -> Finding:
    text = found.string
    begin = text.rfind("\n", 0, found.start()) + 1
    quote = text[begin:].split("\n", 1)[0][:QUOTE_LIMIT]
    return Finding.model_validate({"family": found["family"], "placeholder": found[0], "quote": quote, **place})
