"""Fields of stored and exchanged formats: protobuf, GraphQL, SQL tables, migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.symbols.languages import ending_of
from workers.analysis.symbols.mentions import Mention, mention
from workers.analysis.symbols.sides import SideText

SCHEMA_ENDINGS = frozenset(("proto", "graphql", "gql", "graphqls", "sql"))

_PROTO_OPEN = re.compile(r"\s*(message|enum|service|oneof|extend)\s+([\w.]+)\s*\{?")
_PROTO_FIELD = re.compile(
    r"\s*((?:optional|repeated|required)\s+)?(map\s*<[^>\n]*>|[\w.]+)\s+(\w+)\s*=\s*(\d+)\s*[;\[]"
)
_PROTO_VALUE = re.compile(r"\s*([A-Z]\w*)\s*=\s*(-?\d+|0x[\da-fA-F]+)\s*[;\[]")
_PROTO_RPC = re.compile(r"\s*rpc\s+(\w+)\s*\(([^)\n]*)\)\s*(?:returns\s*\(([^)\n]*)\))?")
_GRAPHQL_OPEN = re.compile(r"\s*(?:extend\s+)?(type|input|interface|enum)\s+(\w+)[^{\n]*\{")
_GRAPHQL_FIELD = re.compile(r"\s*(\w+)\s*(?:\([^)\n]*\))?\s*:\s*([\w\[\]!]+)")
_SQL_NAME = r"(?:[`\"\[]?\w+[`\"\]]?\.)?[`\"\[]?(\w+)[`\"\]]?"
_SQL_TABLE = re.compile(
    rf"(?i)\s*create\s+(?:temp(?:orary)?\s+)?table\s+(?:if\s+not\s+exists\s+)?{_SQL_NAME}\s*\(?\s*$"
)
_SQL_COLUMN = re.compile(
    r"(?i)\s*[`\"\[]?(?!(?:primary|foreign|unique|constraint|key|index|check|exclude|like|fulltext|partition)\b)(\w+)[`\"\]]?"
    r"\s+((?:bigint|int|integer|smallint|tinyint|serial|bigserial|varchar|char|text|bool|boolean|timestamp|timestamptz|datetime"
    r"|date|time|json|jsonb|uuid|decimal|numeric|float|double|real|blob|bytea|binary|varbinary|string|longtext|mediumtext)"
    r"\b[^\n]*)$"
)
_SQL_ACT = re.compile(
    rf"(?i)alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?{_SQL_NAME}\s+(add|drop)\s+(?:column\s+)(?:if\s+(?:not\s+)?exists\s+)?"
    r"[`\"\[]?(\w+)[`\"\]]?\s*([^,;\n]*)"
)
_SQL_DROP = re.compile(rf"(?i)drop\s+table\s+(?:if\s+exists\s+)?{_SQL_NAME}")
_DOWN = re.compile(r"(?i)--[^\n]*\b(?:migrate[: ]+down|rollback|goose down|\+migrate down|dbmate:down)|migrate:down")
_DOWN_FILE = re.compile(r"(?i)(?:^|[/._-])(?:down|rollback|undo)(?:[/._-])")
_ALEMBIC = re.compile(r"\bop\.(add|drop)_column\(\s*[\"'](\w+)[\"']\s*,\s*(?:sa\.Column\(\s*)?[\"'](\w+)[\"']")
_DJANGO = re.compile(
    r"migrations\.(Add|Remove)Field\(\s*model_name\s*=\s*[\"'](\w+)[\"']\s*,\s*name\s*=\s*[\"'](\w+)[\"']"
)
_RAILS = re.compile(r"^[ \t]*(add|remove)_column[ (]+:(\w+)\s*,\s*:(\w+)", re.MULTILINE)
_BACKWARDS = re.compile(r"\bdef\s+(upgrade|downgrade|up|down|change)\b")


def fields_in(side: SideText, path: str) -> Iterator[Mention]:
    """Fields (`Message.field`), types and RPCs of one side of a schema file."""
    ending = ending_of(path)
    if ending == "proto":
        yield from _proto(side, path)
    elif ending in ("graphql", "gql", "graphqls"):
        yield from _graphql(side, path)
    elif ending == "sql":
        yield from _tables(side, path)


def migration_facts(side: SideText, path: str) -> Iterator[Fact]:
    """What added lines of a migration do to a database: a DROP that is added removes a field.

    Steps that lead back (downgrade, down, rollback) are left out.
    """
    if side.side != "new" or _DOWN_FILE.search(path):
        return
    forward = side.text if ending_of(path) != "sql" else _DOWN.split(side.text, maxsplit=1)[0]
    for pattern in _MIGRATIONS.get(ending_of(path), ()):
        for found in pattern.finditer(forward):
            first, last = side.index_at(found.start()), side.index_at(found.end() - 1)
            if side.changed[first] and not _leads_back(forward, found.start()):
                yield _act(side, path, found, first, last)
    if ending_of(path) == "sql":
        for found in _SQL_DROP.finditer(forward):
            index = side.index_at(found.start())
            if side.changed[index] and not re.search(r"(?i)create\s+table", forward):
                yield Fact(
                    thing=Thing.TYPE,
                    deed=Deed.REMOVED,
                    name=found[1],
                    path=path,
                    public=True,
                    evidence=(side.evidence(path, index),),
                )


def _act(side: SideText, path: str, found: re.Match[str], first: int, last: int) -> Fact:
    table, verb, column = (found[1], found[2], found[3]) if found.re is _SQL_ACT else (found[2], found[1], found[3])
    added = verb.lower() == "add"
    return Fact(
        thing=Thing.FIELD,
        deed=Deed.ADDED if added else Deed.REMOVED,
        name=f"{table}.{column}",
        path=path,
        public=True,
        new=(found[4].strip() or None) if added and found.re is _SQL_ACT else None,
        evidence=(side.evidence(path, first, last),),
    )


def _leads_back(text: str, at: int) -> bool:
    steps = _BACKWARDS.findall(text[:at])
    return bool(steps) and steps[-1] in ("downgrade", "down")


_MIGRATIONS = {"sql": (_SQL_ACT,), "py": (_ALEMBIC, _DJANGO), "rb": (_RAILS,)}


def _scoped(side: SideText, opens: re.Pattern[str]) -> Iterator[tuple[int, str, str, str, str]]:
    """Per line its index, its text without comment, and what encloses it: kind, name; "" where the hunk shows none."""
    head = opens.match(side.header)
    stack = [(head[1], head[2])] if head else []
    for index, line in enumerate(side.lines):
        code = re.split(r"//|#|\"\"\"", line, maxsplit=1)[0]
        kind, name = stack[-1] if stack else ("", "")
        opened = opens.match(code)
        yield index, code, kind, name, opened[2] if opened else ""
        if opened is not None and code.count("{") >= code.count("}"):
            kept = (kind, name) if opened[1] == "oneof" else (opened[1], f"{name}.{opened[2]}" if name else opened[2])
            stack.append(kept)
        elif "}" in code and "{" not in code and stack:
            stack.pop()


def _proto(side: SideText, path: str) -> Iterator[Mention]:
    for index, code, kind, within, opened in _scoped(side, _PROTO_OPEN):
        at = (side.offset_of(index), side.offset_of(index))
        prefix = f"{within}." if within else ""
        field, value, rpc = _PROTO_FIELD.match(code), _PROTO_VALUE.match(code), _PROTO_RPC.match(code)
        if opened and "oneof" not in code:
            yield mention(side, path, Thing.TYPE, prefix + opened, at)
        elif rpc is not None:
            yield mention(side, path, Thing.ROUTE, f"rpc {prefix}{rpc[1]}", at, f"({rpc[2]}) returns ({rpc[3] or ''})")
        elif field is not None and field[2] not in ("option", "reserved", "syntax", "package"):
            text = f"{field[1] or ''}{field[2]} = {field[4]}"
            yield mention(side, path, Thing.FIELD, prefix + field[3], at, " ".join(text.split()))
        elif value is not None and kind in ("enum", ""):
            yield mention(side, path, Thing.FIELD, prefix + value[1], at, value[2])


def _graphql(side: SideText, path: str) -> Iterator[Mention]:
    for index, code, _kind, within, opened in _scoped(side, _GRAPHQL_OPEN):
        at = (side.offset_of(index), side.offset_of(index))
        field = _GRAPHQL_FIELD.match(code)
        if opened:
            yield mention(side, path, Thing.TYPE, opened, at)
        elif field is not None and within:
            yield mention(side, path, Thing.FIELD, f"{within}.{field[1]}", at, field[2])


def _tables(side: SideText, path: str) -> Iterator[Mention]:
    table = ""
    for index, line in enumerate(side.lines):
        found, column = _SQL_TABLE.match(line), _SQL_COLUMN.match(line)
        at = (side.offset_of(index), side.offset_of(index))
        if found is not None:
            table = found[1]
            yield mention(side, path, Thing.TYPE, table, at)
        elif ";" in line or line.strip().startswith(")"):
            table = ""
        elif column is not None and table:
            yield mention(
                side,
                path,
                Thing.FIELD,
                f"{table}.{column[1]}",
                at,
                " ".join(column[2].partition("--")[0].split()).rstrip(","),
            )
