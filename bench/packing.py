"""`python -m bench.packing REPOSITORY [--date D] [--commits N] [--megabytes M] [--extremes]`: what a packed day costs.

REPOSITORY is a git repository; D is a day in UTC, by default the newest one of about N commits (20) and M megabytes of
patches (0.6). Prints each commit, what all calls of that day cost together beside the tokens if it were sent whole,
what was seen and what was left out and why, and how the largest commits were ranked. The commits share what a day may
cost, as they do in a digest: on a full day some are shown less than their tier has, on a quiet one more.

Not every repository has such a day, or such a new one. These have: 1Panel-dev/MaxKB (2025-06-05, 21 commits, 0.53 MB),
apache/dubbo (2023-04-11, 22 commits, 0.51 MB), apache/arrow-rs (2026-05-07, 15 commits, 0.43 MB), AppFlowy-IO/AppFlowy
and apache/echarts; a quiet one is redis/redis 2024-09-03 (6 commits).

All tokens are by `estimate` (ASCII/3 + other/1.4): for code about 1.4 times what servers count, for English prose 1.5
times. Counted are the system texts, the fences, every part, notes of full length on each part, one correction for
every third commit with an excerpt of the commit, and the highlights. Goal: at most 60,000.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from prompts.prompts import load
from workers.analysis.analyst import survey_of
from workers.analysis.inquiry import REPAIR_ROOM
from workers.analysis.model_highlights import ROOM
from workers.analysis.packing.fitting import packed_within
from workers.analysis.packing.marks import FILE, GAP
from workers.analysis.packing.notes import NOTES_SHOWN
from workers.analysis.packing.packing import Packed, excerpt, pack
from workers.analysis.packing.pieces import Piece, pieces_of
from workers.analysis.packing.purse import Purse
from workers.analysis.packing.tokens import estimate
from workers.analysis.redaction.redaction import redact
from workers.analysis.replies.drafts import sections_of
from workers.analysis.survey.survey import Survey
from workers.analysis.triage import floor_of, triage
from workers.model import Commit, CommitHead, Evidence, FileChange, FileStatus, Kind, Person, Statement, Tier
from workers.request import Query
from workers.sources.git.source import GitSource
from workers.words import load_words

WORDS = load_words("workers.analysis", "en")
GOAL = 60_000
CORRECTED = 3
"""One commit of so many is taken to need a correction, of two statements with their faults."""

NOTE = Statement(
    text="A note of the usual length says what one function does now, what it did before, and who calls it, by name.",
    evidence=(Evidence(path="src/package/module.py", side="new", start=0, end=0, quote="def name(first, second):"),),
)
FAULTY = "1. A statement of the usual length, which names two things in backticks, of which one is not in the commit.\n"
FAULTS = "! `name` is nowhere in this commit\n"
SUMMARY = (
    "• A sentence of the usual length says what changed, for whom, and names the two or three things that matter.\n"
)
DAYS_TRIED = 80
NEAR = 0.3
"""How far from what is asked for a day may be, as a share of it."""

RANKED = 6
"""Hunks shown of the ranking of a commit, from its top and from what was left out."""


@dataclass(frozen=True)
class Case:
    """A commit of the day, packed. `seconds` is the processor time that packing took; `tightened` says that it got
    less than its tier has, because the day is full, `raised` that it got more, because it is not."""

    survey: Survey
    tier: Tier
    packed: Packed
    seconds: float
    tightened: bool
    raised: bool

    @property
    def commit(self) -> Commit:
        return self.survey.commit

    @property
    def whole(self) -> int:
        """Tokens of its message and patches."""
        patches = (file.patch for file in self.commit.files if file.patch)
        return estimate(self.commit.message) + sum(map(estimate, patches))

    @property
    def system(self) -> int:
        """Tokens of the system texts of its calls."""
        parts = len(self.packed.parts)
        return _system(self.tier.value) + (parts * _system("part") if parts > 1 else 0)

    @property
    def content(self) -> int:
        """Tokens of what its calls are asked: parts, and the notes on them."""
        return sum(map(estimate, self._contents()))

    def _contents(self) -> Iterator[str]:
        parts = self.packed.parts
        last = parts[0]
        if len(parts) > 1:
            for number, part in enumerate(parts, 1):
                yield load("part").content(part=str(number), parts=str(len(parts)), commit=part)
            last = self.packed.combined([[NOTE] * NOTES_SHOWN] * len(parts))
        yield load(self.tier.value).content(
            tier=self.tier.value,
            floor=floor_of(self.survey).value,
            kinds=" ".join(self.survey.kinds),
            sections=" ".join(sections_of(self.tier)),
            commit=last,
        )

    def correction(self) -> int:
        """Tokens of sending two statements back."""
        shown = excerpt(self.survey, [], [], REPAIR_ROOM)
        content = load("repair").content(statements=2 * (FAULTY + FAULTS), commit=shown)
        return _system("repair") + estimate(content)

    def in_part(self) -> int:
        """How many files are shown in part."""
        found: set[str] = set()
        for part in self.packed.parts:
            name = ""
            for line in part.split("\n"):
                if line.startswith(FILE):
                    name = line
                elif name and re.match(rf"{GAP} \d+ (?:changed )?(?:lines?|more hunks?)\b", line):
                    found.add(name)
        return len(found)


def _system(name: str) -> int:
    return estimate(load(name).system("en"))


def highlights(cases: Sequence[Case]) -> int:
    """Tokens of the call that picks the highlights."""
    lines = [f"= {case.commit.sha[:10]} {case.tier} fix\n| {case.commit.subject}\n{3 * SUMMARY}" for case in cases]
    return _system("highlights") + min(ROOM, estimate("".join(lines)))


def packed(commits: Sequence[Commit]) -> list[Case]:
    """The commits of a day as they would be sent: those of low tier last, all from one purse."""
    surveys = [survey_of(redact(commit).commit) for commit in commits]
    tiers = [(survey, triage(survey, WORDS).tier) for survey in surveys]
    purse = Purse(len(commits))
    return [_packed(purse, *one) for one in sorted(tiers, key=lambda one: one[1] is Tier.LOW)]


def _packed(purse: Purse, survey: Survey, tier: Tier) -> Case:
    begun = time.process_time()
    result = packed_within(purse, survey, tier, WORDS)
    spent = time.process_time() - begun
    seen, usual = result.coverage.bytes_seen, pack(survey, tier, WORDS).coverage.bytes_seen
    return Case(survey, tier, result, spent, tightened=seen < usual, raised=seen > usual)


# --- the day ----------------------------------------------------------------------------------------------------


def day_of(source: GitSource, day: date) -> list[Commit]:
    """The commits of a day in UTC, without merges that bring nothing."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    query = Query(timezone="UTC", start=start, end=start + timedelta(days=1))
    return list(source.commits(source.listing(query, datetime.now(UTC)).heads))


