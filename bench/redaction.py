"""`python -m bench.redaction REPOSITORY... [--megabytes N]`: finding secrets, beside all rules on every line.

Takes the newest commits of each git repository until their patches are N MB (5 by default). Prints MB/s of both, their
ratio, and whether both found the same; then every finding by family, so that false ones can be counted: redacted
lines, never the secret. Goals: at least 10 MB/s, the same findings.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from workers.analysis.redaction.finder import Span, spans_by_rules, spans_in
from workers.analysis.redaction.redaction import findings_of, redact
from workers.model import Commit
from workers.request import Query
from workers.sources.git.source import GitSource

Finder = Callable[[str, str], list[Span]]
BATCH = 200
SHOWN = 160  # characters of a finding's line


def patches(commits: list[Commit]) -> list[tuple[str, str]]:
    """(path, patch) of every file that has one."""
    return [(file.path, file.patch) for commit in commits for file in commit.files if file.patch]


def newest(repository: Path, limit: int) -> list[Commit]:
    """The newest commits, until their patches have `limit` bytes."""
    found, size = [], 0
    for commit in _commits(repository):
        found.append(commit)
        size += sum(file.patch_bytes for file in commit.files)
        if size >= limit:
            break
    return found


def _commits(repository: Path) -> Iterator[Commit]:
    source = GitSource(repository)
    now = datetime.now(UTC)
    heads = source.listing(Query(timezone="UTC", start=datetime(1990, 1, 1, tzinfo=UTC), end=now), now).heads
    for first in range(0, len(heads), BATCH):
        yield from source.commits(heads[first : first + BATCH])


def timed(find: Finder, texts: list[tuple[str, str]]) -> tuple[float, list[list[Span]]]:
    """Processor seconds, and what was found."""
    begun = time.process_time()
    found = [find(text, path) for path, text in texts]
    return time.process_time() - begun, found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("repositories", nargs="+", type=Path)
    arguments.add_argument("--megabytes", type=float, default=5.0)
    options = arguments.parse_args()
    families: Counter[str] = Counter()
    total = 0.0
    for repository in options.repositories:
        commits = newest(repository, int(options.megabytes * 1e6))
        total += _compare(repository.resolve(), patches(commits))
        families.update(_told(commits))
    print(f"{sum(families.values())} findings in {total:.1f} MB: {dict(families.most_common())}")


def _compare(repository: Path, texts: list[tuple[str, str]]) -> float:
    size = sum(len(text.encode()) for _, text in texts) / 1e6
    mine, found = timed(lambda text, path: spans_in(text, path, marked=True), texts)
    rules, expected = timed(lambda text, path: spans_by_rules(text, path, marked=True), texts)
    same = "the same findings" if found == expected else "DIFFERENT FINDINGS"
    speeds = f"{size / mine:.1f} MB/s, rules alone {size / rules:.2f} MB/s, {rules / mine:.0f} times"
    print(f"{repository.parent.name}: {len(texts)} patches, {size:.1f} MB: {speeds}; {same} ({sum(map(len, found))})")
    return size


def _told(commits: list[Commit]) -> Iterator[str]:
    for commit in commits:
        for finding in findings_of(redact(commit).commit):
            print(
                f"    {finding.path}:{finding.line} {finding.change} x{finding.count} {finding.quote.strip()[:SHOWN]}"
            )
            yield finding.family


if __name__ == "__main__":
    main()
