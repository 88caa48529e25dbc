"""Declarations of Python, JavaScript and TypeScript, Ruby, PHP, Lua, shell, Elixir and R."""

from __future__ import annotations

import re

from workers.analysis.symbols.language import (
    BACKTICK,
    BLOCK,
    DOTTED,
    DOUBLE,
    GAP,
    HASH,
    HASH_NOISE,
    SINGLE,
    SLASHES,
    TRIPLE,
    Language,
    no_underscore,
    pattern_of,
    says,
    says_not,
    words_of,
)

PYTHON = Language(
    "Python",
    pattern_of(
        rf"(?:async{GAP})?def{GAP}(?P<function>\w+)",
        rf"class{GAP}(?P<type>\w+)",
        rf"(?<![ \t])type{GAP}(?P<type2>\w+)[ \t]*(?:\[[^\]\n]*\][ \t]*)?=",
        r"(?<![ \t])(?P<constant>_?[A-Z][A-Z0-9_]+)[ \t]*(?::[^=\n]+)?=(?!=)",
    ),
    re.compile("|".join((TRIPLE, HASH, DOUBLE, SINGLE))),
    no_underscore,
    indented=True,
    triple_quotes=True,
    generics="[",
)

_SCRIPT_CONTROL = words_of(
    "if for while switch catch return else do try with new throw typeof await case delete in of super this function "
    "void yield import export let var const"
)
_EXPORT = rf"(?:export{GAP})?(?:default{GAP})?(?:declare{GAP})?"
_JS_FUNCTION_VALUE = r"(?:async\b[ \t]*)?(?:function\b|(?=[(<])|[\w$]+[ \t]*=>)"
_SCRIPT_WORDS = (
    r"(?=(?:export|default|declare|async|function|abstract|class|interface|const|let|var|enum|namespace|type)\b)"
)
SCRIPT = Language(
    "TypeScript",
    pattern_of(
        rf"{_SCRIPT_WORDS}(?:{_EXPORT}(?:async{GAP})?function\b[ \t]*\*?[ \t]*(?P<function>[\w$]+)"
        rf"|{_EXPORT}(?:abstract{GAP})?(?:class|interface|(?:const{GAP})?enum|namespace){GAP}(?P<type>[\w$]+)"
        rf"|{_EXPORT}type{GAP}(?P<type2>[\w$]+)[ \t]*(?=[=<\n])"
        rf"|(?<![ \t]){_EXPORT}(?:const|let|var){GAP}(?P<function2>[\w$]+)[ \t]*(?::[^=\n]+)?="
        rf"[ \t]*{_JS_FUNCTION_VALUE}"
        rf"|(?<![ \t])export{GAP}(?:declare{GAP})?(?:const|let|var){GAP}(?P<constant>[\w$]+)"
        rf"|(?<![ \t])const{GAP}(?P<constant2>[A-Z][A-Z0-9_]+)\b)",
        rf"(?:(?:public|private|protected|static|async|override|readonly|get|set|abstract){GAP}|\*[ \t]*)*"
        r"(?P<method>#?[\w$]++)\??(?=[(<])",
    ),
    re.compile("|".join((BLOCK, SLASHES, DOUBLE, SINGLE, BACKTICK))),
    says("export", "public"),
    not_names=_SCRIPT_CONTROL,
    needs_body=frozenset({"method"}),
    backticks=True,
    block_comments=True,
)

_RUBY_HEREDOC = r"<<[~-]['\"]?(?P<end>[A-Z]\w*)['\"]?[^\n]*\n(?:[^\n]*\n){0,120}?[ \t]*(?P=end)\b"
RUBY = Language(
    "Ruby",
    pattern_of(
        rf"(?:private{GAP}|protected{GAP})?def{GAP}(?:self\.)?(?P<function>\w+[?!=]?)",
        rf"(?:class|module){GAP}(?P<type>[\w:]+)",
        r"(?P<constant>[A-Z][A-Z0-9_]+)[ \t]*=(?![=~>])",
    ),
    re.compile("|".join((_RUBY_HEREDOC, HASH_NOISE))),
    says_not("private", "protected"),
    indented=True,
    parameters="first",
)

PHP = Language(
    "PHP",
    pattern_of(
        rf"(?:(?:public|protected|private|static|abstract|final){GAP})*function{GAP}&?(?P<function>\w+)",
        rf"(?:(?:abstract|final|readonly){GAP})*(?:class|interface|trait|enum){GAP}(?P<type>\w+)",
        rf"(?:(?:public|protected|private|final){GAP})*const{GAP}(?:\w+{GAP})?(?P<constant>[A-Z]\w*)[ \t]*=",
    ),
    re.compile("|".join((BLOCK, SLASHES, DOUBLE, SINGLE, r"#(?!\[)[^\n]*"))),
    says_not("private", "protected"),
    block_comments=True,
    parameters="last",
)

LUA = Language(
    "Lua",
    pattern_of(
        rf"(?:local{GAP})?function{GAP}(?P<function>[\w.:]+)",
        rf"(?:local{GAP})?(?P<function2>{DOTTED})[ \t]*=[ \t]*function\b",
    ),
    re.compile("|".join((r"--\[\[(?:[^\]]|\](?!\]))*(?:\]\]|\Z)", r"--[^\n]*", DOUBLE, SINGLE))),
    says_not("local"),
    indented=True,
    parameters="first",
)

_HEREDOC = r"<<-?[ \t]*['\"]?(?P<end>\w+)['\"]?[^\n]*\n(?:[^\n]*\n){0,120}?[ \t]*(?P=end)\b"
SHELL = Language(
    "shell",
    pattern_of(
        rf"(?:function{GAP}(?P<function>[\w:.-]+)|(?P<function2>[\w:.-]+)[ \t]*\(\))[ \t]*(?:\(\))?[ \t]*(?=\{{|\n)"
    ),
    re.compile("|".join((_HEREDOC, r"(?<![^\s;])#[^\n]*", r'"(?:[^"\\]|\\.)*"', r"'[^']*'"))),
    lambda _line, _name: False,
)

ELIXIR = Language(
    "Elixir",
    pattern_of(
        rf"(?:def|defp|defmacro|defmacrop){GAP}(?P<function>\w+[?!]?)",
        rf"(?:defmodule|defprotocol){GAP}(?P<type>{DOTTED})",
    ),
    re.compile("|".join((TRIPLE, HASH, DOUBLE))),
    says_not("defp", "defmacrop"),
    indented=True,
    triple_quotes=True,
    parameters="first",
)

R = Language(
    "R",
    re.compile(r"\n(?P<indent>)(?P<function>[A-Za-z.][\w.]*)[ \t]*(?:<-|=)[ \t]*function\b"),
    re.compile(HASH_NOISE),
    lambda _line, name: not name.startswith("."),
    parameters="first",
)
