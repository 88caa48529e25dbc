"""Settings that code declares: fields of classes named ...Settings, ...Config, ...Options, and configuration tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from workers.analysis.facts import Thing
from workers.analysis.symbols.calls import arguments_at, string_of
from workers.analysis.symbols.language import Language
from workers.analysis.symbols.mentions import Mention, mention
from workers.analysis.symbols.sides import SideText

_NAMED = r"\w*(?:Settings|Config|Configuration|Options)"
_HINTS = ("Settings", "Config", "Options")


class _Form:
    """How a language opens a type of settings and writes its fields: groups `name` and perhaps `value`."""

    def __init__(self, opens: str, fields: str, *, indented: bool = False) -> None:
        self.opens = re.compile(rf"^(?P<indent>[ \t]*){opens}", re.MULTILINE)
        self.fields = re.compile(rf"^(?P<indent>[ \t]+){fields}", re.MULTILINE)
        self.indented = indented


_FORMS: Mapping[str, _Form] = {
    "Python": _Form(
        rf"class[ \t]+(?P<name>{_NAMED})\b[^\n]*:",
        r"(?P<name>[a-z]\w*)[ \t]*:[ \t]*[^=\n]+?(?:[ \t]*=[ \t]*(?P<value>[^\n]+))?$",
        indented=True,
    ),
    "TypeScript": _Form(
        rf"(?:export[ \t]+)?(?:default[ \t]+)?(?:declare[ \t]+)?(?:interface|class|type)[ \t]+"
        rf"(?P<name>{_NAMED})\b[^\n]*\{{[ \t]*$",
        r"(?:readonly[ \t]+)?(?P<name>[A-Za-z_]\w*)\??[ \t]*:[ \t]*(?=\S)[^\n]*$",
    ),
    "Rust": _Form(
        rf"pub[ \t]+struct[ \t]+(?P<name>{_NAMED})\b[^\n;]*\{{[ \t]*$",
        r"pub[ \t]+(?P<name>\w+)[ \t]*:[ \t]*[^\n]*$",
    ),
    "Go": _Form(
        rf"type[ \t]+(?P<name>{_NAMED})[ \t]+struct[ \t]*\{{",
        r"(?P<name>[A-Z]\w*)[ \t]+[\w.*\[\]]+[^\n]*$",
    ),
    "Java": _Form(
        rf"(?:public[ \t]+)?(?:abstract[ \t]+|final[ \t]+)*class[ \t]+(?P<name>{_NAMED})\b[^\n]*",
        r"(?:private|protected)[ \t]+(?!static)(?:final[ \t]+|volatile[ \t]+)*[\w.<>\[\], ?]+[ \t](?P<name>\w+)"
        r"(?:[ \t]*=[ \t]*(?P<value>[^\n;]+))?;",
    ),
}
_C_TABLE = re.compile(r"\bcreate(\w+)Config(\()(?=\s*\")")
_C_DEFAULT_AT = {"Bool": 4, "String": 5, "SDS": 5, "Enum": 5, "Special": 99}  # numbers have bounds before it


def options_in(side: SideText, language: Language, path: str) -> Iterator[Mention]:
    """The settings one side declares: `Type.field`, its default as the value."""
    if language.name in ("C", "C++"):
        yield from _c_table(side, path)
    form = _FORMS.get(language.name)
    if form is None or not any(word in side.masked or word in side.header for word in _HINTS):
        return
    openings = _openings(side, form)
    for name, indent, start, stop in openings:
        yield from _fields(side, form, path, (name, indent, start, stop))


def _openings(side: SideText, form: _Form) -> Iterator[tuple[str, int, int, int]]:
    """Name, indentation, start and end of each part of the side that is inside a type of settings."""
    head = form.opens.match(side.header)
    if head is not None:
        yield head["name"], 0, 0, _end(side.masked, 0, 0, form)
    for found in form.opens.finditer(side.masked):
        indent = len(found["indent"])
        yield found["name"], indent, found.end(), _end(side.masked, found.end(), indent, form)


def _end(masked: str, start: int, indent: int, form: _Form) -> int:
    pattern = rf"^[ \t]{{0,{indent}}}[^\s)\]}}#@]" if form.indented else rf"^[ \t]{{0,{indent}}}\}}"
    at = masked.find("\n", start) if start else 0
    found = re.compile(pattern, re.MULTILINE).search(masked, max(at, 0)) if at >= 0 else None
    return found.start() if found else len(masked)


def _fields(side: SideText, form: _Form, path: str, part: tuple[str, int, int, int]) -> Iterator[Mention]:
    """The fields directly inside the type: those of the least indentation that any field or line there has."""
    owner, indent, start, stop = part
    lines = list(re.finditer(r"^([ \t]+)\S", side.masked[start:stop], re.MULTILINE))
    level = min((len(found[1]) for found in lines if len(found[1]) > indent), default=None)
    for found in form.fields.finditer(side.masked, start, stop):
        if len(found["indent"]) != level:
            continue
        value = side.text[found.start("value") : found.end("value")] if found.groupdict().get("value") else None
        yield mention(side, path, Thing.SETTING, f"{owner}.{found['name']}", (found.start("name"), found.end()), value)


def _c_table(side: SideText, path: str) -> Iterator[Mention]:
    for found in _C_TABLE.finditer(side.text):
        arguments, end = arguments_at(side.text, found.start(2))
        name = string_of(arguments[0]) if arguments else None
        at = _C_DEFAULT_AT.get(found[1], 6)
        if name is not None:
            default = arguments[at] if len(arguments) > at else None
            yield mention(side, path, Thing.SETTING, name, (found.start(), end), default)
