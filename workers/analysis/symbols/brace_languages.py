"""Declarations of the compiled languages: C and its relatives, Go, Rust, Java, C#, Kotlin, Scala, Swift, Dart."""

from __future__ import annotations

import re

from workers.analysis.symbols.language import (
    BACKTICK,
    BLOCK,
    C_NOISE,
    CHARACTER,
    DOUBLE,
    GAP,
    GENERIC,
    SINGLE,
    SLASHES,
    TRIPLE,
    Language,
    always,
    capital,
    no_underscore,
    pattern_of,
    says,
    says_not,
    words_of,
)

CONTROL = words_of(
    "if for while switch catch return else do try with new throw sizeof function typeof await case delete in of until "
    "synchronized using lock foreach when unless super this assert defined static_assert alignof decltype yield "
    "fixed checked unchecked nameof default elseif foreach match select goto continue break"
)
C_CONTROL = CONTROL | words_of("void int char long short unsigned signed float double bool struct union enum")

GO = Language(
    "Go",
    re.compile(
        r"\n(?P<indent>)(?:"
        rf"func{GAP}(?:\([ \t]*(?:\w+{GAP})?\*?(?P<receiver>\w+)(?:\[[^\]\n]*\])?[ \t]*\)[ \t]*)?(?P<function>\w+)"
        rf"|type{GAP}(?P<type>\w+)|(?:const|var){GAP}(?P<constant>\w+))"
    ),
    re.compile("|".join((BLOCK, SLASHES, DOUBLE, CHARACTER, BACKTICK))),
    capital,
    backticks=True,
    block_comments=True,
    generics="[",
    parameters="first",
)

_PUB = rf"(?:pub(?:\([^)\n]*\))?{GAP})?"
_RUST_PUBLIC = re.compile(r"\bpub\b(?!\()|\bmacro_rules!")
RUST = Language(
    "Rust",
    pattern_of(
        rf"(?=[pdcaufestmi]){_PUB}(?:default{GAP})?(?:const{GAP})?(?:async{GAP})?(?:unsafe{GAP})?"
        rf"(?:extern{GAP}(?:\"[^\"\n]*\"{GAP})?)?"
        rf"fn{GAP}(?P<function>\w+)",
        rf"{_PUB}(?:unsafe{GAP})?(?:(?:struct|enum|trait|union){GAP}(?P<type>\w+)|mod{GAP}(?P<type3>\w++)(?![ \t]*;))",
        rf"(?<![ \t]){_PUB}type{GAP}(?P<type2>\w+)",
        rf"{_PUB}(?:const|static){GAP}(?:mut{GAP})?(?P<constant>[A-Z]\w*)[ \t]*:",
        r"macro_rules![ \t]*(?P<function2>\w+)",
        rf"(?:unsafe{GAP})?impl\b(?:[^{{\n]{{0,300}}\bfor{GAP})?[ \t]*(?:<[^{{\n]{{0,300}}?>{GAP})?(?P<scope>[\w:]+)",
    ),
    re.compile("|".join((BLOCK, SLASHES, r'(?<!\w)r(#{0,3})"[\s\S]*?(?:"\1|\Z)', DOUBLE, CHARACTER))),
    lambda line, _name: _RUST_PUBLIC.search(line) is not None,
    block_comments=True,
)

_ANNOTATIONS = r"(?:@\w+(?:\.\w+)*(?:\([^)\n]*\))?[ \t]+)*"
_JAVA_WORDS = (
    rf"(?:(?:public|protected|private|static|final|abstract|synchronized|native|default|strictfp|sealed|non-sealed)"
    rf"{GAP})*+"
)
_TYPE_NAME = rf"[\w$][\w$.]*+(?:[ \t]*{GENERIC}[\w$.]*+)?+(?:\[\])*+(?:\.\.\.)?"
JAVA = Language(
    "Java",
    pattern_of(
        rf"{_ANNOTATIONS}{_JAVA_WORDS}(?:class|interface|@interface|enum|record){GAP}(?P<type>\w+)",
        rf"(?:(?:public|protected|private){GAP})?(?:static{GAP}final|final{GAP}static){GAP}{_TYPE_NAME}{GAP}"
        r"(?P<constant>\w+)[ \t]*=",
        rf"{_ANNOTATIONS}{_JAVA_WORDS}(?:{GENERIC}{GAP})?(?!(?:return|new|throw|else|case|assert|package|import|yield)\b)"
        rf"{_TYPE_NAME}{GAP}(?P<function>[\w$]+)[ \t]*(?=\()",
        rf"{_ANNOTATIONS}(?:public|protected|private){GAP}(?:{GENERIC}{GAP})?(?P<function2>[\w$]+)[ \t]*(?=\()",
        rf"{_ANNOTATIONS}{_JAVA_WORDS}(?!(?:return|new|throw|else|case|assert|do|try|finally)\b)"
        r"[\w$][\w$.<>, ?\[\]]*+\n[ \t]++(?P<function3>[\w$]+)[ \t]*(?=\()",
    ),
    re.compile(C_NOISE),
    says("public", "protected"),
    not_names=CONTROL,
    needs_body=frozenset({"function", "function2", "function3"}),
    block_comments=True,
    parameters="last",
)

