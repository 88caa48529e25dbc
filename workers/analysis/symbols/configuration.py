"""Keys of configuration files: YAML, TOML, JSON, ini, properties, dotenv and `name value` files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.facts import Thing
from workers.analysis.symbols.languages import ending_of
from workers.analysis.symbols.mentions import UNKNOWN, Mention, settled
from workers.analysis.symbols.sides import SideText

_YAML_KEY = re.compile(r"(?P<lead>[ ]*(?:- +)*)(?P<key>[\w./$@-]+|\"[^\"\n]+\"|'[^'\n]+')[ ]*:(?:[ ]+(?P<value>.*))?$")
_JSON_KEY = re.compile(r"(?P<lead>[ \t]*)\"(?P<key>[^\"\n]+)\"[ \t]*:[ \t]*(?P<value>.*)$")
_EQUALS_KEY = re.compile(r"(?P<key>[\w.\"'/-]+)[ \t]*[=:][ \t]*(?P<value>.*)$")
_SECTION = re.compile(r"\[\[?([^\]\n]+)\]\]?[ \t]*(?:#.*)?$")
_WORD_KEY = re.compile(r"(?P<key>[a-z][\w-]*)[ \t]+(?P<value>\S.*)$")
_COMMENT = re.compile(r"[ \t]*(?:#|//|;|$)")
_TRAILING_COMMENT = re.compile(r"(?<=\S)\s+#.*$")
_PRODUCT = re.compile(r"(?i)conf|setting|option|propert|values|application|default|(?:^|/)env|feature")
_TOOLS = re.compile(
    r"(?i)(?:^|/)\.|eslint|prettier|tsconfig|jsconfig|jest|vitest|babel|biome|ruff|mypy|typos|lychee|licenserc|clippy"
    r"|rustfmt|rust-toolchain|deny\.toml|markdownlint|commitlint|nx\.json|turbo|knip|oxlint|dprint|stylelint|cspell"
    r"|checkstyle|codecov|mkdocs|tox\.ini|pytest|flake8|pylint|vercel|netlify"
)

Stack = list[tuple[int, str]]


def settings_in(side: SideText, path: str) -> Iterator[Mention]:
    """The keys one side shows, dotted as far as the hunk shows what they are in.

    Public are those of files whose path speaks of configuration, unless it is a tool's.
    """
    ending, public = ending_of(path), bool(_PRODUCT.search(path)) and not _TOOLS.search(path)
    if ending in ("yaml", "yml"):
        return _nested(side, path, _YAML_KEY, public)
    if ending in ("json", "jsonc", "json5"):
        return _nested(side, path, _JSON_KEY, public)
    if ending in ("toml", "ini", "cfg", "properties", "env", "editorconfig"):
        return _flat(side, path, _EQUALS_KEY, public)
    if ending == "conf" and not any("{" in line for line in side.lines):
        return _flat(side, path, _EQUALS_KEY if _has_equals(side) else _WORD_KEY, public)
    return iter(())


def _has_equals(side: SideText) -> bool:
    return any("=" in line for line in side.lines if not _COMMENT.match(line))


def _nested(side: SideText, path: str, pattern: re.Pattern[str], public: bool) -> Iterator[Mention]:
    """Keys by indentation; a key is dotted with those above it that are indented less."""
    stack: Stack = []
    literal: int | None = None
    for index, line in enumerate(side.lines):
        if literal is not None and (not line.strip() or _indent(line) > literal):
            continue
        literal = None
        found = None if _COMMENT.match(line) else pattern.match(line)
        if found is None:
            continue
        indent, value = len(found["lead"]), _value(found["value"])
        while stack and stack[-1][0] >= indent:
            stack.pop()
        stack.append((indent, found["key"].strip("\"'")))
        if value in ("|", ">", "|-", ">-", "|+", ">+"):
            literal = _indent(line)
        name = ".".join(key for _, key in stack)
        yield Mention(Thing.SETTING, name, path, side, index, index, UNKNOWN if _opens(value) else value, public)


def _opens(value: str | None) -> bool:
    return value is None or value in ("{", "[", "|", ">", "|-", ">-", "|+", ">+")


def _flat(side: SideText, path: str, pattern: re.Pattern[str], public: bool) -> Iterator[Mention]:
    section = ""
    for index, line in enumerate(side.lines):
        if _COMMENT.match(line):
            continue
        header = _SECTION.match(line.strip())
        if header is not None:
            section = header[1].strip() + "."
            continue
        found = pattern.match(line.strip() if pattern is _EQUALS_KEY and line[:1] in " \t" and section else line)
        if found is not None:
            name = section + found["key"].strip("\"'")
            yield Mention(Thing.SETTING, name, path, side, index, index, settled(_value(found["value"])), public)


def _value(text: str | None) -> str | None:
    return (_TRAILING_COMMENT.sub("", text).strip().rstrip(",") or None) if text else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