def found_day(source: GitSource, commits: int, size: float) -> tuple[date, list[Commit]]:
    """The newest day of about so many commits and bytes of patches. SystemExit where there is none."""
    now = datetime.now(UTC)
    every = source.listing(Query(timezone="UTC", start=datetime(1990, 1, 1, tzinfo=UTC), end=now), now).heads
    days = Counter(_day(head) for head in every)
    for day in [day for day in sorted(days, reverse=True) if _near(days[day], commits)][:DAYS_TRIED]:
        found = day_of(source, day)
        if _near(sum(file.patch_bytes for commit in found for file in commit.files), size):
            return day, found
    raise SystemExit(f"no day of about {commits} commits and {size:,.0f} bytes of patches")


def _day(head: CommitHead) -> date:
    return head.committed_at.astimezone(UTC).date()


def _near(value: float, wanted: float) -> bool:
    return abs(value - wanted) <= NEAR * wanted


# --- the tables -------------------------------------------------------------------------------------------------


def tell_commits(cases: Sequence[Case]) -> None:
    """One line for each commit."""
    print("\ncommit  tier    files     bytes    whole -> packed parts  seen in part left  seen%    ms  subject")
    for case in sorted(cases, key=lambda case: -case.whole):
        commit, coverage = case.commit, case.packed.coverage
        share = 100 * coverage.bytes_seen / max(1, coverage.bytes)
        sizes = f"{coverage.files:5}{coverage.bytes:10,}{case.whole:9,}{case.content:10,}{len(case.packed.parts):6}"
        files = f"{coverage.files_seen:6}{case.in_part():8}{coverage.files - coverage.files_seen:5}{share:6.0f}%"
        print(f"{commit.sha[:7]} {case.tier:7}{sizes}{files}{case.seconds * 1000:6.1f}  {commit.subject[:50]}")


