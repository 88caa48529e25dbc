"""What a commit message says: subject, body, trailers, pull request, what it reverts. Pure, and linear in length."""

from __future__ import annotations

import re

from workers.model import Value

CHERRY_PICKED = "cherry-picked-from"
"""Key under which git's line `(cherry picked from commit <sha>)` stands among the trailers; its value is the sha."""


class Trailer(Value):
    """One `Key: value` line at the end of a message; lines that continue it are joined to the value by a space."""

    key: str
    value: str


class Message(Value):
    """A commit message, read.

    `subject` is git's `%s`: the lines before the first blank one, joined by a space. `body` is the rest without
    trailers, "" when there is none. `pull_request` is the number of the pull or merge request that brought the
    commit. What a revert names: `reverted_shas` (lower case, possibly abbreviated, at least 7 digits),
    `reverted_subject` (the quoted subject, without one level of `Revert "..."`), `reverted_pull_request`.
    """

    subject: str = ""
    body: str = ""
    trailers: tuple[Trailer, ...] = ()
    pull_request: int | None = None
    reverted_shas: tuple[str, ...] = ()
    reverted_subject: str | None = None
    reverted_pull_request: int | None = None

    @property
    def is_revert(self) -> bool:
        """Whether the message names what it undoes. The mere word "revert" in a sentence does not make it one."""
        return bool(self.reverted_shas) or self.reverted_subject is not None or self.reverted_pull_request is not None


def read_message(text: str) -> Message:
    """Reads a message as git stores it. Never fails: an empty text gives an empty Message."""
    title, rest = _split_title(text.replace("\r\n", "\n").split("\n"))
    trailers, body = _split_trailers(rest)
    subject = " ".join(title)
    reverted_subject, pull_in_subject = _reverted_by_subject(subject.strip())
    reverting = reverted_subject is not None or pull_in_subject is not None
    own = title + rest if reverting else _before_squash_list(title + rest)
    return Message(
        subject=subject,
        body="\n".join(body),
        trailers=tuple(trailers),
        pull_request=_pull_request(title, body),
        reverted_shas=_reverted_shas(own),
        reverted_subject=reverted_subject,
        reverted_pull_request=pull_in_subject or _reverted_pull_request(own),
    )


def bare_subject(subject: str) -> str:
    """A subject without the `(#123)` that a merge may have put behind it, to compare subjects by."""
    return _without_number(subject.strip())[0]


_BLANK = " \t\r"


def _split_title(lines: list[str]) -> tuple[list[str], list[str]]:
    """The title's lines, cut at the right as git does, and the lines after the blank one that ends it."""
    start = 0
    while start < len(lines) and not lines[start].strip(_BLANK):
        start += 1
    end = start
    while end < len(lines) and lines[end].strip(_BLANK):
        end += 1
    return [line.rstrip(_BLANK) for line in lines[start:end]], lines[end + 1 :]


# --- trailers ---------------------------------------------------------------------------------------------------

