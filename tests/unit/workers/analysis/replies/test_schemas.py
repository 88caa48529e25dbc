from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from workers.analysis.replies.drafts import schema_of
from workers.analysis.replies.highlights import highlights_schema
from workers.analysis.replies.notes import notes_schema
from workers.analysis.replies.repairs import repairs_schema
from workers.model import Tier

SCHEMAS = [*map(schema_of, Tier), notes_schema(), repairs_schema(), highlights_schema()]
KEYWORDS = {"type", "properties", "required", "additionalProperties", "items", "enum", "$ref", "$defs"}


def nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    for child in (*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()):
        yield from nodes(child)
    if "items" in schema:
        yield from nodes(schema["items"])


@pytest.mark.parametrize("schema", SCHEMAS)
def test_schemas_are_strict_and_use_no_exotic_keyword(schema):
    for node in nodes(schema):
        assert node.keys() <= KEYWORDS
        if node.get("type") == "object":
            assert node["required"] == list(node["properties"])
            assert node["additionalProperties"] is False
        assert node.get("$ref", "#/$defs/statement") == "#/$defs/statement"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_a_schema_refers_to_is_in_it(schema):
    if any("$ref" in node for node in nodes(schema)):
        assert "statement" in schema["$defs"]


def test_tier_kinds_side_dimension_and_audience_are_closed_lists():
    enums = [node["enum"] for node in nodes(schema_of(Tier.HIGH)) if "enum" in node]
    assert ["high", "medium", "low"] in enums
    assert ["new", "old"] in enums
    assert {len(enum) for enum in enums} == {2, 3, 5, 7, 14}
