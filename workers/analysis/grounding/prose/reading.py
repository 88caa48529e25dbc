"""A statement's text read into names and prose.

Each name becomes one private character in the prose, so that the rules about words never look inside a name and find
what a word governs by plain patterns.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from workers.analysis.grounding.prose.everyday import EVERYDAY_CAPITALS, EVERYDAY_NAMES, EVERYDAY_WORDS, LITERALS

FIRST, LAST = 0xE000, 0xF8FF
N = f"(?-i:[{chr(FIRST)}-{chr(LAST)}])"
"""A pattern for the character that stands for a name; to ignore case in such a range takes milliseconds to compile."""

STATEMENT_LIMIT = 8_000
"""Characters of a statement that are read; nothing honest is longer."""


class Sort(StrEnum):
    """How a name was marked in the text."""

    CODE = "code"  # in backticks
    BARE = "bare"  # plainly code outside backticks
    QUOTE = "quote"  # between quotation marks, and word for word in the commit
    LINK = "link"  # an address on the web or of a person
    MENTION = "mention"  # @name
    TERM = "term"  # a word of prose that comes or goes in the diff
    NUMBER = "number"  # of an issue or a pull request: #12


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in the statement, without its marks."""

    text: str
    sort: Sort

    @property
    def is_marked(self) -> bool:
        """Whether it is plainly meant as a name, and not only a word that happens to come or go in the diff."""
        return self.sort is not Sort.TERM or self.text.isupper()


_ENDINGS = (
    "c|cc|cpp|cxx|h|hh|hpp|m|mm|py|pyi|pyx|js|jsx|mjs|cjs|ts|tsx|mts|cts|vue|svelte|rs|go|java|kt|kts|scala|rb|erb|php"
    "|cs|fs|swift|dart|lua|zig|nim|ex|exs|erl|hs|ml|clj|r|jl|pl|pm|tcl|sh|bash|zsh|fish|ps1|bat|cmd|proto|thrift|sql"
    "|graphql|toml|ya?ml|jsonc?|json5|md|mdx|rst|adoc|txt|xml|html?|css|scss|sass|less|styl|gradle|cmake|mk|conf|ini"
    "|cfg|env|properties|lock|csv|tsv|ipynb|tf|hcl|nix|snap|cuh?|cl|glsl|wgsl|s|asm|patch|diff|tmpl|tpl|j2|svg|png|sum"
    "|mod|work|spec|plist|po|pot|log|service|out|in|rules|bzl|bazel"
)
FILE_NAME = re.compile(rf"[\w.+-]+\.(?:{_ENDINGS})")
"""A name that plainly is a file's."""

_WORD = r"[A-Za-z_$][\w$]*"
_BARE = "|".join(
    [
        r"(?<![\w-])--?[A-Za-z][\w-]*(?:=[\w./:-]+)?(?<!-)(?=\W|$)(?<=[\w])",  # flags; single dash is sifted below
        r"(?:@[\w.-]+/)?(?:[\w.@~+-]+/)+[\w.@~+*-]*\w|(?<![\w.])(?:\.{1,2}/|/)?(?:[\w.@~+-]+/)+",  # paths
        rf"[\w-]+(?:\.[\w-]+)*\.(?:{_ENDINGS})(?![\w.]\w)",  # file names
        rf"{_WORD}(?:(?:::|->|\.|#){_WORD})+!?(?:\(\))?",  # qualified names
        rf"{_WORD}!?\(\)",  # calls
        r"\$\{?[A-Za-z_]\w*\}?",  # variables of a shell
        r"_*[A-Za-z0-9]+(?:_+[A-Za-z0-9]+)+_*|_{1,2}[a-z]\w*",  # snake case
        r"[a-z]+[a-z0-9]*(?:[A-Z][A-Za-z0-9]*)+",  # camel case
        r"[A-Z]+[a-z0-9]+(?:[A-Z]+[a-z0-9]*)+",  # two humps
        r"(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}",  # shas
    ]
)
_TOKEN = re.compile(
    r"(?<!`)(?P<fence>`+)(?!`)(?P<code>.+?)(?<!`)(?P=fence)(?!`)"
    r"|“(?P<quote1>[^”]*)”|「(?P<quote2>[^」]*)」|(?<!\w)\"(?P<quote3>[^\"\n]+)\"|(?<![\w])'(?P<quote4>[^'\n]+)'(?!\w)"
    r"|(?P<link>https?://[^\s)）\]>，。；、`\"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?![\w/]))"
    r"|\*\*(?P<bold>[^*\n]+)\*\*"
    r"|(?<![\w`./@-])@(?P<mention>[A-Za-z][\w-]*)(?![\w/])"
    r"|(?<![\w&])(?P<number>#\d+|\bGH-\d+)\b"
    rf"|(?<![A-Za-z0-9_/.@$-])(?P<bare>{_BARE})(?![A-Za-z0-9_])",
    re.DOTALL | re.ASCII,
)
_ASIDE = re.compile(r"(?<![A-Za-z])(?:e\.g|i\.e|etc|vs|cf|al|a\.k\.a)$", re.IGNORECASE)
_PROSE_PATH = re.compile(r"[A-Za-z]+(?:/[A-Za-z]+)+/?$")
_ENDING = re.compile(rf"\.(?:{_ENDINGS})$")
_PLURAL = re.compile(r"[A-Z]{2,}[a-z]{1,2}$|[A-Z]{2,}\d+$")
_SENTENCE_END = re.compile(r"(?<=[。！？；\n])|(?<=[.!?;])(?=\s)")