_TRAILER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)[ \t]*:(?!//)[ \t]*(.*)", re.DOTALL)
_PICKED = re.compile(r"\(cherry picked from commit ([0-9A-Fa-f]{7,64})")
_CLEAR_KEY = re.compile(r"(?:.*-(?:by|id|to|on|from|url)|git-subtree-.*|cc)", re.IGNORECASE)
_REFERRING_KEY = re.compile(r"(?:fix(?:es)?|closes?|resolves?|refs?|issues?|bug|link|related|see)", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:#|GH-|[A-Z]+-|https?://)?[0-9a-f]+|https?://\S+")
_PERSON = re.compile(r"[A-Za-z]+(?:-[a-z]+)*-by[ \t]*:[^<>]*<[^<>]*>[ \t]*", re.IGNORECASE)
_DIVIDER = re.compile(r"-{3,}")


def _split_trailers(lines: list[str]) -> tuple[list[Trailer], list[str]]:
    """Takes trailers from the end of a message as git finds them, and sign-offs of people from anywhere in it.

    Git calls a last paragraph such as `Note: this changes the default` a trailer too. Here a paragraph needs at
    least one line that is clearly one (`Signed-off-by`, `Change-Id`, `Fixes: #1`), so that no sentence is lost.
    """
    end = _end(lines, len(lines))
    paragraphs: list[list[Trailer]] = []
    kept: list[str] = []
    while end and not kept:
        start = end
        while start and lines[start - 1].strip():
            start -= 1
        if not _are_trailers(lines[start:end]):
            break
        found, kept = _read_trailers(lines[start:end])
        paragraphs.append(found)
        end = _end(lines, start)
    people, body = _take_people([*lines[:end], "", *kept])
    trailers = [trailer for paragraph in reversed(paragraphs) for trailer in paragraph]
    start = next((number for number, line in enumerate(body) if line.strip()), len(body))
    return people + trailers, body[start : _end(body, len(body))]


def _end(lines: list[str], end: int) -> int:
    """Where blank lines and dividers (GitHub puts `---------` before co-authors) before `end` begin."""
    while end and (not lines[end - 1].strip() or _DIVIDER.fullmatch(lines[end - 1].strip())):
        end -= 1
    return end


def _are_trailers(paragraph: list[str]) -> bool:
    """Git's rule: all lines are trailers, or a quarter where git itself wrote one; and ours: one clear trailer."""
    trailers = others = 0
    clear = generated = False
    for line in paragraph:
        if line.startswith(("Signed-off-by: ", "(cherry picked from commit ")):
            trailers, generated = trailers + 1, True
        elif match := _TRAILER.fullmatch(line):
            trailers, clear = trailers + 1, clear or _is_clear(match[1], match[2])
        elif not line[0].isspace():
            others += 1
    return trailers * 3 >= others if generated else clear and not others


def _is_clear(key: str, value: str) -> bool:
    if _CLEAR_KEY.fullmatch(key):
        return True
    return _REFERRING_KEY.fullmatch(key) is not None and _REFERENCE.match(value) is not None


def _read_trailers(paragraph: list[str]) -> tuple[list[Trailer], list[str]]:
    """The trailers of an accepted paragraph, and its lines that are none: those stay in the body."""
    found: list[tuple[str, list[str]]] = []
    kept: list[str] = []
    for line in paragraph:
        if line[0].isspace() and found and not kept:
            found[-1][1].append(line.strip())
        elif picked := _PICKED.match(line):
            found.append((CHERRY_PICKED, [picked[1].lower()]))
        elif match := _TRAILER.fullmatch(line):
            found.append((match[1], [match[2].strip()]))
        else:
            kept.append(line)
    return [Trailer(key=key, value=" ".join(values)) for key, values in found], kept


def _take_people(lines: list[str]) -> tuple[list[Trailer], list[str]]:
    """Sign-offs inside the text, as squashed commits leave them, taken out together with the gaps they leave."""
    people: list[Trailer] = []
    kept: list[str] = []
    for line in lines:
        if _PERSON.fullmatch(line):
            key, _, value = line.partition(":")
            people.append(Trailer(key=key.strip(), value=value.strip()))
        elif line.strip() or not kept or kept[-1].strip():
            kept.append(line)
    return people, kept


# --- pull requests ----------------------------------------------------------------------------------------------

_ENDING_NUMBER = re.compile(r"[(（](?:#|GH-|!|pull request #)([0-9]{1,9})[)）]$", re.IGNORECASE)
_MERGED = re.compile(r"Merge pull request [#!]([0-9]{1,9})\b")
_LEADING_NUMBER = re.compile(r"!([0-9]{1,9}) ")
_GITLAB = re.compile(r"See merge request \S{0,300}?!([0-9]{1,9})$")


def _pull_request(title: list[str], body: list[str]) -> int | None:
    """From `... (#1)` at the end of a title's line, `Merge pull request #1`, Gitee's `!1 ...`, GitLab's last line."""
    if not title:
        return None
    start = title[0].lstrip()
    if match := _MERGED.match(start) or _LEADING_NUMBER.match(start):
        return int(match[1])
    for line in title:
        if match := _ENDING_NUMBER.search(line[-40:]):
            return int(match[1])
    for line in reversed(body):
        if match := _GITLAB.match(line.rstrip()):
            return int(match[1])
    return None


# --- reverts ----------------------------------------------------------------------------------------------------

_PREFIX = re.compile(r"(?:\[[^\[\]]{1,60}\]\s*)?(?:([A-Za-z]{1,20})(?:\([^()]{0,60}\))?!?:\s*)?")
_REVERT = re.compile(r"(?:partial(?:ly)?\s+)?(?:revert(?:s|ed|ing)?|(reapply))\b:?\s*", re.IGNORECASE)
_REVERTED_NUMBER = re.compile(r"(?:PR|pull request|MR)?\s*[#!]([0-9]{1,9})\b", re.IGNORECASE)
_CLOSING = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_REVERTS_COMMIT = re.compile(
    r"\W{0,3}(?:this )?(?:partial(?:ly)? )?reverts? commits?:? "
    r"([0-9a-f`]{7,66}(?:(?:,? and |, ?| & )[0-9a-f`]{7,66}){0,200})(?![0-9a-z])",
    re.IGNORECASE,
)
_REVERTS_PULL = re.compile(r"(?:this )?reverts? (?:PR |pull request )?[\w./-]{0,200}[#!]([0-9]{1,9})\b", re.IGNORECASE)
_SHA = re.compile(r"[0-9a-f]{7,64}")


def _reverted_by_subject(subject: str) -> tuple[str | None, int | None]:
    """The subject and the pull request that a subject says it reverts: (None, None) when it is no revert."""
    prefix = _PREFIX.match(subject)
    rest = subject[prefix.end() :] if prefix else subject
    typed = prefix is not None and (prefix[1] or "").lower() == "revert"
    verb = _REVERT.match(rest)
    named = rest[verb.end() :] if verb else rest
    if not verb and not typed:
        return None, None
    if named[:1] in _CLOSING:
        inner, number = _quoted(named)
        return (f'Revert "{inner}"' if verb and verb[1] else inner), number
    if match := _REVERTED_NUMBER.match(named):
        return None, int(match[1])
    # The last number is that of the commit's own pull request: one before it is that of what is reverted.
    inner = _without_number(named)[0]
    return (inner or None) if typed else None, _without_number(inner)[1]


def _quoted(text: str) -> tuple[str, int | None]:
    """The text between a quote and the last closing one, and the pull request inside it, if any."""
    end = text.rfind(_CLOSING[text[0]])
    inner = (text[1:end] if end > 0 else text[1:]).strip()
    return inner, _without_number(inner.rstrip(text[0]))[1]


def _without_number(text: str) -> tuple[str, int | None]:
    """A subject without the `(#1)` at its end, and that number."""
    match = _ENDING_NUMBER.search(text[-40:])
    return (text[: -len(match[0])].rstrip(), int(match[1])) if match else (text, None)


def _before_squash_list(lines: list[str]) -> list[str]:
    """The lines before GitHub's list of squashed commits: a revert inside that list was undone work, not this one."""
    end = next((number for number, line in enumerate(lines) if line.startswith("* ")), len(lines))
    return lines[:end]


def _reverted_shas(lines: list[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for line in lines:
        if match := _REVERTS_COMMIT.match(line[:20_000]):
            found.update(dict.fromkeys(_SHA.findall(match[1].lower())))
    return tuple(found)


def _reverted_pull_request(lines: list[str]) -> int | None:
    matches = (_REVERTS_PULL.match(line[:400]) for line in lines)
    return next((int(match[1]) for match in matches if match), None)
