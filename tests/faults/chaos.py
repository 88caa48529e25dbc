"""The faults of a plan, each at its step: what is killed, stopped, or lied about by the clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from tests.fakes.model_troubles import BUSY, Hang
from tests.fakes.slack_http import dropped, failing, limited
from tests.faults.plan import Plan, Strike
from tests.faults.steps import STEPS, Place
from tests.faults.world import DAY, World, kill
from tests.processes import is_running, parent_of

PAUSE = 20.0
"""Seconds for which Redis is paused."""
ERROR, ERROR_SECONDS = timedelta(minutes=4), 3.0
"""By how much all our clocks are wrong, less than the product says it bears, and for how long."""
LIE = timedelta(days=2)
"""By how much the clock of one scheduler is wrong."""
BUSY_TIMES = 4


class Chaos:
    """Strikes as planned. Give it the world before anything runs. `struck` is what came to pass."""

    world: World

    def __init__(self, plan: Plan) -> None:
        self.struck: list[Strike] = []
        self._plan = plan
        self._day = 0
        self._waits_for_horse = False
        self._lock = threading.Lock()
        self._timers: list[threading.Timer] = []

    def begin_day(self, day: int) -> None:
        """From now on the strikes of this day, from 0, are due."""
        self._day = day
        self.world.posts.begin_day()

    def end(self) -> None:
        """What was put off does not come any more."""
        for timer in self._timers:
            timer.cancel()

    # --- where it is told of steps --------------------------------------------------------------------------------

    def watch(self, pid: int, piece: bytes, after: bool) -> bool:
        """See Wire."""
        if not self._left() and not self._waits_for_horse:
            return True
        part = self.world.part_of(pid)
        if part == "horse" and self._takes_horse():
            kill(pid)
        for strike in self._due(lambda name: STEPS[name].is_command(part, piece, after)):
            self._strike(strike, pid)
            if strike.fault == "redis restart":
                return False
        return part == "other" or not _is_dying(pid)

    def wants_answer(self, pid: int, piece: bytes) -> bool:
        """See Wire."""
        afterwards = [STEPS[one.step] for one in self._left() if STEPS[one.step].after]
        return bool(afterwards) and any(one.is_command(self.world.part_of(pid), piece, True) for one in afterwards)

    def reached(self, place: Place, number: int, after: bool, port: int) -> bool:
        """See outside.Reached."""

        def is_here(name: str) -> bool:
            step = STEPS[name]
            return (step.place, step.number, step.after) == (place, number, after)

        alive = True
        for strike in self._due(is_here):
            sender = self._sender(place, port)
            self._strike(strike, sender)
            alive = alive and not (sender and _is_dying(sender) and strike.luck % 2)
        return alive

    def _left(self) -> list[Strike]:
        return [one for one in self._plan.strikes if one.day == self._day and one not in self.struck]

    def _due(self, is_here: object) -> Iterator[Strike]:
        with self._lock:
            found = [one for one in self._left() if is_here(one.step)]  # type: ignore[operator]
            self.struck += found
        yield from found

    def _takes_horse(self) -> bool:
        with self._lock:
            took, self._waits_for_horse = self._waits_for_horse, False
        return took

    # --- what strikes ---------------------------------------------------------------------------------------------

    def _strike(self, strike: Strike, actor: int) -> None:
        """`actor` is the process that is at this step; 0: it is gone."""
        match strike.fault:
            case "horse" | "worker" | "machine" | "scheduler" | "web":
                self._kill(strike, actor)
            case "redis restart":
                self.world.kill_redis()
                self.world.start_redis()
            case "redis pause":
                self.world.pause_redis(PAUSE)
            case "dropped":
                self.world.posts.trouble(dropped(after=True))
            case "limited":
                self.world.posts.trouble(limited())
            case "failing":
                self.world.posts.trouble(failing(after=strike.luck % 2 == 0))
            case "model busy":
                self.world.model.befall(BUSY, BUSY_TIMES)
            case "model hang":
                self.world.model.befall(Hang(), 1)
            case "clock":
                self._lie(strike.luck)
            case unknown:
                raise ValueError(unknown)

    def _kill(self, strike: Strike, actor: int) -> None:
        world, part = self.world, self.world.part_of(actor) if actor else "other"
        commands = world.commands
        match strike.fault:
            case "web":
                kill(commands["web"].pid)
            case "scheduler":
                both = [commands["scheduler-0"].pid, commands["scheduler-1"].pid]
                first = actor if part == "scheduler" else both[strike.luck % 2]
                for pid in both if strike.luck % 3 == 0 else [first]:
                    kill(pid)
            case "horse" if part == "horse":
                kill(actor)
            case "horse":
                self._waits_for_horse = True
            case "worker":
                several = world.workers()
                kill(parent_of(actor) if part == "horse" else several[strike.luck % len(several)] if several else 0)
            case "machine":
                names = ("worker-0", "worker-1")
                own = parent_of(parent_of(actor)) if part == "horse" else 0
                kill(own or commands[names[strike.luck % 2]].pid)

    def _lie(self, luck: int) -> None:
        clock = self.world.clock
        match luck % 4:
            case 0 | 1:
                clock.err(ERROR if luck % 2 else -ERROR)
                timer = threading.Timer(ERROR_SECONDS, lambda: clock.err(timedelta()))
                self._timers.append(timer)
                timer.start()
            case 2:
                clock.err(LIE if luck % 8 == 2 else -LIE, place=1)
            case _:
                clock.advance(DAY)

    def _sender(self, place: Place, port: int) -> int:
        """The horse that has a connection from that port, or with no port, to the model; 0 where there is none."""
        wanted = (port, None) if place != "model" else (None, self.world.model.port)
        sockets = set(_sockets(*wanted))
        return next((horse for horse in self.world.horses() if sockets & set(_files(horse))), 0)


def _sockets(local: int | None, remote: int | None) -> Iterator[str]:
    """The connections over loopback from or to a port, as they stand among the files of a process."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ports = [int(end.partition(":")[2], 16) for end in fields[1:3]]
        if local in (None, ports[0]) and remote in (None, ports[1]):
            yield f"socket:[{fields[9]}]"


def _files(pid: int) -> Iterator[str]:
    with suppress(OSError):
        for one in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                yield str(one.readlink())


def _is_dying(pid: int) -> bool:
    """Whether a process has been killed: that takes a moment."""
    if not is_running(pid):
        return True
    with suppress(OSError):
        status = Path(f"/proc/{pid}/status").read_text()
        pending = [line.split()[1] for line in status.splitlines() if line.startswith(("SigPnd", "ShdPnd"))]
        return any(int(one, 16) >> 8 & 1 for one in pending)
    return True