_CSHARP_WORDS = (
    rf"(?:(?:public|protected|private|internal|static|readonly|abstract|virtual|override|async|sealed|partial|extern"
    rf"|unsafe|new|required|ref){GAP})*+"
)
CSHARP = Language(
    "C#",
    pattern_of(
        rf"{_CSHARP_WORDS}(?:class|interface|struct|enum|record(?:{GAP}(?:struct|class))?){GAP}(?P<type>\w+)",
        rf"(?:(?:public|protected|private|internal|static|new){GAP})*+(?:const|readonly){GAP}{_TYPE_NAME}\??{GAP}"
        r"(?P<constant>\w+)[ \t]*=",
        rf"{_CSHARP_WORDS}(?!(?:return|new|throw|else|case|await|using|yield|var|in|goto)\b)"
        rf"{_TYPE_NAME}\??{GAP}(?P<function>\w+)[ \t]*(?=[(<])",
        rf"(?:public|protected|private|internal){GAP}(?P<function2>\w+)[ \t]*(?=\()",
    ),
    re.compile(C_NOISE),
    says("public", "protected"),
    not_names=CONTROL,
    needs_body=frozenset({"function", "function2"}),
    block_comments=True,
    parameters="last",
)

KOTLIN = Language(
    "Kotlin",
    pattern_of(
        rf"{_ANNOTATIONS}(?:[a-z]+{GAP})*?fun{GAP}(?!interface\b)(?:<[^>\n]*>[ \t]*)?"
        r"(?:[\w<>?, ]+\.)?(?P<function>\w+)",
        rf"{_ANNOTATIONS}(?:[a-z]+{GAP})*?(?:class|interface|object|typealias){GAP}(?P<type>\w+)",
        rf"{_ANNOTATIONS}(?:[a-z]+{GAP})*?const{GAP}val{GAP}(?P<constant>\w+)",
    ),
    re.compile("|".join((BLOCK, SLASHES, TRIPLE, DOUBLE, CHARACTER))),
    says_not("private", "internal"),
    block_comments=True,
)

SCALA = Language(
    "Scala",
    pattern_of(
        rf"{_ANNOTATIONS}(?:[a-z]+(?:\[\w+\])?{GAP})*?def{GAP}(?P<function>[\w$]+)",
        rf"{_ANNOTATIONS}(?:[a-z]+(?:\[\w+\])?{GAP})*?(?:class|trait|object|enum){GAP}(?P<type>\w+)",
    ),
    re.compile("|".join((BLOCK, SLASHES, TRIPLE, DOUBLE, CHARACTER))),
    says_not("private"),
    block_comments=True,
    generics="[",
)

