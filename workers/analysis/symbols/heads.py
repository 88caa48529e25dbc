"""The head of a declaration: where it ends, what its parameters are, whether it is one at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workers.analysis.facts import Thing
from workers.analysis.symbols.language import THINGS, Language
from workers.analysis.symbols.languages import HEADER_ENDINGS, ending_of

SIGNATURE_LIMIT = 2000  # characters after a name within which its parameters must end
TAIL_LIMIT = 400  # characters after the parameters within which a return type must end

_PARENTHESES = re.compile(r"[()]")
_ANGLES = re.compile(r"(?<![-=])>|<")
_BRACKETS = re.compile(r"[\[\]]")
_TAIL = re.compile(r"[{;]|=>|\n[ \t]*\n")
_COLON_TAIL = re.compile(r":|\n")
_ARROW = re.compile(r"[ \t]*(?::[^;\n]{0,300}?)?[ \t]*=>")
_NOT_BLANK = re.compile(r"[^ \t]|$")
_AFTER_METHOD = re.compile(r"[ \t]*(?:\{|:[^;\n]{0,300}?\{[ \t]*$)", re.MULTILINE)
_AFTER_INTERFACE_METHOD = re.compile(r"[ \t]*:[^\n]|[ \t]*;?[ \t]*$", re.MULTILINE)
_BODILESS = re.compile(r"\b(?:interface|declare|abstract)\b")


@dataclass(frozen=True, slots=True)
class Head:
    """Where a declaration's head ends, and the text between its parentheses (None without them).

    `complete` is False where the hunk ends first. `prototype`: there is no body. `thing` is set where the pattern's
    group alone could not tell it.
    """

    end: int
    parameters: str | None = None
    complete: bool = True
    prototype: bool = False
    thing: Thing | None = None


def thing_of(group: str) -> Thing | None:
    """What a group of a language's pattern declares; None for a mere scope."""
    return THINGS.get(group.rstrip("0123456789"))


