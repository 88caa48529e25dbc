"""A conversation with a real model behind a real server: streamed, counted, with tools offered."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from tests.model.test_plumbing import SCHEMA, endpoint, estimate
from workers.analysis.llm.llm import Llm
from workers.analysis.llm.slots import LocalSlots
from workers.analysis.llm.talk import Again, Opening, Piece, Tool, Turned, Words
from workers.analysis.llm.values import Usage

TOOL = Tool(
    name="read_file",
    description="A file.",
    parameters={"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
)
OPENING = Opening(
    name="verdict",
    system="You judge commits for a team. Be brief.",
    content="fix: close the file after reading",
    json_schema=SCHEMA,
    max_output=48,
    seconds=90.0,
)


def talked(url: str, opening: Opening) -> tuple[list[Piece], Usage]:
    async def run() -> tuple[list[Piece], Usage]:
        async with Llm(endpoint(url), LocalSlots(2), estimate) as llm, llm.talk(opening) as talk:
            async with aclosing(talk.turn()) as turn:
                pieces = [piece async for piece in turn]
            return pieces, talk.usage

    return asyncio.run(run())


def test_what_a_model_says_comes_piece_by_piece_and_is_counted_by_the_server(small_model: str) -> None:
    pieces, usage = talked(small_model, OPENING)
    assert sum(isinstance(piece, Words) for piece in pieces) > 3
    assert not any(isinstance(piece, Again) for piece in pieces)
    assert isinstance(pieces[-1], Turned)
    assert usage.calls == 1
    assert 0 < usage.output_tokens <= OPENING.max_output


def test_a_turn_with_tools_comes_to_its_end_whatever_the_server_makes_of_them(small_model: str) -> None:
    pieces, usage = talked(small_model, OPENING.model_copy(update={"tools": (TOOL,)}))
    assert isinstance(pieces[-1], Turned)
    assert usage.calls == 1
