"""What code exposes to those who run it: options and subcommands of command lines, environment variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from workers.analysis.facts import Thing
from workers.analysis.symbols.calls import arguments_at, keyword, string_of
from workers.analysis.symbols.languages import ending_of
from workers.analysis.symbols.mentions import Mention, mention
from workers.analysis.symbols.sides import SideText

FINDS_PER_SIDE = 500  # places of one sort in one side of one hunk that are looked at; those beyond are not

_HINTS = (
    "add_argument",
    "ption(",
    "lag",
    "env",
    "ENV",
    "Env",
    "long",
    "_argument",
    "argv",
    "add_parser",
    "ommand(",
    "Use:",
)
_OPTION_CALL = re.compile(r"\b(?:add_argument|option|Option|addOption)(\()")
_DASHED = re.compile(r"(--[A-Za-z][\w-]*)")
_GO_FLAG = re.compile(
    r"\b(?:flag|flags|fs|f|flagSet|cmd\.Flags\(\)|\w*Flags\(\))\."
    r"(?:(?:String|Bool|Int|Int64|Uint|Uint64|Float64|Duration|StringSlice|StringArray|Count)(?:Var)?P?|VarP?)(\()"
)
_CLAP = re.compile(r"#\[(?:arg|clap|structopt)(\()(?=[^\n]*\blong\b|[^\n]*$)", re.MULTILINE)
_CLAP_FIELD = re.compile(r"\)\]\s*(?:(?:///|#\[)[^\n]*\n\s*){0,20}(?:pub(?:\([^)]*\))?\s+)?(\w+)\s*:")
_CLAP_LONG = re.compile(r"\.long\(\s*\"([\w-]+)\"")
_C_TABLE = re.compile(r"\{\s*\"([A-Za-z][\w-]*)\"\s*,\s*(?:no_argument|required_argument|optional_argument)\b")
_C_ARGV = re.compile(r"\bstr(?:n?case)?n?cmp\(\s*argv\[[^\]\n]*\]\s*,\s*\"(--[A-Za-z][\w-]*)")
_COMMAND = re.compile(r"\.add_parser\(\s*[\"']([\w-]+)[\"']|\.command\(\s*(?:name\s*=\s*)?[\"']([\w:-]+)[^\"'\n]*[\"']")
_CLICK_COMMAND = re.compile(r"@[\w.]+\.command\([^\n]*\)\s*(?:@[^\n]*\s*){0,30}?(?:async\s+)?def\s+(\w+)")
_COBRA = re.compile(r"\bUse:\s*\"([\w-]+)")
_ENVIRONMENT = re.compile(
    r"os\.environ(?:\.(?:get|setdefault|pop))?[\[(]\s*[\"'](?P<a>\w+)[\"']"
    r"|os\.getenv\(\s*[\"'](?P<b>\w+)[\"']"
    r"|(?:process|import\.meta)\.env(?:\.(?P<c>[A-Z]\w*)|\[[\"'](?P<d>\w+)[\"']\])"
    r"|os\.(?:Getenv|LookupEnv)\(\s*\"(?P<e>\w+)\""
    r"|\benv::var(?:_os)?\(\s*\"(?P<f>\w+)\""
    r"|\b(?:option_)?env!\(\s*\"(?P<g>\w+)\""
    r"|System\.getenv\(\s*\"(?P<h>\w+)\""
    r"|GetEnvironmentVariable\(\s*\"(?P<i>\w+)\""
    r"|\b(?:secure_)?getenv\(\s*[\"'](?P<j>\w+)[\"']"
    r"|\bENV(?:\.fetch\(|\[)\s*[\"'](?P<k>\w+)[\"']"
    r"|System\.(?:get|fetch)_env!?\(\s*\"(?P<l>\w+)\""
    r"|Sys\.getenv\(\s*\"(?P<m>\w+)\""
)
_DEFAULT_AFTER = re.compile(r"\s*,\s*([^,\n)\]]{1,120}?)\s*\)")
_COMPILE_TIME = ("CARGO_", "OUT_DIR", "TARGET")  # set by cargo for every build: nobody configures them
_BUNDLER_CONSTANTS = frozenset(("DEV", "PROD", "MODE", "SSR", "BASE_URL"))


def exposed_in(side: SideText, path: str) -> Iterator[Mention]:
    """Flags, subcommands and environment variables of one side; what stands in comments or strings is left out."""
    if not any(word in side.masked for word in _HINTS):
        return
    for one in _all(side, path):
        offset = side.offset_of(one.first)
        if side.masked[offset : offset + len(side.lines[one.first])].strip():
            yield one


def _all(side: SideText, path: str) -> Iterator[Mention]:
    text, ending = side.text, ending_of(path)
    if "ption(" in text or "add_argument" in text:
        yield from _option_calls(side, path)
    if ending == "go":
        yield from _go_flags(side, path)
    if ending == "rs":
        yield from _clap(side, path)
    if "argv" in text or "_argument" in text:
        yield from _c_flags(side, path)
    if "ommand(" in text or "add_parser" in text or "Use:" in text:
        yield from _commands(side, path)
    if "env" in text or "ENV" in text or "Env" in text:
        yield from _environment(side, path)


def _finds(pattern: re.Pattern[str], side: SideText) -> Iterator[re.Match[str]]:
    return islice(pattern.finditer(side.text), FINDS_PER_SIDE)


def _c_flags(side: SideText, path: str) -> Iterator[Mention]:
    for found in _finds(_C_TABLE, side):
        yield mention(side, path, Thing.FLAG, "--" + found[1], found.span())
    for found in _finds(_C_ARGV, side):
        yield mention(side, path, Thing.FLAG, found[1], found.span())


def _option_calls(side: SideText, path: str) -> Iterator[Mention]:
    """argparse, click, typer, optparse, commander, cac, picocli: the flags are strings among the first arguments."""
    for found in _finds(_OPTION_CALL, side):
        arguments, end = arguments_at(side.text, found.start(1))
        default = keyword(arguments, "default") or keyword(arguments, "defaultValue")
        for argument in arguments[:4]:
            text = string_of(argument.removeprefix("names").lstrip(" =")) if "-" in argument else None
            flag = _DASHED.search(text) if text and text.startswith("-") else None
            if flag is not None:
                yield mention(
                    side, path, Thing.FLAG, flag[1], (_place(side, argument, found.start(), end), end), default
                )
                break


def _place(side: SideText, argument: str, start: int, end: int) -> int:
    at = side.text.find(argument, start, end)
    return at if at >= 0 else start


def _go_flags(side: SideText, path: str) -> Iterator[Mention]:
    for found in _finds(_GO_FLAG, side):
        arguments, end = arguments_at(side.text, found.start(1))
        names = [at for at, argument in enumerate(arguments[:2]) if string_of(argument)]
        if not names:
            continue
        name = string_of(arguments[names[0]]) or ""
        after = names[0] + (2 if found[0].endswith("P(") else 1)
        default = arguments[after] if len(arguments) > after and "Var(" not in found[0][-5:] else None
        if re.fullmatch(r"[\w.-]+", name):
            yield mention(side, path, Thing.FLAG, "--" + name, (found.start(), end), default)


def _clap(side: SideText, path: str) -> Iterator[Mention]:
    for found in _finds(_CLAP, side):
        arguments, end = arguments_at(side.text, found.start(1))
        long = next((one for one in arguments if re.match(r"long\b", one)), None)
        name = re.search(r"\"([\w-]+)\"", long) if long else None
        owner = _CLAP_FIELD.match(side.text, end - 1)
        flag = name[1] if name else owner[1].replace("_", "-") if long and owner else None
        if flag is None:
            continue
        default = keyword(arguments, "default_value") or keyword(arguments, "default_value_t")
        yield mention(side, path, Thing.FLAG, "--" + flag, (found.start(), owner.end() if owner else end), default)
    for found in _finds(_CLAP_LONG, side):
        yield mention(side, path, Thing.FLAG, "--" + found[1], found.span())


def _commands(side: SideText, path: str) -> Iterator[Mention]:
    for found in _finds(_COMMAND, side):
        yield mention(side, path, Thing.COMMAND, found[1] or found[2], found.span())
    for found in _finds(_COBRA, side):
        yield mention(side, path, Thing.COMMAND, found[1], found.span())
    for found in _finds(_CLICK_COMMAND, side):
        if not re.search(r"[\"']", found[0].split("\n", 1)[0]):
            yield mention(side, path, Thing.COMMAND, found[1].replace("_", "-"), (found.start(1), found.end(1)))


def _environment(side: SideText, path: str) -> Iterator[Mention]:
    for found in _finds(_ENVIRONMENT, side):
        name = found[found.lastgroup or 0]
        if name.startswith(_COMPILE_TIME) or (found.lastgroup == "c" and name in _BUNDLER_CONSTANTS):
            continue
        default = _DEFAULT_AFTER.match(side.text, found.end())
        yield mention(side, path, Thing.ENVIRONMENT, name, found.span(), default[1] if default else None)