_C_TYPE = r"(?:[A-Za-z_]\w*(?:[ \t]+|[ \t]*\*+[ \t]*))+?"
_C_TYPE_LINE = r"[A-Za-z_]\w*(?:[ \t]+\w+|[ \t]*\*)*[ \t]*"
C = Language(
    "C",
    re.compile(
        r"\n(?P<indent>)(?:"
        rf"(?:typedef{GAP})?(?:struct|union|enum){GAP}(?:[A-Z_]+\([^)\n]*\){GAP})?(?P<type>\w+)[ \t]*(?=\{{|\n\{{)"
        r"|\}[ \t]*(?P<closing>\w+)[ \t]*;"
        rf"|#[ \t]*define{GAP}(?P<constant>\w+)(?=[ \t(\n])"
        rf"|typedef\b[^\n;{{}}]*\([ \t]*\*[ \t]*(?P<type2>\w+)[ \t]*\)[ \t]*\("
        rf"|typedef{GAP}[^\n;{{}}()]*\b(?P<type3>\w+)[ \t]*;"
        rf"|(?!(?:typedef|return|else|case|goto)\b){_C_TYPE}(?P<function>[A-Za-z_]\w*)[ \t]*(?=\()"
        rf"|(?!(?:typedef|return|else|case|goto|do)\b){_C_TYPE_LINE}\n(?P<function2>[A-Za-z_]\w*)[ \t]*(?=\())"
    ),
    re.compile(C_NOISE),
    says_not("static"),
    not_names=C_CONTROL,
    needs_body=frozenset({"function", "function2"}),
    block_comments=True,
    parameters="last",
)

_CPP_NAME = r"(?:\w+(?:<[^>\n]*>)?::)*~?\w+"
CPP = Language(
    "C++",
    pattern_of(
        rf"(?:template[ \t]*{GENERIC}[ \t]*)?(?:typedef{GAP})?(?:enum{GAP}class|class|struct|union|enum){GAP}"
        r"(?:[A-Z_]+(?:\([^)\n]*\))?[ \t]+)?(?P<type>\w+)(?=[ \t]*(?:final[ \t]*)?(?:\{|\n[ \t]*\{|:[^:]))",
        rf"namespace{GAP}(?P<scope>\w+)",
        rf"#[ \t]*define{GAP}(?P<constant>\w+)(?=[ \t(\n])",
        rf"(?!(?:typedef|return|else|case|goto|new|delete|throw|using|co_return)\b)"
        rf"(?:(?:::)?\w[\w:]*(?:{GENERIC}[\w:]*)?(?:[ \t]*[*&]+[ \t]*|{GAP}))+?(?P<function>{_CPP_NAME})[ \t]*(?=\()",
        r"(?<![ \t])(?P<function2>(?:\w+::)+~?\w+)[ \t]*(?=\()",
        rf"(?:virtual{GAP})?(?P<function3>~\w+)[ \t]*(?=\()",
    ),
    re.compile(C_NOISE),
    says_not("static"),
    not_names=C_CONTROL,
    needs_body=frozenset({"function", "function2", "function3"}),
    block_comments=True,
    parameters="last",
)

OBJECTIVE_C = Language(
    "Objective-C",
    re.compile(
        r"\n(?P<indent>)(?:[-+][ \t]*\([^)\n]*\)[ \t]*(?P<method>\w+)"
        rf"|@(?:interface|protocol){GAP}(?P<type>\w+)|@implementation{GAP}(?P<scope>\w+))"
    ),
    re.compile(C_NOISE),
    always,
    block_comments=True,
)

SWIFT = Language(
    "Swift",
    pattern_of(
        rf"{_ANNOTATIONS}(?:[a-z]+(?:\(set\))?{GAP})*?func{GAP}(?P<function>\w+)",
        rf"{_ANNOTATIONS}(?:[a-z]+{GAP})*?(?:class|struct|enum|protocol|actor|typealias){GAP}(?!func\b|var\b|let\b)(?P<type>\w+)",
        rf"{_ANNOTATIONS}(?:[a-z]+{GAP})*?extension{GAP}(?P<scope>\w+)",
    ),
    re.compile("|".join((BLOCK, SLASHES, TRIPLE, DOUBLE))),
    says("public", "open"),
    block_comments=True,
)

DART = Language(
    "Dart",
    pattern_of(
        rf"(?:(?:abstract|base|final|sealed|interface|mixin){GAP})*(?:class|mixin|enum|extension){GAP}(?P<type>\w+)",
        rf"(?:(?:static|external|override){GAP})*(?!(?:return|new|throw|else|await|case|yield)\b)"
        rf"{_TYPE_NAME}\??{GAP}(?P<function>\w+)[ \t]*(?=[(<])",
    ),
    re.compile("|".join((BLOCK, SLASHES, TRIPLE, DOUBLE, SINGLE))),
    no_underscore,
    not_names=CONTROL,
    needs_body=frozenset({"function"}),
    block_comments=True,
    parameters="last",
)
