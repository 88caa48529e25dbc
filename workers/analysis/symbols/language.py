"""How a programming language declares things: the value, and the fragments of patterns that languages share.

Patterns begin with the line end before a declaration (a literal, which the regex engine finds fast) and are searched
in text whose strings and comments are blanked out, after a line end put before it. No pattern has nested
unbounded repeats over the same characters, and lines are clipped before they get here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workers.analysis.facts import Thing

IsPublic = Callable[[str, str], bool]
"""Of a declaration's first line and its name: whether the language's conventions make it public."""

DOUBLE = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
SINGLE = r"'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
CHARACTER = r"'(?:[^'\\\n]|\\[^\n]{1,8}?)'"
SLASHES = r"//[^\n]*"
BLOCK = r"/\*[\s\S]*?(?:\*/|\Z)"
HASH = r"#[^\n]*"
BACKTICK = r"`[^`\\]*(?:\\[\s\S][^`\\]*)*(?:`|\Z)"
TRIPLE = r'"""[\s\S]*?(?:"""|\Z)' + r"|'''[\s\S]*?(?:'''|\Z)"
C_NOISE = "|".join((BLOCK, SLASHES, DOUBLE, CHARACTER))
HASH_NOISE = "|".join((HASH, DOUBLE, SINGLE))

GAP = r"[ \t]+"
PLAIN = r"[^<>;(){}\n]*"
GENERIC = rf"<{PLAIN}(?:<{PLAIN}(?:<{PLAIN}>{PLAIN})*>{PLAIN})*>"  # to a depth of 3, so that nothing backtracks
DOTTED = r"[\w.]+"


@dataclass(frozen=True)
class Language:
    """How one language declares things.

    `pattern` has one alternative per form; the name of the group that matched tells the Thing (`function`, `method`,
    `type`, `constant`, with a digit where there are several; `scope` opens a container and is no Thing). `noise`
    matches strings and comments. `not_names` are words that a form would take for a name. Groups of `needs_body`
    declare only where a body follows (or, in headers and interfaces, a semicolon). `indented` languages end a
    container by indentation, others by a brace. `backticks`, `triple_quotes` and `block_comments` say what a hunk may
    begin inside of. `generics` opens type parameters. `parameters` says where a parameter's name is: "colon" before
    the colon, "first" the first word, "last" the last one.
    """

    name: str
    pattern: re.Pattern[str]
    noise: re.Pattern[str]
    is_public: IsPublic
    not_names: frozenset[str] = frozenset()
    needs_body: frozenset[str] = frozenset()
    indented: bool = False
    backticks: bool = False
    triple_quotes: bool = False
    block_comments: bool = False
    generics: str = "<"
    parameters: str = "colon"


THINGS: Mapping[str, Thing] = {
    "function": Thing.FUNCTION,
    "method": Thing.FUNCTION,
    "type": Thing.TYPE,
    "constant": Thing.CONSTANT,
}


def words_of(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


def pattern_of(*forms: str) -> re.Pattern[str]:
    """A language's pattern: any of these forms at a line's start, after its indentation."""
    return re.compile(r"\n(?P<indent>[ \t]*)(?:" + "|".join(forms) + ")")


def no_underscore(_line: str, name: str) -> bool:
    """Public is what does not begin with one underscore."""
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def says(*words: str) -> IsPublic:
    """Public is what has one of these words on its first line."""
    wanted = re.compile(r"\b(?:" + "|".join(words) + r")\b")
    return lambda line, _name: wanted.search(line) is not None


def says_not(*words: str) -> IsPublic:
    """Public is what has none of these words on its first line."""
    hides = says(*words)
    return lambda line, name: not hides(line, name)


def capital(_line: str, name: str) -> bool:
    """Public is what begins with a capital."""
    return name[:1].isupper()


def always(_line: str, _name: str) -> bool:
    """Everything is public."""
    return True
