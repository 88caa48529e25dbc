"""JSON schemas as OpenAI's strict mode takes them: what breaks its rules, and a value that obeys one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
KEYWORDS = frozenset(
    [
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "const",
        "anyOf",
        "$ref",
        "$defs",
        "title",
        "description",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
    ]
)
DEEPEST, MOST_PROPERTIES = 10, 5000

Schema = Mapping[str, Any]


def faults_of(schema: Schema) -> list[str]:
    """What strict mode refuses in a schema; nothing where it would take it."""
    found = list(_faults(schema, "", schema, 0))
    if schema.get("type") != "object":
        found.append("the root is no object")
    if _count(schema) > MOST_PROPERTIES:
        found.append("there are too many properties")
    return found


def example(schema: Schema, root: Schema | None = None) -> Any:
    """A plausible value of a schema: the first of an enum, one element in an array, a short sentence as text."""
    root = root if root is not None else schema
    if "$ref" in schema or "anyOf" in schema:
        return example(_referred(schema["$ref"], root) if "$ref" in schema else schema["anyOf"][0], root)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    if schema.get("type") == "object":
        return {name: example(inner, root) for name, inner in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [example(schema["items"], root)] * max(1, schema.get("minItems", 1))
    number = schema.get("minimum", 1)
    return {"integer": number, "number": number, "boolean": True, "null": None}.get(schema["type"], "One sentence.")


def _faults(schema: Schema, at: str, root: Schema, depth: int) -> Iterator[str]:
    if depth > DEEPEST:
        yield f"{at}: too deep"
        return
    yield from (f"{at}: {word} is not supported" for word in schema if word not in KEYWORDS)
    if "$ref" in schema:
        _referred(schema["$ref"], root)
        return
    kinds = schema.get("type", [])
    yield from (
        f"{at}: there is no type {kind}" for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind not in TYPES
    )
    if kinds == "object":
        yield from _object_faults(schema, at)
    if kinds == "array" and "items" not in schema:
        yield f"{at}: an array without items"
    inner = {**schema.get("properties", {}), **{f"$defs/{name}": one for name, one in schema.get("$defs", {}).items()}}
    inner |= {f"anyOf/{number}": one for number, one in enumerate(schema.get("anyOf", []))}
    inner |= {"items": schema["items"]} if "items" in schema else {}
    for name, one in inner.items():
        yield from _faults(one, f"{at}/{name}", root, depth + (not name.startswith("$defs/")))


def _object_faults(schema: Schema, at: str) -> Iterator[str]:
    if schema.get("additionalProperties") is not False:
        yield f"{at}: additionalProperties is not false"
    if set(schema.get("required", [])) != set(schema.get("properties", {})):
        yield f"{at}: not every property is required"


def _referred(reference: str, root: Schema) -> Schema:
    found: Any = root
    for part in reference.removeprefix("#").strip("/").split("/"):
        found = found[part] if part else found
    return found  # type: ignore[no-any-return]


def _count(schema: Any) -> int:
    if isinstance(schema, Mapping):
        own = schema.get("properties")
        return (len(own) if isinstance(own, Mapping) else 0) + sum(_count(inner) for inner in schema.values())
    return sum(_count(inner) for inner in schema) if isinstance(schema, list) else 0
