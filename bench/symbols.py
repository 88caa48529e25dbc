"""How true the added and removed functions and types are: facts of diffs against whole files before and after.

    python -m bench.symbols REPOSITORY... [--commits 200] [--skip 0] [--show 20] [--only LANGUAGE]

Needs git and universal-ctags on the PATH, and for a better yardstick the wheels of tree-sitter and its grammars (see
bench/symbols_truth.py). For each file of each commit
without merges, a name is truly added if the file has more declarations of it after than before, and truly removed if
fewer. Precision: facts that are true; recall: true changes that a fact tells. Names alone are compared. A prototype in
a header counts as told where the fact of its definition tells it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

from bench.symbols_truth import Names, names_of
from workers.analysis.facts import Deed, Fact, Thing
from workers.analysis.paths import role_of
from workers.analysis.symbols.languages import HEADER_ENDINGS, language_of
from workers.analysis.symbols.symbols import UNREAD, facts_of
from workers.model import Commit, FileChange, FileStatus, Person

STATUS = {
    "A": FileStatus.ADDED,
    "M": FileStatus.MODIFIED,
    "D": FileStatus.DELETED,
    "R": FileStatus.RENAMED,
    "C": FileStatus.COPIED,
    "T": FileStatus.TYPE_CHANGED,
}


def git(repository: str, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, check=True).stdout


def load(repository: str, sha: str) -> tuple[Commit, dict[str, tuple[str, str]]]:
    """A commit as a source gives it, and per path the blobs before and after."""
    shown = git(repository, "show", "--format=", "-M", "--raw", "-p", "--no-color", "--full-index", "--abbrev=40", sha)
    head, _, rest = shown.decode("utf-8", "replace").partition("\n\n")
    metas = [line for line in head.split("\n") if line.startswith(":")]
    files, blobs = [], {}
    for meta, part in zip(metas, ("\n" + rest).split("\ndiff --git ")[1:], strict=True):
        fields = meta[1:].split("\t")
        old_mode, new_mode, old_blob, new_blob, status = fields[0].split()
        at = part.find("\n@@ ")
        files.append(
            FileChange(
                path=fields[-1],
                old_path=fields[1] if len(fields) > 2 else None,
                status=STATUS[status[0]],
                old_mode=old_mode,
                new_mode=new_mode,
                patch=part[at + 1 :].rstrip("\n") if at >= 0 else "",
            )
        )
        blobs[fields[-1]] = (old_blob, new_blob)
    nobody, then = Person(name=""), datetime(2000, 1, 1, tzinfo=UTC)
    commit = Commit(
        sha=sha, author=nobody, committer=nobody, authored_at=then, committed_at=then, message="", files=tuple(files)
    )
    return commit, blobs


def truths(repository: str, commit: Commit, blobs: dict[str, tuple[str, str]]) -> Iterator[tuple[str, Names, Names]]:
    """Per path the names before and after."""
    texts: dict[str, bytes] = {}
    for file in commit.files:
        if language_of(file.path) and file.patch and role_of(file.path) not in UNREAD:
            for side, blob in zip(("a", "b"), blobs[file.path], strict=True):
                if set(blob) != {"0"}:
                    texts[f"{side}/{file.path}"] = git(repository, "cat-file", "blob", blob)
    names = names_of(texts)
    for file in commit.files:
        keys = [f"{side}/{file.path}" for side in ("a", "b")]
        found = [names.get(key, Counter()) for key in keys]
        if any(key in names for key in keys) and None not in found:
            yield file.path, found[0] or Counter(), found[1] or Counter()


def bare(name: str) -> str:
    return name.rpartition("::")[2].rpartition(".")[2].rpartition(":")[2]


def told(facts: list[Fact], deed: Deed) -> set[tuple[str, str, str]]:
    """(path, thing, name) that facts say are added or removed; renames and moves say both."""
    found = set()
    for fact in facts:
        if fact.thing not in (Thing.FUNCTION, Thing.TYPE) or fact.count > 1:
            continue
        if fact.deed is deed:
            found.add((fact.path, fact.thing.value, bare(fact.name)))
        elif fact.deed is Deed.RENAMED and fact.old:
            found.add((fact.path, fact.thing.value, bare(fact.name if deed is Deed.ADDED else fact.old)))
        elif fact.deed is Deed.MOVED and fact.old:
            found.add((fact.path if deed is Deed.ADDED else fact.old, fact.thing.value, bare(fact.name)))
    return found


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("repositories", nargs="+")
    words.add_argument("--commits", type=int, default=200)
    words.add_argument("--skip", type=int, default=0)
    words.add_argument("--show", type=int, default=0, help="how many wrong and missed names to print per language")
    words.add_argument("--only", help="print the wrong and missed names of one language alone")
    chosen = words.parse_args()
    tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
    seconds, size, commits, missing = 0.0, 0, 0, 0
    for repository in chosen.repositories:
        listed = git(repository, "log", "--no-merges", f"-{chosen.commits}", f"--skip={chosen.skip}", "--format=%H")
        for sha in listed.decode().split():
            try:
                commit, blobs = load(repository, sha)
            except subprocess.CalledProcessError:
                missing += 1  # a partial copy of a repository lacks large blobs
                continue
            started = time.process_time()
            facts = list(facts_of(commit))
            seconds += time.process_time() - started
            size += sum(file.patch_bytes for file in commit.files)
            commits += 1
            judge(repository, commit, blobs, facts, tallies, chosen)
    print(
        f"{commits} commits ({missing} could not be read), {size / 1e6:.1f} MB of patches, "
        f"facts in {seconds:.1f} s of one core: {size / 1e6 / seconds:.1f} MB/s"
    )
    for language, tally in sorted(tallies.items()):
        row = [language.ljust(12)]
        for deed in ("added", "removed"):
            right, said, true = (tally[f"{deed} {what}"] for what in ("right", "said", "true"))
            row.append(f"{deed}: precision {right / max(said, 1):.3f} recall {right / max(true, 1):.3f} of {true:5}")
        print("  ".join(row))


def judge(
    repository: str,
    commit: Commit,
    blobs: dict[str, tuple[str, str]],
    facts: list[Fact],
    tallies: defaultdict[str, Counter[str]],
    chosen: argparse.Namespace,
) -> None:
    said = {deed: told(facts, deed) for deed in (Deed.ADDED, Deed.REMOVED)}
    for path, before, after in truths(repository, commit, blobs):
        language = language_of(path)
        for deed, more, fewer in ((Deed.ADDED, after, before), (Deed.REMOVED, before, after)):
            true = {(path, *key) for key in more if more[key] > fewer[key]}
            ours = {entry for entry in said[deed] if entry[0] == path}
            if path.rpartition(".")[2] in HEADER_ENDINGS:
                elsewhere = {entry[1:] for entry in said[deed] - ours}
                true = {entry for entry in true if entry in ours or entry[1:] not in elsewhere}
            name = language.name if language else "?"
            tallies[name].update(
                {f"{deed} right": len(ours & true), f"{deed} said": len(ours), f"{deed} true": len(true)}
            )
            if chosen.only in (None, name) and tallies[name]["shown"] < chosen.show and ours != true:
                tallies[name]["shown"] += 1
                print(f"{repository[-24:]} {commit.sha[:10]} {path} {deed}", file=sys.stderr)
                print(
                    f"   wrong {sorted(ours - true)}  missed {sorted(true - ours)}".replace(path, ""), file=sys.stderr
                )


if __name__ == "__main__":
    main()
