"""Slots shared by processes: fair shares, never more than the limit, and back by themselves from the dead."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from redis import Redis

from tests.processes import line_of, program
from tests.servers import redis_server
from workers.connection import connect
from workers.store import keys
from workers.store.slots import LIMIT_LIFE, RedisSlots, Share

NAME = "127.0.0.1:8000/v1"
DEMAND = """
    import asyncio, sys
    from workers.connection import connect
    from workers.store.slots import RedisSlots

    async def main():
        slots = RedisSlots(connect(sys.argv[1]), sys.argv[2], 8)
        given = [await slots.take() for _ in range(8)]
        print("all", flush=True)
        await asyncio.sleep(60)

    asyncio.run(main())
"""


def slots(redis: Redis, start: int = 8, most: int | None = None) -> RedisSlots:
    return RedisSlots(redis, NAME, start, most)


def held(redis: Redis) -> list[int]:
    """What every process holds, as Redis has it."""
    return sorted(int(value.split()[0]) for value in redis.hgetall(keys.slots_shares(NAME)).values())


def test_one_process_alone_has_all_that_it_wants(redis: Redis) -> None:
    assert slots(redis).settle(3, 0) == Share(held=3, fair=3, limit=8)
    assert slots(redis, 4).settle(100, 0).limit == 4


def test_a_second_process_gets_its_half_as_the_first_gives_it_up(redis: Redis) -> None:
    first, second = slots(redis), slots(redis)
    assert first.settle(20, 0).held == 8
    assert second.settle(20, 0) == Share(held=0, fair=4, limit=8)
    assert first.settle(20, 8) == Share(held=8, fair=4, limit=8)
    assert first.settle(20, 6).held == 6
    assert second.settle(20, 0).held == 2
    assert first.settle(20, 3).held == 4
    assert second.settle(20, 2).held == 4


def test_who_wants_little_gets_it_and_the_others_share_the_rest(redis: Redis) -> None:
    wants = [1, 20, 20]
    processes = [slots(redis, 9) for _ in wants]
    for _ in range(2):
        for process, want in zip(processes, wants, strict=True):
            process.settle(want, 0)
    assert held(redis) == [1, 4, 4]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_all_together_never_hold_more_than_the_limit_and_soon_leave_none_unused(redis: Redis, count: int) -> None:
    processes = [slots(redis) for _ in range(count)]
    for _ in range(5):
        for process in processes:
            process.settle(50, 0)
            assert sum(held(redis)) <= 8
    assert sum(held(redis)) == 8
    assert held(redis)[-1] - held(redis)[0] <= 1


def test_with_fewer_slots_than_processes_each_has_its_turn(redis: Redis) -> None:
    processes = [slots(redis, 1) for _ in range(3)]
    fed = []
    for _ in range(9):
        shares = [process.settle(5, 0) for process in processes]
        assert sum(held(redis)) <= 1
        fed += [number for number, share in enumerate(shares) if share.held]
        time.sleep(0.002)  # turns are told apart by the server's clock, in milliseconds
    assert {fed.count(number) for number in range(3)} <= {2, 3, 4}


def test_a_process_that_wants_nothing_is_forgotten(redis: Redis) -> None:
    process = slots(redis)
    process.settle(5, 0)
    assert process.settle(0, 0).held == 0
    assert held(redis) == []
    assert not redis.exists(keys.slots_leases(NAME))


def test_the_share_of_the_dead_comes_back_with_their_lease(redis: Redis) -> None:
    dead, living = slots(redis), slots(redis)
    dead.settle(8, 8)
    assert living.settle(8, 0).held == 0
    redis.zadd(keys.slots_leases(NAME), {dead._me: 1})
    assert living.settle(8, 0).held == 8


def test_what_is_known_of_an_endpoint_lives_for_a_while(redis: Redis) -> None:
    slots(redis).settle(1, 0)
    assert redis.pttl(keys.slots(NAME)) == pytest.approx(LIMIT_LIFE.total_seconds() * 1000, abs=1000)
    assert 0 < redis.pttl(keys.slots_leases(NAME)) <= 30_000
    assert 0 < redis.pttl(keys.slots_shares(NAME)) <= 30_000


async def ended(process: RedisSlots, *outcomes: str) -> int:
    """The limit after calls that begin together and end in these ways."""
    process._limiter.total_tokens = len(outcomes)
    given = [await process.take() for _ in outcomes]
    for give_back, outcome in zip(given, outcomes, strict=True):
        give_back(outcome)  # type: ignore[arg-type]
    return process.settle(1, 0).limit


def limits(process: RedisSlots, *rounds: list[str]) -> list[int]:
    async def run() -> list[int]:
        found = []
        for outcomes in rounds:
            await asyncio.sleep(0.002)  # a cut is told from a call by the server's clock, in milliseconds
            found.append(await ended(process, *outcomes))
        await process.aclose()
        return found

    return asyncio.run(run())


def test_strain_halves_the_limit_of_all_once_per_round(redis: Redis) -> None:
    slots(redis, 16).settle(1, 0)
    assert limits(slots(redis, 16), ["overloaded"] * 5, ["overloaded", "served"], ["failed"]) == [8, 4, 4]
    assert slots(redis, 16).settle(1, 0).limit == 4


def test_a_call_from_before_the_last_cut_cuts_no_more(redis: Redis) -> None:
    process = slots(redis, 16)

    async def run() -> list[int]:
        process._limiter.total_tokens = 1
        early = await process.take()
        await asyncio.sleep(0.002)
        found = [await ended(slots(redis, 16), "overloaded")]
        early("overloaded")
        return [*found, process.settle(1, 0).limit]

    assert asyncio.run(run()) == [8, 8]


def test_a_round_of_successes_adds_one_up_to_the_most(redis: Redis) -> None:
    rounds = [["overloaded"], *(["served"] * count for count in (4, 5, 6, 7, 8))]
    assert limits(slots(redis, 8), *rounds) == [4, 5, 6, 7, 8, 8]


def test_it_may_grow_beyond_its_start_where_it_is_told_so(redis: Redis) -> None:
    assert limits(slots(redis, 2, most=6), ["served"] * 2, ["served"] * 4) == [4, 6]


# --- in an event loop ---------------------------------------------------------------------------------------------


async def work(process: RedisSlots, running: list[int], tasks: int, seconds: float = 0.01) -> None:
    """Calls that take a moment each; `running` holds how many run now, and how many ran at most."""

    async def call() -> None:
        give_back = await process.take()
        running[0] += 1
        running[1] = max(running)
        await asyncio.sleep(seconds)
        running[0] -= 1
        give_back("served")

    await asyncio.gather(*(call() for _ in range(tasks)))


def test_calls_of_one_process_run_up_to_the_limit(redis: Redis) -> None:
    async def run() -> list[int]:
        process, running = slots(redis), [0, 0]
        await work(process, running, 40)
        await process.aclose()
        return running

    assert asyncio.run(run()) == [0, 8]
    assert held(redis) == []


def test_calls_of_two_processes_together_keep_to_the_limit_and_both_come_on(redis: Redis) -> None:
    async def run() -> list[int]:
        running = [0, 0]
        both = [slots(redis), slots(redis)]
        await asyncio.gather(*(work(process, running, 60) for process in both))
        await asyncio.gather(*(process.aclose() for process in both))
        return running

    assert asyncio.run(run()) == [0, 8]


def test_slots_serve_one_event_loop_after_another(redis: Redis) -> None:
    process = slots(redis)

    async def run() -> None:
        await work(process, [0, 0], 10)
        await process.aclose()

    for _ in range(2):
        asyncio.run(run())
    assert held(redis) == []


def test_those_who_stop_waiting_leave_their_place_to_others(redis: Redis) -> None:
    async def run() -> str:
        process = slots(redis, 1)
        give_back = await process.take()
        waiting = [asyncio.create_task(process.take()) for _ in range(2)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        give_back("served")
        (await waiting[1])("served")
        await process.aclose()
        return "served"

    assert asyncio.run(run()) == "served"


def test_while_redis_is_away_what_was_granted_holds(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> list[int]:
        process, running = slots(redis), [0, 0]
        (await process.take())("served")
        await work(process, running, 8)
        monkeypatch.setattr(process, "_script", _unreachable)
        await work(process, running, 30)
        await process.aclose()
        return running

    assert asyncio.run(run())[0] == 0


def _unreachable(*_: object) -> None:
    from redis.exceptions import ConnectionError as RedisConnectionError  # noqa: PLC0415

    raise RedisConnectionError("away")


@pytest.fixture
def server() -> Iterator[str]:
    with redis_server() as url:
        yield url


def test_a_killed_processs_slots_return_by_themselves(server: str) -> None:
    with connect(server) as redis, program(DEMAND, server, NAME) as other:
        assert line_of(other) == "all"
        mine = RedisSlots(redis, NAME, 8, lease=timedelta(seconds=1))
        assert mine.settle(8, 0).held == 0
        other.kill()
        other.wait()
        (dead,) = set(redis.zrange(keys.slots_leases(NAME), 0, -1)) - {mine._me.encode()}
        redis.zadd(keys.slots_leases(NAME), {dead: int(time.time() * 1000) - 1})
        assert mine.settle(8, 0).held == 8


def test_settling_takes_less_than_a_millisecond_and_no_call_waits_for_it(server: str) -> None:
    """The middle of many, so that a busy machine does not make it fail."""
    with connect(server) as redis:
        process = RedisSlots(redis, NAME, 8)
        took = []
        for _ in range(101):
            begun = time.perf_counter()
            process.settle(8, 8)
            took.append(time.perf_counter() - begun)
        assert sorted(took)[50] < 0.002
        process.settle(0, 0)
        before = redis.info("commandstats")["cmdstat_evalsha"]["calls"]
        asyncio.run(_work_and_close(process))
        calls = redis.info("commandstats")["cmdstat_evalsha"]["calls"] - before
    assert calls < 200 / 5


async def _work_and_close(process: RedisSlots) -> None:
    await work(process, [0, 0], 200, seconds=0.005)
    await process.aclose()
