"""How well questions find the commit and the hunk that they are about without a model, over real windows.

    python -m bench.questions MIRROR... [--part tuned|held-out|all] [--show]
    python -m bench.questions MIRROR --time 300

MIRROR are git repositories, or folders of them, that have the commits of questions.jsonl beside this file. Each line
there has the repository's name, a window, the sha that is meant, a line (of the new side, or of `side`) inside the
hunk that tells it, and the question in both languages. The questions were written from the diffs before their ranking
was seen; those of HELD_OUT were not looked at while the ranking was made. `also` has the places that tell as much: a
second hunk of the same change, the test that states the fact, another commit that is as right; a place with a language
answers the wording in that one alone. They were judged from the diffs, without knowing what is found.

The figures of the tuned part flatter. Two sets of forty topics each, asked once before anything was changed for them:
right commit 0.850 and 0.725, right hunk 0.838 and 0.775.

Commit: the one that the answer puts first, without asking back. Named: the right one is among those that the answer
names at its head, five at most. Hunk: the right one is among the first 3 passages.
`--time` takes the newest so many commits of the first repository and tells what a question costs beside the making of
their digest.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from bench.questions.asking import Verdict, ask, rows, rows_of, windows
from bench.questions.timing import time_window

GOALS = {"commit": "0.95", "named": "", "hunk": "0.85"}
"""The measures, each with its goal, "" where it has none."""


def main() -> None:
    """Prints the table, and on request each miss."""
    words = argparse.ArgumentParser(prog="python -m bench.questions", description=__doc__)
    words.add_argument("mirrors", nargs="+", type=Path)
    words.add_argument("--part", choices=("tuned", "held-out", "all"), default="all")
    words.add_argument("--show", action="store_true", help="print each miss")
    words.add_argument("--time", type=int, metavar="COMMITS", help="time the questions over a long window instead")
    given = words.parse_args()
    if given.time:
        for line in time_window(given.mirrors[0], given.time):
            print(line)
        return
    verdicts = [
        verdict
        for window in windows(given.mirrors, rows(given.part))
        for row in rows_of(window, given.part)
        for verdict in ask(window, row)
    ]
    if given.show:
        show(verdicts)
    report(verdicts)


def show(verdicts: list[Verdict]) -> None:
    """Each question whose commit or hunk was not found, and what was found."""
    for one in verdicts:
        if not (one.commit and one.hunk):
            missed = "commit" if not one.commit else "hunk"
            print(f"{one.row['repository']} {one.row['sha'][:8]} {one.language} {missed}: {one.row[one.language]}")
            for line in one.found:
                print(f"    {line}")


def report(verdicts: list[Verdict]) -> None:
    """The table: rows are measures by part, columns languages."""
    print(f"{len(verdicts)} questions over {len({one.row['sha'] for one in verdicts})} commits")
    print(f"{'':22}{'en':>14}{'zh':>14}{'both':>14}   goal")
    parts: dict[str, list[Verdict]] = defaultdict(list)
    for one in verdicts:
        parts["held-out" if one.held_out else "tuned"].append(one)
        parts["all"].append(one)
    for part in sorted(parts, key=("tuned", "held-out", "all").index):
        for measure, goal in GOALS.items():
            cells = [
                _share([getattr(one, measure) for one in parts[part] if language in {one.language, "both"}])
                for language in ("en", "zh", "both")
            ]
            print(f"{f'{part}: {measure}':22}" + "".join(f"{cell:>14}" for cell in cells) + f"   {goal:>4}".rstrip())
    print(f"commits that an answer names: {sum(one.about for one in verdicts) / len(verdicts):.1f} on average")
    asked_back = sum(one.rivals for one in verdicts)
    print(
        f"asked which is meant: {asked_back}, of them with the right one among the rivals: "
        f"{sum(one.rivals and one.among for one in verdicts)}"
    )


def _share(right: list[bool]) -> str:
    return f"{sum(right) / len(right):.3f} ({len(right)})" if right else "-"


if __name__ == "__main__":
    main()
