"""What a question costs over a long window, beside the making of its digest."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from bench.questions.asking import window_of
from workers.questions.about import about
from workers.questions.passages import passages
from workers.questions.values import Asked

QUESTIONS = ("Does this break my config?", "why was the default timeout changed?", "默认值为什么改了？")


def time_window(mirror: Path, commits: int) -> Iterator[str]:
    """Lines of figures over the newest so many commits of a repository."""
    command = ["git", "-C", str(mirror), "rev-list", "--first-parent", f"--max-count={commits + 1}", "HEAD"]
    oldest = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()[-1]
    begun = time.perf_counter()
    window = window_of(mirror, mirror.name, f"{oldest}..HEAD", ("en",))
    making = time.perf_counter() - begun
    size = sum(file.patch_bytes for commit in window.commits.values() for file in commit.files)
    yield f"{len(window.commits)} commits, {size / 1e6:.1f} MB of patches, fetched and judged in {making:.2f} s"
    with window.corpus("en") as corpus:
        for question in QUESTIONS:
            begun = time.perf_counter()
            found = about(Asked(text=question, language="en", digest_id="bench"), corpus)
            passages(question, found.commits, corpus)
            spent = time.perf_counter() - begun
            yield f"{1000 * spent:7.1f} ms = {spent / making:.4f} of that: {question}"
