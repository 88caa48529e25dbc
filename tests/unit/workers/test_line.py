"""The line of commits that wait: in order, those that were put off last, and nobody waits for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from workers.line import Line


def taken(work: Callable[[Line, list[str]], Awaitable[None]]) -> list[str]:
    """What was taken from a line, in that order."""

    async def run() -> list[str]:
        found: list[str] = []
        async with asyncio.timeout(10):
            await work(Line(), found)
        return found

    return asyncio.run(run())


def test_they_are_taken_in_the_order_in_which_they_came() -> None:
    async def work(line: Line, found: list[str]) -> None:
        line.add("ab")
        line.add("c")
        line.close()
        found += [sha async for sha in line.turns()]

    assert taken(work) == ["a", "b", "c"]


def test_one_that_is_put_off_comes_again_after_all_others_and_is_not_put_off_twice() -> None:
    async def work(line: Line, found: list[str]) -> None:
        line.add("abc")
        line.close()
        async for sha in line.turns():
            if sha == "a" and line.put_off(sha):
                assert line.comes_again(sha)
            else:
                assert not line.comes_again(sha)
                found.append(sha)

    assert taken(work) == ["b", "c", "a"]


def test_none_is_put_off_where_only_such_are_left() -> None:
    async def work(line: Line, found: list[str]) -> None:
        line.add("abc")
        line.close()
        async for sha in line.turns():
            if not line.put_off(sha):
                found.append(sha)

    assert taken(work) == ["c", "a", "b"]


def test_who_comes_later_goes_before_those_that_were_put_off() -> None:
    async def work(line: Line, found: list[str]) -> None:
        line.add("ab")
        async for sha in line.turns():
            if sha == "a" and line.put_off(sha):
                line.add("c")
                line.close()
            elif sha == "a":
                return
            else:
                found.append(sha)

    assert taken(work) == ["b", "c"]


def test_all_who_take_go_home_when_the_line_is_closed_and_empty() -> None:
    async def work(line: Line, found: list[str]) -> None:
        async def take() -> None:
            async for sha in line.turns():
                found.append(sha)

        takers = [asyncio.create_task(take()) for _ in range(5)]
        await asyncio.sleep(0)
        line.add("ab")
        line.close()
        await asyncio.gather(*takers)

    assert sorted(taken(work)) == ["a", "b"]