class Reading:
    """A statement's text. `stands` tells whether a quotation is in the commit: only then is it a name."""

    def __init__(
        self, text: str, stands: Callable[[str], bool], changes: Callable[[str], bool] = lambda _: False
    ) -> None:
        self.text = text[:STATEMENT_LIMIT]
        self.names: list[Name] = []
        self._stands = stands
        self.prose = self._with_terms(self._read(self.text), changes)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The prose cut into sentences."""
        return tuple(part for part in _SENTENCE_END.split(self.prose) if part.strip())

    @cached_property
    def is_chinese(self) -> bool:
        return any("\u4e00" <= char <= "\u9fff" for char in self.prose)

    def name(self, char: str) -> Name:
        """The name that a private character stands for."""
        return self.names[ord(char) - FIRST]

    def names_in(self, prose: str) -> list[Name]:
        """The names of a piece of prose, in order."""
        return [self.name(char) for char in prose if FIRST <= ord(char) <= LAST]

    def told(self, prose: str) -> str:
        """A piece of prose with its names written out again."""
        return "".join(self.name(char).text if FIRST <= ord(char) <= LAST else char for char in prose).strip()

    def told_whole(self, prose: str) -> str:
        """A piece of prose as it stands in the text, marks of code included; "" where it does not."""
        for fence in ("`", "", "**"):
            told = "".join(
                f"{fence}{self.name(char).text}{fence}" if FIRST <= ord(char) <= LAST else char for char in prose
            )
            if told in self.text:
                return told
        return ""

    def _read(self, text: str) -> str:
        text = "".join(char for char in text if not FIRST <= ord(char) <= LAST)
        parts: list[str] = []
        at = 0
        for match in _TOKEN.finditer(text):
            if match.start() < at:
                continue
            parts.append(text[at : match.start()])
            parts.append(self._token(match))
            at = match.end()
        parts.append(text[at:])
        return "".join(parts)

    def _with_terms(self, prose: str, changes: Callable[[str], bool]) -> str:
        """Prose in which words that are written as names, and come or go in the diff, are names too."""
        pattern = _TERM_IN_CHINESE if _HAN.search(prose) else _TERM
        return pattern.sub(
            lambda match: self._kept(match[0], Sort.TERM) if _is_term(match[0], changes) else match[0], prose
        )

    def _token(self, match: re.Match[str]) -> str:
        kind = match.lastgroup or ""
        body = match[kind]
        if kind == "code":
            unfenced = body[1:-1] if len(match["fence"]) > 1 and body[:1] == body[-1:] == " " else body
            return self._kept(unfenced, Sort.CODE)
        if kind.startswith("quote"):
            if body.strip() and self._stands(body):
                return self._kept(body, Sort.QUOTE)
            return f"\u2018{self._read(body)}\u2019"
        if kind == "bold":
            return self._read(body)
        if kind == "bare":
            return self._kept(body, Sort.BARE) if is_code(body) else body
        return self._kept(body, Sort(kind))

    def _kept(self, text: str, sort: Sort) -> str:
        if len(self.names) > LAST - FIRST:
            return text
        self.names.append(Name(text, sort))
        return chr(FIRST + len(self.names) - 1)


_HAN = re.compile(r"[\u4e00-\u9fff]")
_TERM = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z0-9]{3,}(?![\w-])")
_TERM_IN_CHINESE = re.compile(r"(?<![A-Za-z0-9_.@/-])[A-Za-z][A-Za-z0-9_-]{3,}(?![\w./-])", re.ASCII)


def _is_term(word: str, changes: Callable[[str], bool]) -> bool:
    low = word.casefold()
    return not (word in EVERYDAY_CAPITALS or low in EVERYDAY_WORDS | EVERYDAY_NAMES | LITERALS or not changes(word))


def is_code(text: str) -> bool:
    """Whether a word outside backticks is plainly a name from code, and none of everyday writing."""
    if text.casefold() in EVERYDAY_NAMES or _ASIDE.match(text) or _PLURAL.match(text):
        return False
    if text.startswith("-"):
        return text.startswith("--")
    if re.fullmatch(r"\d+/\d+", text):
        return False  # a fraction
    if "/" in text:
        return not _PROSE_PATH.match(text) or bool(_ENDING.search(text))
    return not re.fullmatch(r"[\d_]+", text)
