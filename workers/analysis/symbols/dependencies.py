"""Dependencies that manifests name, with their version constraints, and how far a version moved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

from workers.analysis.facts import Thing
from workers.analysis.symbols.mentions import Mention
from workers.analysis.symbols.sides import SideText

Step = Literal["major", "minor", "patch"]

ENTRY_LIMIT = 400  # characters of a manifest's line that are looked at

_NUMBERS = re.compile(r"\d+(?:\.\d+)*")
_VERSION_LIKE = re.compile(
    r"\s*(?:[\^~><=!v*]+\s*)?\d[\w.*+-]*|\*$|latest$|(?:workspace|npm|catalog|file|link|git\S*|https?):"
)
_PYTHON_NAME = r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?"
_REQUIREMENT = re.compile(rf"({_PYTHON_NAME})\s*(?:\[[^\]\n]*\])?\s*((?:[<>=!~]=?=?|@)\s*[^;#]*)?(?:[;#].*)?$")
_QUOTED = re.compile(r"\"([^\"\n]*)\"|'([^'\n]*)'")
_TOML_SECTION = re.compile(r"\[\[?([^\]\n]+)\]\]?")
_TOML_ENTRY = re.compile(r"(?P<key>[\w.\"'-]+)\s*=\s*(?P<value>\S.*)$")
_TOML_VERSION = re.compile(
    r"\bversion\s*=\s*\"([^\"]*)\"|\b(?:git|path|workspace|rev|tag|branch)\s*=\s*(\"[^\"]*\"|true)"
)
_JSON_ENTRY = re.compile(r"([ \t]*)\"([^\"\n]+)\"[ \t]*:[ \t]*(\"([^\"\n]*)\"|[\[{]?)")
_JSON_NOT = frozenset(("version", "name", "main", "type", "license", "packageManager", "description", "id"))
_JSON_SECTION = re.compile(
    r"(?i)dependencies$|^require(?:-dev)?$|^resolutions$|^overrides$|^engines$|^imports$|catalogs?$"
)
_GO = re.compile(
    r"(?:require\s+)?([a-z0-9][\w.-]*\.[a-z]{2,}(?:/[\w.~-]+)*|gopkg\.in/\S+)\s+(v\d\S*)\s*(//\s*indirect)?"
)
_GO_VERSION = re.compile(r"go\s+(\d+\.\d+\S*)")
_GRADLE = re.compile(r"\b[a-z]\w*(?:\s+|\s*\(\s*(?:platform\(\s*)?)[\"']([\w.-]+:[\w.-]+)(?::([^\"'\n@]+))?[\"']")
_GRADLE_PLUGIN = re.compile(r"\bid[\s(]+[\"']([\w.-]+)[\"']\)?\s+version\s+[\"']([^\"'\n]+)[\"']")
_GEM = re.compile(
    r"(?:gem|\w+\.add_(?:runtime_|development_)?dependency)[\s(]+[\"']([\w-]+)[\"'](?:\s*,\s*[\"']([^\"'\n]+)[\"'])?"
)
_MIX = re.compile(r"\{\s*:(\w+)\s*,\s*\"([^\"\n]+)\"")
_PUB = re.compile(r"  (\w+):\s*([\^~><=]*\d\S*)\s*$")
_NUGET = re.compile(
    r"<(?:PackageReference|PackageVersion)\s+(?:Include|Update)=\"([^\"\n]+)\"(?:\s+Version=\"([^\"\n]+)\")?"
)
_XML = re.compile(r"<(/?)([\w.-]+)>(?:([^<\n]*)</\2>)?")
_POM_BLOCKS = frozenset(("dependency", "plugin", "parent", "extension"))
_ACTION = re.compile(r"\s*(?:-\s+)?uses:\s*[\"']?([\w.-]+/[\w./-]+)@([^\s\"'#]+)(?:\s*#\s*(\S+))?")
_IMAGE = re.compile(r"FROM\s+(?:--\S+\s+)?([\w./${}-]+?)(?::([\w.-]+))?(?:@\S+)?(?:\s+[Aa][Ss]\s+\S+)?\s*$")
_PYPROJECT_PLACES = re.compile(
    r"(?:^|\.)(?:[\w-]*dependencies|dependency-groups|optional-dependencies|requires?|build-system)(?:\.|$)"
)

Entry = tuple[str, str | None]
LineReader = Callable[[SideText], Iterator[tuple[int, str, str | None]]]


def version_step(old: str | None, new: str | None) -> Step | None:
    """How far a version went, by the first number each constraint names; None where that cannot be told.

    As package managers read it, the first number that is not zero is the major one: 0.4 to 0.5 is a major step. The
    direction does not matter.
    """
    if not old or not new:
        return None
    found_old, found_new = _NUMBERS.search(old), _NUMBERS.search(new)
    if found_old is None or found_new is None:
        return None
    one, other = _numbers(found_old[0]), _numbers(found_new[0])
    if one == other:
        return None
    differs = next(at for at, (left, right) in enumerate(zip(one, other, strict=True)) if left != right)
    leading = 1 if one[0] == other[0] == 0 else 0
    steps: tuple[Step, ...] = ("major", "minor", "patch")
    return steps[min(max(differs - leading, 0), 2)]


def _numbers(text: str) -> tuple[int, ...]:
    parts = [int(part[:9]) for part in text.split(".")[:4]]
    return tuple(parts + [0] * (4 - len(parts)))


def dependencies_in(side: SideText, path: str) -> Iterator[Mention]:
    """The dependencies one side of a manifest names; the value is the constraint as written, None without one."""
    reader = _reader(path)
    if reader is None:
        return
    for index, name, version in reader(side):
        yield Mention(Thing.DEPENDENCY, name, path, side, index, index, version or None, public=True)


def is_manifest(path: str) -> bool:
    """Whether `dependencies_in` knows how to read the file."""
    return _reader(path) is not None


@lru_cache(maxsize=4096)
def _reader(path: str) -> LineReader | None:
    name = path.rpartition("/")[2].lower()
    for pattern, reader in _READERS:
        if pattern.search(name if "/" not in pattern.pattern else path):
            return reader
    return None


def _lines(side: SideText) -> Iterator[tuple[int, str]]:
    return ((index, line[:ENTRY_LIMIT]) for index, line in enumerate(side.lines))


def _requirements(side: SideText) -> Iterator[tuple[int, str, str | None]]:
    for index, line in _lines(side):
        found = None if line[:1] in ("#", "-", " ") else _REQUIREMENT.match(line.strip())
        if found is not None and line.strip():
            yield index, found[1], _clean(found[2])


def _clean(text: str | None) -> str | None:
    return text.strip().rstrip("\\").strip() if text else None


def _pyproject(side: SideText) -> Iterator[tuple[int, str, str | None]]:
    section, array = "", ""
    for index, line in _lines(side):
        stripped = line.strip()
        header = _TOML_SECTION.fullmatch(stripped.split("#")[0].strip())
        entry = _TOML_ENTRY.match(stripped)
        if header is not None:
            section, array = header[1], ""
        elif entry is not None and not stripped.startswith(('"', "'")):
            key, value = entry["key"].strip("\"'"), entry["value"]
            array = key if value.startswith("[") else ""
            if key == "requires-python":
                yield index, "python", value.split("#")[0].strip("\"' ")
            elif array:
                yield from _python_strings(index, value, _lists(section, array))
            elif section.endswith("dependencies"):
                yield index, key, _toml_version(value)
        elif stripped.startswith(('"', "'")):
            yield from _python_strings(index, stripped, _lists(section, array) if section or array else None)


def _lists(section: str, array: str) -> bool:
    return bool(_PYPROJECT_PLACES.search(f"{section}.{array}") or _PYPROJECT_PLACES.search(array))


def _python_strings(index: int, text: str, known: bool | None) -> Iterator[tuple[int, str, str | None]]:
    """Requirements among quoted strings. Where the hunk does not show the list's name, only those with a version."""
    if known is False:
        return
    for found in _QUOTED.finditer(text):
        requirement = _REQUIREMENT.fullmatch((found[1] or found[2] or "").strip())
        if requirement is not None and (known or (requirement[2] and re.search(r"\d", requirement[2]))):
            yield index, requirement[1], _clean(requirement[2])