class HeadReader:
    """Reads heads in one side of a hunk: `masked` without strings and comments, `text` with them, equally long."""

    def __init__(self, language: Language, path: str, text: str, masked: str) -> None:
        self.language = language
        self.text = text
        self.masked = masked
        self.prototypes = ending_of(path) in HEADER_ENDINGS or language.name in ("Java", "C#")

    def read(self, found: re.Match[str], within: str | None) -> Head | None:
        """The head after a match of the language's pattern; None where it turns out to be no declaration.

        `within` is the head line of the type that encloses it, None where none is known.
        """
        group = found.lastgroup or ""
        kind = thing_of(group)
        if group == "closing":
            return self._closing(found)
        if kind is not Thing.FUNCTION:
            return self._plain(found, kind)
        if group == "function2" and self.language.name == "TypeScript":
            return self._value(found)
        return self._function(found.end(), group, within)

    def _line_end(self, at: int) -> int:
        end = self.masked.find("\n", at)
        return len(self.masked) if end < 0 else end

    def _plain(self, found: re.Match[str], kind: Thing | None) -> Head:
        end = self._line_end(found.end())
        brace = -1 if kind is Thing.CONSTANT else self.masked.find("{", found.end(), end)
        return Head(brace if brace >= 0 else end)

    def _closing(self, found: re.Match[str]) -> Head | None:
        """`} name;` names a type only where the brace was opened by a typedef that the hunk shows."""
        opened = self.masked.rfind("\ntypedef", 0, found.start())
        if opened < 0 or self.masked.find("\n}", opened, found.start()) >= 0:
            return None
        return Head(found.end(), thing=Thing.TYPE)

    def _value(self, found: re.Match[str]) -> Head | None:
        """`const name = ...`: a function where an arrow or `function` follows, else a constant if it is exported."""
        at = found.end()
        if found[0].endswith(">"):
            return Head(at, found[0].removesuffix("=>").rpartition("=")[2].strip())
        is_function = found[0].endswith("function")
        opened = self._skip_generics(self.masked.find("(", at, at + 80) if is_function else at)
        closed = self._balanced(opened, _PARENTHESES, "(") if self._at(opened) == "(" else -1
        if closed > 0 and (is_function or _ARROW.match(self.masked, closed)):
            return Head(closed, self.text[opened + 1 : closed - 1])
        if found[0].lstrip().startswith("export"):
            return Head(self._line_end(at), thing=Thing.CONSTANT)
        return None

    def _function(self, at: int, group: str, within: str | None) -> Head | None:
        needs_body = group in self.language.needs_body
        opened = self._skip_generics(self._skip_blanks(at))
        if self._at(opened) != "(":
            return None if needs_body else Head(self._line_end(at))
        closed = self._balanced(opened, _PARENTHESES, "(")
        if closed < 0:
            is_cut = not needs_body or (group != "method" and self._cut(opened))
            return Head(self._line_end(at), complete=False) if is_cut else None
        parameters = self.text[opened + 1 : closed - 1]
        if self.language.indented:
            stop = _COLON_TAIL.search(self.masked, closed, closed + TAIL_LIMIT)
            return Head(stop.start() if stop else self._line_end(closed), parameters)
        if group == "method" and needs_body:
            return self._method(closed, parameters, within)
        return self._tail(closed, parameters, group, needs_body)

    def _cut(self, opened: int) -> bool:
        """Whether the hunk ends among the parameters, as far as one can see."""
        rest = self.masked[opened : opened + SIGNATURE_LIMIT + 1]
        return len(rest) <= SIGNATURE_LIMIT and ";" not in rest and "{" not in rest

    def _tail(self, closed: int, parameters: str, group: str, needs_body: bool) -> Head | None:
        stop = _TAIL.search(self.masked, closed, closed + TAIL_LIMIT)
        if stop is None:
            cut = len(self.masked) - closed < TAIL_LIMIT and not self.masked[closed:].strip()
            return Head(closed, parameters, complete=False) if cut or not needs_body else None
        mark = stop[0] if stop[0].strip() else self.masked[closed : closed + TAIL_LIMIT].lstrip()[:1]
        if not needs_body:
            return Head(stop.start(), parameters, prototype=mark == ";")
        if mark == "{" or (mark == "=>" and self.language.name in ("C#", "Dart")):
            return Head(stop.start(), parameters)
        is_prototype = mark == ";" and self.prototypes and not (group == "function3" and self.language.name == "Java")
        if is_prototype and "=" not in self.masked[closed : stop.start()]:
            return Head(stop.start(), parameters, prototype=True)
        return None

    def _method(self, closed: int, parameters: str, within: str | None) -> Head | None:
        found = _AFTER_METHOD.match(self.masked, closed)
        if found is not None:
            return Head(found.end() - 1, parameters)
        if within is not None and _BODILESS.search(within) and _AFTER_INTERFACE_METHOD.match(self.masked, closed):
            return Head(self._line_end(closed), parameters, prototype=True)
        return None

    def _at(self, offset: int) -> str:
        return self.masked[offset] if 0 <= offset < len(self.masked) else ""

    def _skip_blanks(self, at: int) -> int:
        found = _NOT_BLANK.search(self.masked, at)
        return found.start() if found else len(self.masked)

    def _skip_generics(self, at: int) -> int:
        opener = self.language.generics
        if self._at(at) != opener:
            return at
        closed = self._balanced(at, _ANGLES if opener == "<" else _BRACKETS, opener)
        return self._skip_blanks(closed) if closed > 0 else at

    def _balanced(self, start: int, marks: re.Pattern[str], opener: str) -> int:
        """The offset after the bracket that closes the one at `start`; -1 where it is not within SIGNATURE_LIMIT."""
        depth = 0
        for found in marks.finditer(self.masked, start, start + SIGNATURE_LIMIT):
            depth += 1 if found[0] == opener else -1
            if depth == 0:
                return found.end()
        return -1
