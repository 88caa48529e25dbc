"""Both languages say the same things, and every error has its sentence."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from workers.words import LANGUAGES, load_words

ROOT = Path(__file__).parents[4]
ERRORS = {"WordsError", "RefusedError", "TransientError", "BrokenError", "PartialError", "DigestError"}
CATALOGUES = ["chatbot.views", "chatbot", "workers"]


def texts(package: str, language: str) -> dict[str, list[str]]:
    """The forms of every entry of a catalogue by its key."""
    table = tomllib.loads((files(package) / f"words.{language}.toml").read_text("utf-8"))
    return {key: list(forms) for key, forms in _entries(table, "")}


def _entries(table: dict, prefix: str) -> Iterator[tuple[str, list[str]]]:
    for name, entry in table.items():
        if isinstance(entry, str):
            yield prefix + name, [entry]
        elif "other" in entry:
            yield prefix + name, list(entry.values())
        else:
            yield from _entries(entry, f"{prefix}{name}.")


def places(forms: list[str]) -> set[str]:
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


@pytest.mark.parametrize("package", CATALOGUES)
def test_both_languages_have_the_same_keys(package):
    zh, en = (texts(package, language) for language in LANGUAGES)
    assert set(zh) == set(en)


NAMED_IN_ONE = {"date.day"}
"""A date is made of other parts in each language."""


@pytest.mark.parametrize("package", CATALOGUES)
def test_both_languages_have_the_same_places_in_each_sentence(package):
    zh, en = (texts(package, language) for language in LANGUAGES)
    differ = {key for key in en if places(zh[key]) != places(en[key])}
    assert differ <= NAMED_IN_ONE


def strings_of(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@cache
def sources() -> dict[Path, ast.Module]:
    paths = [path for package in ("chatbot", "workers") for path in (ROOT / package).rglob("*.py")]
    return {path: ast.parse(path.read_text("utf-8")) for path in paths}


def codes_made(tree: ast.Module, makers: set[str]) -> set[str]:
    """The codes in calls that make an error or a notice, and beside an error's class in a table."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
            code = node.args[:1] or [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            found |= strings_of(code[0]) if code and isinstance(code[0], ast.Constant) else set()
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[0], ast.Name):
            error, code = node.elts
            beside = error.id in makers or (error.id.endswith("Error") and makers is ERRORS)
            found |= strings_of(code) if beside and isinstance(code, ast.Constant) else set()
    return found


def made(makers: set[str]) -> dict[str, str]:
    """Every code that the sources make, and a file that does."""
    return {code: path.name for path, tree in sources().items() for code in codes_made(tree, makers)}


def test_the_search_for_codes_finds_them():
    tree = ast.parse(
        "raise WordsError('a')\nNotice(code='b', details={})\nT = ((OSError, 'c'), {4: (RefusedError, 'd')})"
    )
    assert codes_made(tree, ERRORS) == {"a", "c", "d"}
    assert codes_made(tree, {"Notice"}) == {"b"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_that_is_raised_anywhere_has_its_sentence(language):
    words = load_words("chatbot.views", language)
    codes = made(ERRORS)
    assert len(codes) > 20
    assert {code: name for code, name in codes.items() if not words.has(f"failure.{code}")} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_of_a_listing_has_its_sentence(language):
    words = load_words("workers", language)
    codes = made({"Notice"})
    assert "shallow_window" in codes
    assert {code: name for code, name in codes.items() if not words.has(f"problem.{code}")} == {}


def test_no_sentence_is_kept_for_a_code_that_nobody_raises():
    said = set().union(*(strings_of(tree) for tree in sources().values()))
    codes = {key.removeprefix("failure.") for key in texts("chatbot.views", "en") if key.startswith("failure.")}
    assert codes - said == set()
