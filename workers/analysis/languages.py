"""What declarations look like, per programming language: tables that `declarations.py` reads.

Patterns begin with the line end before a declaration (a literal, which the regex engine finds fast) and are searched
in text whose strings and comments are blanked out, after a line end put before it. No pattern has nested
unbounded repeats over the same characters, and lines are clipped before they get here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

from workers.analysis.facts import Thing

IsPublic = Callable[[str, str], bool]
"""Of a declaration's first line and its name: whether the language's conventions make it public."""

_DOUBLE = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
_SINGLE = r"'[^'\\\n]*(?:\\.[^'\\\n]*)*'"
_CHARACTER = r"'(?:[^'\\\n]|\\[^\n]{1,8}?)'"
_SLASHES = r"//[^\n]*"
_BLOCK = r"/\*[\s\S]*?(?:\*/|\Z)"
_HASH = r"#[^\n]*"
_BACKTICK = r"`[^`\\]*(?:\\[\s\S][^`\\]*)*(?:`|\Z)"
_TRIPLE = r'"""[\s\S]*?(?:"""|\Z)' + r"|'''[\s\S]*?(?:'''|\Z)"
_C_NOISE = "|".join((_BLOCK, _SLASHES, _DOUBLE, _CHARACTER))
_HASH_NOISE = "|".join((_HASH, _DOUBLE, _SINGLE))

_GAP = r"[ \t]+"
_PLAIN = r"[^<>;(){}\n]*"
_GENERIC = rf"<{_PLAIN}(?:<{_PLAIN}(?:<{_PLAIN}>{_PLAIN})*>{_PLAIN})*>"  # to a depth of 3, so that nothing backtracks
_DOTTED = r"[\w.]+"


@dataclass(frozen=True)
class Language:
    """How one language declares things.

    `pattern` has one alternative per form; the name of the group that matched tells the Thing (`function`, `method`,
    `type`, `constant`, with a digit where there are several; `scope` opens a container and is no Thing). `noise`
    matches strings and comments. `body` says what must follow the parameters of a function for it to be a
    definition: "brace" a `{`, "any" nothing. `indented` languages end a container by indentation, others by a brace.
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
    parameters: str = "colon"  # where a parameter's name is: "colon" before the colon, "first" word, "last" word
    hint: re.Pattern[str] | None = field(default=None)


THINGS: Mapping[str, Thing] = {
    "function": Thing.FUNCTION,
    "method": Thing.FUNCTION,
    "type": Thing.TYPE,
    "constant": Thing.CONSTANT,
}


def _pattern(*forms: str) -> re.Pattern[str]:
    return re.compile(r"\n(?P<indent>[ \t]*)(?:" + "|".join(forms) + ")")


def _no_underscore(_line: str, name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _says(*words: str) -> IsPublic:
    wanted = re.compile(r"\b(?:" + "|".join(words) + r")\b")
    return lambda line, _name: wanted.search(line) is not None


def _says_not(*words: str) -> IsPublic:
    says = _says(*words)
    return lambda line, name: not says(line, name)


def _capital(_line: str, name: str) -> bool:
    return name[:1].isupper()


def _either(_line: str, _name: str) -> bool:
    return True


_CONTROL = frozenset(
    "if for while switch catch return else do try with new throw sizeof function typeof await case delete in of until "
    "synchronized using lock foreach when unless super this assert defined static_assert alignof decltype yield "
    "fixed checked unchecked nameof default elseif foreach match select goto continue break".split()
)

_SCRIPT_CONTROL = frozenset(
    "if for while switch catch return else do try with new throw typeof await case delete in of super this function "
    "void yield import export let var const".split()
)
_C_CONTROL = _CONTROL | frozenset("void int char long short unsigned signed float double bool struct union enum".split())

_PYTHON = Language(
    "Python",
    _pattern(
        rf"(?:async{_GAP})?def{_GAP}(?P<function>\w+)",
        rf"class{_GAP}(?P<type>\w+)",
        rf"(?<![ \t])type{_GAP}(?P<type2>\w+)[ \t]*(?:\[[^\]\n]*\][ \t]*)?=",
        r"(?<![ \t])(?P<constant>_?[A-Z][A-Z0-9_]+)[ \t]*(?::[^=\n]+)?=(?!=)",
    ),
    re.compile("|".join((_TRIPLE, _HASH, _DOUBLE, _SINGLE))),
    _no_underscore,
    indented=True,
    triple_quotes=True,
    generics="[",
)

_EXPORT = rf"(?:export{_GAP})?(?:default{_GAP})?(?:declare{_GAP})?"
_JS_FUNCTION_VALUE = r"(?:async\b[ \t]*)?(?:function\b|(?=[(<])|[\w$]+[ \t]*=>)"
_SCRIPT_WORDS = (
    r"(?=(?:export|default|declare|async|function|abstract|class|interface|const|let|var|enum|namespace|type)\b)"
)
_SCRIPT = Language(
    "TypeScript",
    _pattern(
        rf"{_SCRIPT_WORDS}(?:{_EXPORT}(?:async{_GAP})?function\b[ \t]*\*?[ \t]*(?P<function>[\w$]+)"
        rf"|{_EXPORT}(?:abstract{_GAP})?(?:class|interface|(?:const{_GAP})?enum|namespace){_GAP}(?P<type>[\w$]+)"
        rf"|{_EXPORT}type{_GAP}(?P<type2>[\w$]+)[ \t]*(?=[=<\n])"
        rf"|(?<![ \t]){_EXPORT}(?:const|let|var){_GAP}(?P<function2>[\w$]+)[ \t]*(?::[^=\n]+)?=[ \t]*{_JS_FUNCTION_VALUE}"
        rf"|(?<![ \t])export{_GAP}(?:declare{_GAP})?(?:const|let|var){_GAP}(?P<constant>[\w$]+)"
        rf"|(?<![ \t])const{_GAP}(?P<constant2>[A-Z][A-Z0-9_]+)\b)",
        rf"(?:(?:public|private|protected|static|async|override|readonly|get|set|abstract){_GAP}|\*[ \t]*)*"
        r"(?P<method>#?[\w$]++)\??(?=[(<])",
    ),
    re.compile("|".join((_BLOCK, _SLASHES, _DOUBLE, _SINGLE, _BACKTICK))),
    _says("export", "public"),
    not_names=_SCRIPT_CONTROL,
    needs_body=frozenset({"method"}),
    backticks=True,
    block_comments=True,
)

_GO = Language(
    "Go",
    re.compile(
        r"\n(?P<indent>)(?:"
        rf"func{_GAP}(?:\([ \t]*(?:\w+{_GAP})?\*?(?P<receiver>\w+)(?:\[[^\]\n]*\])?[ \t]*\)[ \t]*)?(?P<function>\w+)"
        rf"|type{_GAP}(?P<type>\w+)|(?:const|var){_GAP}(?P<constant>\w+))"
    ),
    re.compile("|".join((_BLOCK, _SLASHES, _DOUBLE, _CHARACTER, _BACKTICK))),
    _capital,
    backticks=True,
    block_comments=True,
    generics="[",
    parameters="first",
)

_PUB = rf"(?:pub(?:\([^)\n]*\))?{_GAP})?"
_RUST_PUBLIC = re.compile(r"\bpub\b(?!\()|\bmacro_rules!")
_RUST = Language(
    "Rust",
    _pattern(
        rf"(?=[pdcaufestmi]){_PUB}(?:default{_GAP})?(?:const{_GAP})?(?:async{_GAP})?(?:unsafe{_GAP})?(?:extern{_GAP}(?:\"[^\"\n]*\"{_GAP})?)?"
        rf"fn{_GAP}(?P<function>\w+)",
        rf"{_PUB}(?:unsafe{_GAP})?(?:(?:struct|enum|trait|union){_GAP}(?P<type>\w+)|mod{_GAP}(?P<type3>\w++)(?![ \t]*;))",
        rf"(?<![ \t]){_PUB}type{_GAP}(?P<type2>\w+)",
        rf"{_PUB}(?:const|static){_GAP}(?:mut{_GAP})?(?P<constant>[A-Z]\w*)[ \t]*:",
        r"macro_rules![ \t]*(?P<function2>\w+)",
        rf"(?:unsafe{_GAP})?impl\b(?:[^{{\n]{{0,300}}\bfor{_GAP})?[ \t]*(?:<[^{{\n]{{0,300}}?>{_GAP})?(?P<scope>[\w:]+)",
    ),
    re.compile("|".join((_BLOCK, _SLASHES, r'(?<!\w)r(#{0,3})"[\s\S]*?(?:"\1|\Z)', _DOUBLE, _CHARACTER))),
    lambda line, _name: _RUST_PUBLIC.search(line) is not None,
    block_comments=True,
)

_ANNOTATIONS = r"(?:@\w+(?:\.\w+)*(?:\([^)\n]*\))?[ \t]+)*"
_JAVA_WORDS = (
    rf"(?:(?:public|protected|private|static|final|abstract|synchronized|native|default|strictfp|sealed|non-sealed)"
    rf"{_GAP})*+"
)
_TYPE_NAME = rf"[\w$][\w$.]*+(?:[ \t]*{_GENERIC}[\w$.]*+)?+(?:\[\])*+(?:\.\.\.)?"
_JAVA = Language(
    "Java",
    _pattern(
        rf"{_ANNOTATIONS}{_JAVA_WORDS}(?:class|interface|@interface|enum|record){_GAP}(?P<type>\w+)",
        rf"(?:(?:public|protected|private){_GAP})?(?:static{_GAP}final|final{_GAP}static){_GAP}{_TYPE_NAME}{_GAP}"
        r"(?P<constant>\w+)[ \t]*=",
        rf"{_ANNOTATIONS}{_JAVA_WORDS}(?:{_GENERIC}{_GAP})?(?!(?:return|new|throw|else|case|assert|package|import|yield)\b)"
        rf"{_TYPE_NAME}{_GAP}(?P<function>[\w$]+)[ \t]*(?=\()",
        rf"{_ANNOTATIONS}(?:public|protected|private){_GAP}(?:{_GENERIC}{_GAP})?(?P<function2>[\w$]+)[ \t]*(?=\()",
        rf"{_ANNOTATIONS}{_JAVA_WORDS}(?!(?:return|new|throw|else|case|assert|do|try|finally)\b)[\w$][\w$.<>, ?\[\]]*+\n[ \t]++"
        r"(?P<function3>[\w$]+)[ \t]*(?=\()",
    ),
    re.compile(_C_NOISE),
    _says("public", "protected"),
    not_names=_CONTROL,
    needs_body=frozenset({"function", "function2", "function3"}),
    block_comments=True,
    parameters="last",
)

_CSHARP_WORDS = (
    rf"(?:(?:public|protected|private|internal|static|readonly|abstract|virtual|override|async|sealed|partial|extern"
    rf"|unsafe|new|required|ref){_GAP})*+"
)
_CSHARP = Language(
    "C#",
    _pattern(
        rf"{_CSHARP_WORDS}(?:class|interface|struct|enum|record(?:{_GAP}(?:struct|class))?){_GAP}(?P<type>\w+)",
        rf"(?:(?:public|protected|private|internal|static|new){_GAP})*+(?:const|readonly){_GAP}{_TYPE_NAME}\??{_GAP}"
        r"(?P<constant>\w+)[ \t]*=",
        rf"{_CSHARP_WORDS}(?!(?:return|new|throw|else|case|await|using|yield|var|in|goto)\b)"
        rf"{_TYPE_NAME}\??{_GAP}(?P<function>\w+)[ \t]*(?=[(<])",
        rf"(?:public|protected|private|internal){_GAP}(?P<function2>\w+)[ \t]*(?=\()",
    ),
    re.compile(_C_NOISE),
    _says("public", "protected"),
    not_names=_CONTROL,
    needs_body=frozenset({"function", "function2"}),
    block_comments=True,
    parameters="last",
)

_KOTLIN = Language(
    "Kotlin",
    _pattern(
        rf"{_ANNOTATIONS}(?:[a-z]+{_GAP})*?fun{_GAP}(?:<[^>\n]*>[ \t]*)?(?:[\w<>?, ]+\.)?(?P<function>\w+)",
        rf"{_ANNOTATIONS}(?:[a-z]+{_GAP})*?(?:class|interface|object|typealias){_GAP}(?P<type>\w+)",
        rf"{_ANNOTATIONS}(?:[a-z]+{_GAP})*?const{_GAP}val{_GAP}(?P<constant>\w+)",
    ),
    re.compile("|".join((_BLOCK, _SLASHES, _TRIPLE, _DOUBLE, _CHARACTER))),
    _says_not("private", "internal"),
    block_comments=True,
)

_SCALA = Language(
    "Scala",
    _pattern(
        rf"{_ANNOTATIONS}(?:[a-z]+(?:\[\w+\])?{_GAP})*?def{_GAP}(?P<function>[\w$]+)",
        rf"{_ANNOTATIONS}(?:[a-z]+(?:\[\w+\])?{_GAP})*?(?:class|trait|object|enum){_GAP}(?P<type>\w+)",
    ),
    re.compile("|".join((_BLOCK, _SLASHES, _TRIPLE, _DOUBLE, _CHARACTER))),
    _says_not("private"),
    block_comments=True,
    generics="[",
)

_C_TYPE = r"(?:[A-Za-z_]\w*(?:[ \t]+|[ \t]*\*+[ \t]*))+?"
_C_TYPE_LINE = r"[A-Za-z_]\w*(?:[ \t]+\w+|[ \t]*\*)*[ \t]*"
_C = Language(
    "C",
    re.compile(
        r"\n(?P<indent>)(?:"
        rf"(?:typedef{_GAP})?(?:struct|union|enum){_GAP}(?:[A-Z_]+\([^)\n]*\){_GAP})?(?P<type>\w+)[ \t]*(?=\{{|\n\{{)"
        r"|\}[ \t]*(?P<closing>\w+)[ \t]*;"
        rf"|#[ \t]*define{_GAP}(?P<constant>\w+)(?=[ \t(\n])"
        rf"|typedef\b[^\n;{{}}]*\([ \t]*\*[ \t]*(?P<type2>\w+)[ \t]*\)[ \t]*\("
        rf"|typedef{_GAP}[^\n;{{}}()]*\b(?P<type3>\w+)[ \t]*;"
        rf"|(?!(?:typedef|return|else|case|goto)\b){_C_TYPE}(?P<function>[A-Za-z_]\w*)[ \t]*(?=\()"
        rf"|(?!(?:typedef|return|else|case|goto|do)\b){_C_TYPE_LINE}\n(?P<function2>[A-Za-z_]\w*)[ \t]*(?=\())"
    ),
    re.compile(_C_NOISE),
    _says_not("static"),
    not_names=_C_CONTROL,
    needs_body=frozenset({"function", "function2"}),
    block_comments=True,
    parameters="last",
)

_CPP_NAME = r"(?:\w+(?:<[^>\n]*>)?::)*~?\w+"
_CPP = Language(
    "C++",
    _pattern(
        rf"(?:template[ \t]*{_GENERIC}[ \t]*)?(?:typedef{_GAP})?(?:enum{_GAP}class|class|struct|union|enum){_GAP}"
        r"(?:[A-Z_]+(?:\([^)\n]*\))?[ \t]+)?(?P<type>\w+)(?=[ \t]*(?:final[ \t]*)?(?:\{|\n[ \t]*\{|:[^:]))",
        rf"namespace{_GAP}(?P<scope>\w+)",
        rf"#[ \t]*define{_GAP}(?P<constant>\w+)(?=[ \t(\n])",
        rf"(?!(?:typedef|return|else|case|goto|new|delete|throw|using|co_return)\b)"
        rf"(?:[\w:]+(?:{_GENERIC}[\w:]*)?(?:[ \t]*[*&]+[ \t]*|{_GAP}))+?(?P<function>{_CPP_NAME})[ \t]*(?=\()",
        r"(?<![ \t])(?P<function2>(?:\w+::)+~?\w+)[ \t]*(?=\()",
    ),
    re.compile(_C_NOISE),
    _says_not("static"),
    not_names=_C_CONTROL,
    needs_body=frozenset({"function", "function2"}),
    block_comments=True,
    parameters="last",
)

_OBJECTIVE_C = Language(
    "Objective-C",
    re.compile(
        r"^(?P<indent>)(?:[-+][ \t]*\([^)\n]*\)[ \t]*(?P<method>\w+)"
        rf"|@(?:interface|protocol){_GAP}(?P<type>\w+)|@implementation{_GAP}(?P<scope>\w+))"
    ),
    re.compile(_C_NOISE),
    _either,
    block_comments=True,
)

_RUBY = Language(
    "Ruby",
    _pattern(
        rf"(?:private{_GAP}|protected{_GAP})?def{_GAP}(?:self\.)?(?P<function>\w+[?!=]?)",
        rf"(?:class|module){_GAP}(?P<type>[\w:]+)",
        r"(?P<constant>[A-Z][A-Z0-9_]+)[ \t]*=(?![=~>])",
    ),
    re.compile(_HASH_NOISE),
    _says_not("private", "protected"),
    indented=True,
    parameters="first",
)

_PHP = Language(
    "PHP",
    _pattern(
        rf"(?:(?:public|protected|private|static|abstract|final){_GAP})*function{_GAP}&?(?P<function>\w+)",
        rf"(?:(?:abstract|final|readonly){_GAP})*(?:class|interface|trait|enum){_GAP}(?P<type>\w+)",
        rf"(?:(?:public|protected|private|final){_GAP})*const{_GAP}(?:\w+{_GAP})?(?P<constant>[A-Z]\w*)[ \t]*=",
    ),
    re.compile("|".join((_BLOCK, _SLASHES, _DOUBLE, _SINGLE, r"#(?!\[)[^\n]*"))),
    _says_not("private", "protected"),
    block_comments=True,
    parameters="last",
)

_SWIFT = Language(
    "Swift",
    _pattern(
        rf"{_ANNOTATIONS}(?:[a-z]+(?:\(set\))?{_GAP})*?func{_GAP}(?P<function>\w+)",
        rf"{_ANNOTATIONS}(?:[a-z]+{_GAP})*?(?:class|struct|enum|protocol|actor|typealias){_GAP}(?!func\b|var\b|let\b)(?P<type>\w+)",
        rf"{_ANNOTATIONS}(?:[a-z]+{_GAP})*?extension{_GAP}(?P<scope>\w+)",
    ),
    re.compile("|".join((_BLOCK, _SLASHES, _TRIPLE, _DOUBLE))),
    _says("public", "open"),
    block_comments=True,
)

_DART = Language(
    "Dart",
    _pattern(
        rf"(?:(?:abstract|base|final|sealed|interface|mixin){_GAP})*(?:class|mixin|enum|extension){_GAP}(?P<type>\w+)",
        rf"(?:(?:static|external|override){_GAP})*(?!(?:return|new|throw|else|await|case|yield)\b)"
        rf"{_TYPE_NAME}\??{_GAP}(?P<function>\w+)[ \t]*(?=[(<])",
    ),
    re.compile("|".join((_BLOCK, _SLASHES, _TRIPLE, _DOUBLE, _SINGLE))),
    _no_underscore,
    not_names=_CONTROL,
    needs_body=frozenset({"function"}),
    block_comments=True,
    parameters="last",
)

_LUA = Language(
    "Lua",
    _pattern(
        rf"(?:local{_GAP})?function{_GAP}(?P<function>[\w.:]+)",
        rf"(?:local{_GAP})?(?P<function2>{_DOTTED})[ \t]*=[ \t]*function\b",
    ),
    re.compile("|".join((r"--\[\[(?:[^\]]|\](?!\]))*(?:\]\]|\Z)", r"--[^\n]*", _DOUBLE, _SINGLE))),
    _says_not("local"),
    indented=True,
    parameters="first",
)

_HEREDOC = r"<<-?[ \t]*['\"]?(?P<end>\w+)['\"]?[^\n]*\n(?:[^\n]*\n){0,120}?[ \t]*(?P=end)\b"
_SHELL = Language(
    "shell",
    _pattern(rf"(?:function{_GAP}(?P<function>[\w:.-]+)|(?P<function2>[\w:.-]+)[ \t]*\(\))[ \t]*(?:\(\))?[ \t]*(?=\{{|\n)"),
    re.compile("|".join((_HEREDOC, r"(?<![^\s;])#[^\n]*", r'"(?:[^"\\]|\\.)*"', r"'[^']*'"))),
    _no_underscore,
)

_ELIXIR = Language(
    "Elixir",
    _pattern(
        rf"(?:def|defp|defmacro|defmacrop){_GAP}(?P<function>\w+[?!]?)",
        rf"(?:defmodule|defprotocol){_GAP}(?P<type>{_DOTTED})",
    ),
    re.compile("|".join((_TRIPLE, _HASH, _DOUBLE))),
    _says_not("defp", "defmacrop"),
    indented=True,
    triple_quotes=True,
    parameters="first",
)

_R = Language(
    "R",
    re.compile(r"\n(?P<indent>)(?P<function>[A-Za-z.][\w.]*)[ \t]*(?:<-|=)[ \t]*function\b"),
    re.compile(_HASH_NOISE),
    lambda _line, name: not name.startswith("."),
    parameters="first",
)

_BY_ENDING: Mapping[str, Language] = {
    ending: language
    for language, endings in (
        (_PYTHON, "py pyi"),
        (_SCRIPT, "js mjs cjs jsx ts mts cts tsx vue svelte"),
        (_GO, "go"),
        (_RUST, "rs"),
        (_JAVA, "java"),
        (_KOTLIN, "kt kts"),
        (_SCALA, "scala"),
        (_CSHARP, "cs"),
        (_C, "c h"),
        (_CPP, "cc cpp cxx hh hpp hxx cu cuh inl"),
        (_OBJECTIVE_C, "m mm"),
        (_RUBY, "rb rake"),
        (_PHP, "php"),
        (_SWIFT, "swift"),
        (_DART, "dart"),
        (_LUA, "lua"),
        (_SHELL, "sh bash zsh"),
        (_ELIXIR, "ex exs"),
        (_R, "r"),
    )
    for ending in endings.split()
}
COMPONENT_ENDINGS = ("vue", "svelte")
HEADER_ENDINGS = ("h", "hh", "hpp", "hxx", "cuh", "inl")


@cache
def language_of_ending(ending: str) -> Language | None:
    """The language of a lower-case file ending without its dot; None where none is known."""
    return _BY_ENDING.get(ending)


@lru_cache(maxsize=4096)
def ending_of(path: str) -> str:
    """The lower-case ending of a path without its dot; "" where there is none."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def language_of(path: str) -> Language | None:
    """The language of a file by its ending; None where none is known."""
    return language_of_ending(ending_of(path))
