"""How well grounding tells true statements from false ones, over real commits.

    python -m bench.grounding MIRROR... [--statements FILE] [--without-tree] [--show]

MIRROR are git repositories that have the commits of FILE, by default statements.jsonl beside this file: each line has
the repository's name, a sha, a statement with its evidence, and whether it is true; a false one tells how it was made
from a true one. `held_out.jsonl` is such a file of which nobody has looked at a single verdict.
Recall: false statements of which something is said to be wrong. Specificity: true ones that pass.

The figures flatter: what was missed was looked at, and mended where a rule of general use would do it. What counts for
statements to come is the first look at sets that were written from the diffs by somebody who did not know the rules,
each measured once before anything was changed for it. In their order, recall and specificity:

    statements    229   241   241   271   229   180   110    66    88    88    99   102    94    94    96   103   101
    recall       0.73  0.73  0.80  0.77  0.80  0.83  0.83  0.89  0.77  0.83  0.88  0.85  0.81  0.89  0.87  0.81  0.94
    specificity  0.83  0.91  0.86  0.86  0.82  0.76  0.82  0.83  0.78  0.80  0.91  0.81  0.75  0.90  0.86  0.84  0.74

The last two of them are held_out.jsonl.
Of what was missed at first, most are wrong directions that name nothing of the diff. Of the true statements that fell,
half said that something stays as it was.

The ways to say one thing are tested apart: `test_ways_to_say.py` and `test_claims.py` among the unit tests hold the
rules against more than four hundred turns of phrase for what comes, goes, changes places, gets better, stays the same.
`messages.py` asks the authors of any repository.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workers.analysis.grounding.evidence import place
from workers.analysis.grounding.grounding import Ground, explain, faults_of
from workers.model import Commit, Evidence, Statement
from workers.request import Query
from workers.sources.git.source import GitSource

STATEMENTS = Path(__file__).with_name("statements.jsonl")
GOAL, GOAL_OF_KIND = 0.95, 0.90

Row = dict[str, Any]


def rows(file: Path) -> list[Row]:
    """The statements of a file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def statement_of(row: Row) -> Statement:
    return Statement(text=row["text"], evidence=tuple(Evidence(**item) for item in row["evidence"]))


def is_rejected(row: Row, ground: Ground) -> bool:
    """Whether anything of a statement is found wrong: a fault, or a quote that had to be dropped."""
    statement = statement_of(row)
    return bool(faults_of(statement, ground)) or any(place(item, ground) is None for item in statement.evidence)


def load(source: GitSource, sha: str) -> Commit:
    """One commit with its files."""
    listing = source.listing(Query(timezone="UTC", range=f"{sha}~1..{sha}"), datetime.now(UTC))
    return next(iter(source.commits([head for head in listing.heads if head.sha == sha])))


def _has(mirror: Path, sha: str) -> bool:
    command = ["git", "-C", str(mirror), "cat-file", "-e", sha]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def judged(wanted: list[Row], mirrors: list[Path], with_tree: bool) -> Iterator[tuple[Row, Ground]]:
    """Each statement of the repositories at hand with what it is checked against."""
    shas = {row["repository"]: row["sha"] for row in wanted}
    sources = {name: GitSource(path) for name, sha in shas.items() for path in mirrors if _has(path, sha)}
    grounds: dict[str, Ground] = {}
    for row in wanted:
        source = sources.get(row["repository"])
        if source is None:
            continue
        if row["sha"] not in grounds:
            tree = source.tree(row["sha"]) if with_tree else None
            grounds[row["sha"]] = Ground([load(source, row["sha"])], tree)
        yield row, grounds[row["sha"]]


def main() -> None:
    """Prints the table, and on request each wrong verdict."""
    words = argparse.ArgumentParser(prog="python -m bench.grounding", description=__doc__)
    words.add_argument("mirrors", nargs="+", type=Path)
    words.add_argument("--statements", type=Path, default=STATEMENTS, metavar="FILE")
    words.add_argument("--without-tree", action="store_true")
    words.add_argument("--show", action="store_true", help="print each wrong verdict")
    given = words.parse_args()
    right: dict[tuple[str, str], list[bool]] = defaultdict(list)
    commits, spent = set(), 0.0
    for row, ground in judged(rows(given.statements), given.mirrors, not given.without_tree):
        begun = time.perf_counter()
        rejected = is_rejected(row, ground)
        spent += time.perf_counter() - begun
        commits.add(row["sha"])
        right[(row["kind"] or "true", row["language"])].append(rejected != row["label"])
        if given.show and rejected == row["label"]:
            told = [explain(fault) for fault in faults_of(statement_of(row), ground)]
            print(f"{row['repository']} {row['sha'][:10]} {row['kind'] or 'true'}: {row['text']} {told}")
    report(right, len(commits), spent)


def report(right: dict[tuple[str, str], list[bool]], commits: int, spent: float) -> None:
    """The table: a row for each kind, a column for each language, then recall and specificity with their goals."""
    total = sum(map(len, right.values()))
    print(f"{total} statements over {commits} commits, {1000 * spent / max(total, 1):.1f} ms each")
    print(f"{'':22}{'zh':>14}{'en':>14}{'both':>14}   goal")
    kinds = sorted({kind for kind, _ in right} - {"true"})
    table = [
        ("specificity", ["true"], GOAL),
        ("recall", kinds, GOAL),
        *((kind, [kind], GOAL_OF_KIND) for kind in kinds),
    ]
    for name, of, goal in table:
        cells = [[one for kind in of for one in right[(kind, language)]] for language in ("zh", "en")]
        print(
            f"{name:22}" + "".join(f"{_share(cell):>14}" for cell in (*cells, cells[0] + cells[1])) + f"   {goal:.2f}"
        )


def _share(verdicts: list[bool]) -> str:
    return f"{sum(verdicts) / len(verdicts):.3f} ({len(verdicts)})" if verdicts else "-"


if __name__ == "__main__":
    main()