def tell_day(cases: Sequence[Case]) -> None:
    """What the day costs, call by call."""
    for tier in Tier:
        some = [case for case in cases if case.tier is tier]
        whole, content = sum(case.whole for case in some), sum(case.content for case in some)
        print(f"{tier:7} {len(some):3} commits: {whole:9,} -> {content:7,}")
    costs = {
        "packed": sum(case.content for case in cases),
        "system texts": sum(case.system for case in cases),
        "corrections": sum(case.correction() for case in cases[::CORRECTED]),
        "highlights": highlights(cases),
    }
    total = sum(costs.values())
    print(f"shown less than their tier has, because the day is full: {sum(case.tightened for case in cases)} commits")
    print(f"shown more than their tier has, because there is room: {sum(case.raised for case in cases)} commits")
    print(f"sent whole: {sum(case.whole for case in cases):,} tokens")
    print("all calls:", ", ".join(f"{name} {cost:,}" for name, cost in costs.items()))
    above = "" if total <= GOAL else ": ABOVE THE GOAL"
    print(f"together {total:,} tokens (goal: at most {GOAL:,}){above}")
    print(f"at 4.24 characters a token, as measured for code: {total * 3 / 4.24:,.0f}")


def tell_left_out(cases: Sequence[Case]) -> None:
    """How many files were seen, and why others were not."""
    coverages = [case.packed.coverage for case in cases]
    reasons = Counter(entry.reason for coverage in coverages for entry in coverage.left_out)
    files, seen = sum(one.files for one in coverages), sum(one.files_seen for one in coverages)
    partly = sum(case.in_part() for case in cases)
    print(
        f"files {files}: seen {seen}, of these in part {partly}; left out {files - seen}: {dict(reasons.most_common())}"
    )


def tell_ranking(case: Case) -> None:
    """Which hunks of a commit came first, and which last."""
    files = case.commit.files
    pieces = pieces_of(files, case.survey.facts)
    print(f"\nranking of {case.commit.sha[:7]} {case.commit.subject[:70]}: {len(pieces)} hunks")
    shown = pieces if len(pieces) <= 2 * RANKED else [*pieces[:RANKED], *pieces[-RANKED:]]
    for piece in shown:
        print(f"  {piece.priority:6.2f}  {files[piece.file].path}  {_row(piece)}")


def _row(piece: Piece) -> str:
    rows = piece.hunk.rows
    at = min(piece.rows.telling, default=next((at for at, row in enumerate(rows) if row[0] != " "), 0))
    return rows[at].strip()[:70] if rows else ""


def tell_extremes() -> None:
    """How long the largest commits take, without their facts: those of a source are limited elsewhere."""
    row = "+value_{n} = compute({n}, 'some text that makes the line as long as lines of code are')"
    large = "@@ -0,0 +1,190000 @@\n" + "\n".join(row.format(n=n) for n in range(190_000))
    small = "@@ -1,3 +1,3 @@ def work(a, b):\n a = 1\n-b = {n}\n+b = {n} + 1\n c = 3"
    cases = {
        "16 MB in one file": [("large.py", large)],
        "3,000 files": [(f"package/part_{n % 50}/module_{n}.py", small.format(n=n)) for n in range(3000)],
    }
    for name, patches in cases.items():
        files = tuple(FileChange(path=path, status=FileStatus.MODIFIED, patch=patch) for path, patch in patches)
        survey = Survey(_commit(files), (), (Kind.FEATURE,))
        for tier in Tier:
            begun = time.process_time()
            pack(survey, tier, WORDS)
            print(f"{name}, {tier}: packed in {1000 * (time.process_time() - begun):.0f} ms")


def _commit(files: tuple[FileChange, ...]) -> Commit:
    person, at = Person(name="bench"), datetime(2026, 1, 1, tzinfo=UTC)
    return Commit(
        sha="0" * 40, author=person, committer=person, authored_at=at, committed_at=at, message="feat: all", files=files
    )


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("repository", type=Path)
    words.add_argument("--date", type=date.fromisoformat)
    words.add_argument("--commits", type=int, default=20)
    words.add_argument("--megabytes", type=float, default=0.6)
    words.add_argument("--extremes", action="store_true", help="also time the largest commits that there can be")
    given = words.parse_args()
    source = GitSource(given.repository.resolve())
    if given.date:
        day, commits = given.date, day_of(source, given.date)
    else:
        day, commits = found_day(source, given.commits, given.megabytes * 1e6)
    cases = packed(commits)
    size = sum(case.packed.coverage.bytes for case in cases)
    print(f"{given.repository.resolve().parent.name} {day}: {len(cases)} commits, {size:,} bytes of patches")
    tell_day(cases)
    tell_left_out(cases)
    tell_commits(cases)
    for case in sorted(cases, key=lambda case: -case.whole)[:2]:
        tell_ranking(case)
    if given.extremes:
        tell_extremes()


if __name__ == "__main__":
    main()
