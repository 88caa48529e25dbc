"""Which language a file is in, by its ending."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from workers.analysis.symbols import brace_languages as brace
from workers.analysis.symbols import script_languages as script
from workers.analysis.symbols.language import Language

_BY_ENDING: Mapping[str, Language] = {
    ending: language
    for language, endings in (
        (script.PYTHON, "py pyi"),
        (script.SCRIPT, "js mjs cjs jsx ts mts cts tsx vue svelte"),
        (brace.GO, "go"),
        (brace.RUST, "rs"),
        (brace.JAVA, "java"),
        (brace.KOTLIN, "kt kts"),
        (brace.SCALA, "scala"),
        (brace.CSHARP, "cs"),
        (brace.C, "c h"),
        (brace.CPP, "cc cpp cxx hh hpp hxx cu cuh inl"),
        (brace.OBJECTIVE_C, "m mm"),
        (script.RUBY, "rb rake"),
        (script.PHP, "php"),
        (brace.SWIFT, "swift"),
        (brace.DART, "dart"),
        (script.LUA, "lua"),
        (script.SHELL, "sh bash zsh"),
        (script.ELIXIR, "ex exs"),
        (script.R, "r"),
    )
    for ending in endings.split()
}
COMPONENT_ENDINGS = ("vue", "svelte")
HEADER_ENDINGS = ("h", "hh", "hpp", "hxx", "cuh", "inl")


@lru_cache(maxsize=4096)
def ending_of(path: str) -> str:
    """The lower-case ending of a path without its dot; "" where there is none."""
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def language_of(path: str) -> Language | None:
    """The language of a file by its ending; None where none is known."""
    return _BY_ENDING.get(ending_of(path))