def _setup(side: SideText) -> Iterator[tuple[int, str, str | None]]:
    for index, line in _lines(side):
        if "python_requires" in line:
            yield index, "python", line.partition("=")[2].strip(" ,\"'")
        else:
            yield from _python_strings(index, line, None)


def _toml_version(value: str) -> str | None:
    if value.startswith("{"):
        found = _TOML_VERSION.search(value)
        return (found[1] or found[0]) if found else None
    return value.partition("#")[0].strip().strip("\"'")


def _cargo(side: SideText) -> Iterator[tuple[int, str, str | None]]:
    section: str | None = None
    for index, line in _lines(side):
        header = _TOML_SECTION.match(line.strip()) if line.lstrip().startswith("[") else None
        if header is not None:
            section = header[1]
            continue
        entry = _TOML_ENTRY.match(line)
        if entry is None:
            continue
        key, value = entry["key"].strip("\"'"), entry["value"]
        if key == "rust-version" and section in (None, "package", "workspace.package"):
            yield index, "rust", value.strip("\"'")
        elif section is not None and section.endswith("dependencies"):
            yield index, key.removesuffix(".workspace"), _toml_version(value)
        elif section is None and key not in ("version", "edition", "name", "license", "default") and _is_cargo(value):
            yield index, key, _toml_version(value)


def _is_cargo(value: str) -> bool:
    return bool(re.match(r"\"[\^~=<>]*\d[\w.+-]*\"\s*(?:#.*)?$|\{[^\n]*\bversion\s*=\s*\"", value))


