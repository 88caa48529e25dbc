"""The functions and types that a whole file declares, by a real parser: the yardstick of bench/symbols.py.

Python by `ast`; languages of GRAMMARS by tree-sitter where its wheels are installed; the rest by universal-ctags.
"""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

Names = Counter[tuple[str, str]]


class Node(Protocol):
    """What is used of a tree-sitter node."""

    type: str
    text: bytes
    children: list[Node]
    parent: Node
    start_point: tuple[int, int]

    def child_by_field_name(self, name: str) -> Node | None: ...


class Parser(Protocol):
    def parse(self, text: bytes) -> Tree: ...


class Tree(Protocol):
    root_node: Node


def words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


GRAMMARS = {
    **dict.fromkeys(("ts", "mts", "cts"), ("tree_sitter_typescript", "language_typescript")),
    **dict.fromkeys(("tsx", "jsx"), ("tree_sitter_typescript", "language_tsx")),
    **dict.fromkeys(("js", "mjs", "cjs"), ("tree_sitter_javascript", "language")),
    "rs": ("tree_sitter_rust", "language"),
    "java": ("tree_sitter_java", "language"),
    "go": ("tree_sitter_go", "language"),
    "cs": ("tree_sitter_c_sharp", "language"),
    **dict.fromkeys(("c", "h"), ("tree_sitter_c", "language")),
    **dict.fromkeys(("cc", "cpp", "cxx", "hh", "hpp", "hxx"), ("tree_sitter_cpp", "language")),
}
FUNCTIONS = words_of(
    "function_declaration generator_function_declaration function_signature method_definition method_signature "
    "abstract_method_signature method_declaration constructor_declaration annotation_type_element_declaration "
    "function_item function_signature_item macro_definition function_definition local_function_statement "
    "destructor_declaration compact_constructor_declaration"
)
TYPES = words_of(
    "class_declaration abstract_class_declaration interface_declaration enum_declaration type_alias_declaration "
    "internal_module record_declaration annotation_type_declaration struct_item enum_item trait_item union_item "
    "mod_item type_item type_spec type_alias struct_declaration struct_specifier union_specifier enum_specifier "
    "class_specifier type_definition"
)
VALUES = frozenset(("arrow_function", "function_expression", "generator_function"))
RUST_TOKENS = re.compile(rb"\b(fn|struct|enum|trait|mod)\s+(\w+)(?!\s*;)")
CPP_WORDS = re.compile(rb"^\s*(?:template\s*<|namespace\b|class\s+\w+)", re.MULTILINE)
CTAGS = ["ctags", "-x", "--kinds-C=+p", "--kinds-C++=+p"]
UNKNOWN_TO_CTAGS = frozenset(("vue", "svelte", "swift", "dart", "scala"))
CTAGS_FUNCTIONS = words_of("function method func getter setter prototype subroutine singletonMethod")
CTAGS_TYPES = words_of("class struct interface enum union trait typedef alias type module namespace object")


def names_of(texts: dict[str, bytes]) -> dict[str, Names | None]:
    """The names of each text, keyed by paths; None where the parser cannot read it."""
    found: dict[str, Names | None] = {}
    others: dict[str, bytes] = {}
    for key, text in texts.items():
        ending = key.rpartition(".")[2].lower()
        if ending == "h" and CPP_WORDS.search(text):
            ending = "hpp"
        if ending in ("py", "pyi"):
            found[key] = python_names(text)
        elif ending in GRAMMARS and (parser := parser_of(ending)) is not None:
            found[key] = tree_names(parser.parse(text).root_node, ending)
        elif ending not in UNKNOWN_TO_CTAGS:
            others[key] = text
    return found | ctags_names(others)


def python_names(text: bytes) -> Names | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    names: Names = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names["function", node.name] += 1
        elif isinstance(node, ast.ClassDef):
            names["type", node.name] += 1
    return names


@cache
def parser_of(ending: str) -> Parser | None:
    """A tree-sitter parser, or None where the wheels are not installed."""
    module, function = GRAMMARS[ending]
    try:
        tree_sitter = importlib.import_module("tree_sitter")
        grammar = importlib.import_module(module)
    except ImportError:
        return None
    parser: Parser = tree_sitter.Parser(tree_sitter.Language(getattr(grammar, function)()))
    return parser


def tree_names(root: Node, ending: str) -> Names:
    names: Names = Counter()
    for node in walk(root):
        if node.type == "token_tree" and (node.parent is None or node.parent.type != "token_tree"):
            for word, name in RUST_TOKENS.findall(node.text):
                names["function" if word == b"fn" else "type", name.decode("utf-8", "replace")] += 1
        entry = named(node, ending)
        if entry is not None:
            names[entry] += 1
    return names


def walk(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children


def named(node: Node, ending: str) -> tuple[str, str] | None:
    if node.type in FUNCTIONS or is_prototype(node, ending):
        thing = "function"
    elif node.type in TYPES and not is_reference(node):
        thing = "type"
    elif node.type == "variable_declarator" and is_function_value(node):
        thing = "function"
    else:
        return None
    name = node.child_by_field_name("name") or innermost(node.child_by_field_name("declarator"))
    if name is None:
        return None
    words = re.findall(r"~?[\w$]+", name.text.decode("utf-8", "replace").rpartition("::")[2])
    return (thing, words[-1]) if words else None


def innermost(node: Node | None) -> Node | None:
    while node is not None and (inner := node.child_by_field_name("declarator")) is not None:
        node = inner
    return node


def is_prototype(node: Node, ending: str) -> bool:
    if node.type not in ("declaration", "field_declaration") or ending not in ("h", "hh", "hpp", "hxx"):
        return False
    inner = node.child_by_field_name("declarator")
    while inner is not None and inner.type in ("pointer_declarator", "reference_declarator"):
        inner = inner.child_by_field_name("declarator") or (inner.children[-1] if inner.children else None)
    return inner is not None and inner.type == "function_declarator"


def is_reference(node: Node) -> bool:
    """`struct name x;` and `mod name;` mention a type and do not declare it; nor does an associated type of Rust."""
    if node.type in ("struct_specifier", "union_specifier", "enum_specifier", "class_specifier", "mod_item"):
        return node.child_by_field_name("body") is None
    return node.type == "type_item" and node.start_point[1] > 0


def is_function_value(node: Node) -> bool:
    value = node.child_by_field_name("value")
    outer = node.parent.parent
    return (
        value is not None
        and value.type in VALUES
        and outer is not None
        and outer.type in ("program", "export_statement")
    )


def ctags_names(texts: dict[str, bytes]) -> dict[str, Names]:
    names: dict[str, Names] = {key: Counter() for key in texts}
    if not texts:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        places = {}
        for number, (key, text) in enumerate(texts.items()):
            place = Path(folder, f"{number}.{key.rpartition('.')[2]}")
            place.write_bytes(text)
            places[str(place)] = key
        command = [*CTAGS, "--_xformat=%F\t%K\t%N", *places]
        for line in (
            subprocess.run(command, capture_output=True, check=True).stdout.decode("utf-8", "replace").split("\n")
        ):
            place_name, _, rest = line.partition("\t")
            kind, _, name = rest.partition("\t")
            thing = "function" if kind in CTAGS_FUNCTIONS else "type" if kind in CTAGS_TYPES else None
            if thing and place_name in places and "nonymous" not in name and not name.startswith("__anon"):
                names[places[place_name]][thing, name] += 1
    return names
