"""`commit-digest report` from words to digest, through embedded Redis and real worker processes."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.conftest import Command
from tests.fakes.github import FakeGitHub
from tests.repositories import Identity, RepositoryBuilder
from workers.model import Digest

LEAK = """#include <stdlib.h>

int run(char *name) {
    char *copy = strdup(name);
    if (!copy) return -1;
    int code = work(copy);
    return code;
}
"""


@pytest.fixture
def busy(repository: RepositoryBuilder) -> RepositoryBuilder:
    """A few commits on two days: code, docs, a revert, a Chinese author, a merge that brings nothing of its own."""
    repository.commit("Begin", {"src/run.c": LEAK, "README.md": "# Run\n"}, at=datetime(2026, 2, 20, 9, tzinfo=UTC))
    fixed = LEAK.replace("    return code;", "    free(copy);\n    return code;")
    at = datetime(2026, 2, 21, 9, 0, tzinfo=UTC)
    leak = repository.commit("fix: free the copied name (#12)\n\nSigned-off-by: A <a@b>", {"src/run.c": fixed}, at=at)
    repository.commit(
        "文档：说明如何运行",
        {"README.md": "# Run\n\nrun it | twice\n"},
        author=Identity("赵晨阳", "zhao@example.com"),
        at=at.replace(hour=10),
    )
    repository.branch("side", leak)
    repository.commit("test: cover run", {"tests/test_run.c": "int main() { return 0; }\n"}, branch="side", at=at)
    repository.merge("side", at=at.replace(hour=11))
    repository.commit(
        f'Revert "fix: free the copied name (#12)"\n\nThis reverts commit {leak}.',
        {"src/run.c": LEAK},
        at=at.replace(hour=23),
    )
    return repository


def test_the_last_day_with_commits_is_reported_whole(digest: Command, busy: RepositoryBuilder):
    ended = digest("report", busy.path, "--format", "json", "--timezone", "UTC", "--language", "en")
    assert ended.code == 0, ended.err
    told = Digest.model_validate_json(ended.out)
    (part,) = told.repositories
    assert [entry.subject for entry in part.commits] == [
        'Revert "fix: free the copied name (#12)"',
        "文档：说明如何运行",
        "test: cover run",
        "fix: free the copied name (#12)",
    ]
    revert, docs, _, leak = part.commits
    assert part.statistics.commits == 4
    assert part.statistics.merges_left_out == 1
    assert (leak.pull_request, leak.message) == (12, "")
    assert leak.tier.value != "low"
    assert leak.reverted_by == (revert.sha,)
    assert revert.reverts == (leak.sha,)
    assert docs.author == "赵晨阳"
    assert all(statement.evidence or statement.text for statement in leak.analysis.statements())
    assert told.window.start.isoformat() == "2026-02-21T00:00:00+00:00"


def test_a_second_report_judges_nothing_again_and_says_so(digest: Command, busy: RepositoryBuilder):
    words = ("report", busy.path, "--format", "json", "--timezone", "UTC")
    first, second = (Digest.model_validate_json(digest(*words).out) for _ in range(2))
    assert not any(entry.provenance.cached for entry in first.repositories[0].commits)
    assert all(entry.provenance.cached for entry in second.repositories[0].commits)
    ats = [[entry.provenance.at for entry in told.repositories[0].commits] for told in (first, second)]
    assert ats[0] == ats[1]


def test_fresh_judges_again(digest: Command, busy: RepositoryBuilder):
    words = ("report", busy.path, "--format", "json", "--timezone", "UTC")
    first = Digest.model_validate_json(digest(*words).out)
    second = Digest.model_validate_json(digest(*words, "--fresh").out)
    for before, after in zip(first.repositories[0].commits, second.repositories[0].commits, strict=True):
        assert after.provenance.at > before.provenance.at
        assert not after.provenance.cached


@pytest.mark.parametrize("form", ["terminal", "markdown", "html"])
def test_every_form_names_every_commit(digest: Command, busy: RepositoryBuilder, form: str):
    ended = digest("report", busy.path, "--format", form, "--timezone", "UTC", "--language", "zh")
    assert ended.code == 0
    for sha in busy.git("log", "--format=%h", "--abbrev=7", "--no-merges", "--since=2026-02-21").decode().split():
        assert sha in ended.out
    assert "每日更新报告（2026-02-21）" in ended.out


def test_an_output_file_is_written_whole_and_stdout_stays_empty(
    digest: Command, busy: RepositoryBuilder, tmp_path: Path
):
    ended = digest("report", busy.path, "--format", "json", "--output", tmp_path / "new" / "digest.json")
    assert (ended.code, ended.out) == (0, "")
    json.loads((tmp_path / "new" / "digest.json").read_text())
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["digest.json"]


def test_the_least_tier_leaves_commits_out_but_counts_them(digest: Command, busy: RepositoryBuilder):
    told = digest("report", busy.path, "--format", "json", "--least-tier", "medium", "--timezone", "UTC").json
    (part,) = told["repositories"]
    assert part["statistics"]["commits"] == 4
    assert "low" not in {entry["tier"] for entry in part["commits"]}


def test_an_empty_day_is_one_honest_line(digest: Command, busy: RepositoryBuilder):
    ended = digest("report", busy.path, "--date", "2026-01-01", "--timezone", "UTC", "--language", "en")
    assert ended.code == 0
    assert "2026-01-01" in ended.out


def test_github_and_disk_tell_the_same(digest: Command, busy: RepositoryBuilder):
    words = ("--format", "json", "--timezone", "UTC", "--language", "en", "--date", "2026-02-21")
    with FakeGitHub({"acme/run": busy.path}) as github:
        ended = digest("report", "acme/run", *words, GITHUB_API_URL=github.url)
        assert ended.code == 0, ended.err
        there = ended.json["repositories"][0]
        asked = len(github.asked())
        again = digest("report", "acme/run", *words, GITHUB_API_URL=github.url)
        assert again.code == 0
        assert asked <= 1 + 4
        assert len(github.asked()) == asked
    here = digest("report", busy.path, *words).json["repositories"][0]
    assert [entry["sha"] for entry in there["commits"]] == [entry["sha"] for entry in here["commits"]]
    for ours, theirs in zip(here["commits"], there["commits"], strict=True):
        assert ours["tier"] == theirs["tier"]
        assert ours["analysis"] == theirs["analysis"]


def test_results_go_to_stdout_and_nothing_else_does(digest: Command, busy: RepositoryBuilder):
    ended = digest("report", busy.path, "--format", "json", REDIS_URL="")
    json.loads(ended.out)


def test_the_plain_terminal_form_has_no_escape_sequences(digest: Command, busy: RepositoryBuilder):
    busy.commit("evil \x1b[31mred\x07 \u202etxt", {"a.py": "x = 1\n"}, at=datetime(2026, 2, 22, tzinfo=UTC))
    ended = digest("report", busy.path, "--timezone", "UTC")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", ended.out)


@pytest.mark.parametrize("form", ["json", "markdown", "html", "terminal"])
def test_a_secret_in_a_diff_or_a_message_reaches_no_view(digest: Command, repository: RepositoryBuilder, form: str):
    secret = "ghp_" + "x7Kq2ZpLm9Tr4WvB8NcY" + "1sDf6GhJ3aQe5UiO"
    repository.commit(f"Use the key {secret}", {"deploy.py": f'TOKEN = "{secret}"\n'})
    ended = digest("report", repository.path, "--format", form)
    assert ended.code == 0
    assert "Use the key" in ended.out
    assert secret not in ended.out + ended.err