def _versions_toml(side: SideText) -> Iterator[tuple[int, str, str | None]]:
    for index, line in _lines(side):
        entry = _TOML_ENTRY.match(line)
        if entry is not None and re.search(r"\d", entry["value"]):
            yield index, entry["key"], _toml_version(entry["value"])


def _json(side: SideText) -> Iterator[tuple[int, str, str | None]]:
    """package.json, composer.json: sections by indentation where the hunk shows them, else by the look of the value."""
    stack: list[tuple[int, str]] = []
    for index, line in _lines(side):
        found = _JSON_ENTRY.match(line)
        if found is None:
            continue
        indent, key, text = len(found[1].expandtabs(2)), found[2], found[4]
        while stack and stack[-1][0] >= indent:
            stack.pop()
        if text is None:
            stack.append((indent, key))
        elif _is_json_dependency([name for _, name in stack], indent, key, text):
            yield index, key, text


def _is_json_dependency(within: list[str], indent: int, key: str, text: str) -> bool:
    if within:
        return any(_JSON_SECTION.search(name) for name in within)
    return indent > 2 and key not in _JSON_NOT and bool(_VERSION_LIKE.match(text))


def _go_mod(side: SideText) -> Iterator[tuple[int, str, str | None]]:
    for index, line in _lines(side):
        stripped = line.strip()
        found = _GO.match(stripped)
        toolchain = _GO_VERSION.match(stripped)
        if toolchain is not None:
            yield index, "go", toolchain[1]
        elif found is not None and not found[3]:
            yield index, found[1], found[2]


def _pom(side: SideText) -> Iterator[tuple[int, str, str | None]]:
    """`<artifactId>` with the `<version>` beside it, and properties that end in version. Not the project's own."""
    artifact: tuple[int, str] | None = None
    excluded = False
    for index, line in _lines(side):
        for closing, tag, text in _XML.findall(line):
            if tag == "exclusion":
                excluded = not closing
            elif tag in _POM_BLOCKS:
                if artifact is not None:
                    yield artifact[0], artifact[1], None
                artifact = None
            elif tag == "artifactId" and text and not excluded and _is_deep(line):
                artifact = (index, text.strip())
            elif tag == "version" and artifact is not None:
                yield index, artifact[1], text.strip()
                artifact = None
            elif tag not in ("modelVersion", "version") and text and tag.lower().endswith("version"):
                yield index, tag, text.strip()


def _is_deep(line: str) -> bool:
    """Whether a line of a pom.xml is indented as what is inside a block is, not as the project's own coordinates."""
    lead = line[: len(line) - len(line.lstrip())]
    return len(lead) > 4 or lead.count("\t") > 1


def _by_line(*patterns: re.Pattern[str]) -> LineReader:
    def read(side: SideText) -> Iterator[tuple[int, str, str | None]]:
        for index, line in _lines(side):
            for pattern in patterns:
                found = None if line.lstrip().startswith(("//", "#", "<!--")) else pattern.search(line)
                if found is not None:
                    yield index, found[1], found[2]

    return read


def _actions(side: SideText) -> Iterator[tuple[int, str, str | None]]:
    for index, line in _lines(side):
        found = _ACTION.match(line)
        if found is not None:
            yield index, found[1], found[3] if found[3] and re.match(r"v?\d", found[3]) else found[2]


_READERS: tuple[tuple[re.Pattern[str], LineReader], ...] = (
    (re.compile(r"^pyproject\.toml$"), _pyproject),
    (re.compile(r"requirements[^/]*\.(?:txt|in)$|(?:^|/)requirements/[^/]+\.(?:txt|in)$"), _requirements),
    (re.compile(r"^setup\.(?:py|cfg)$"), _setup),
    (re.compile(r"^(?:package|composer|deno|jsr|bower)\.jsonc?$"), _json),
    (re.compile(r"^go\.mod$"), _go_mod),
    (re.compile(r"^cargo\.toml$"), _cargo),
    (re.compile(r"^pom\.xml$"), _pom),
    (re.compile(r"\.versions\.toml$"), _versions_toml),
    (re.compile(r"\.gradle(?:\.kts)?$"), _by_line(_GRADLE, _GRADLE_PLUGIN)),
    (re.compile(r"^gemfile$|\.gemspec$"), _by_line(_GEM)),
    (re.compile(r"^mix\.exs$"), _by_line(_MIX)),
    (re.compile(r"^pubspec\.yaml$"), _by_line(_PUB)),
    (re.compile(r"\.(?:cs|fs|vb)proj$|^directory\.packages\.props$"), _by_line(_NUGET)),
    (re.compile(r"^dockerfile|\.dockerfile$|^containerfile$"), _by_line(_IMAGE)),
    (re.compile(r"\.github/.*\.ya?ml$|/action\.ya?ml$"), _actions),
)
