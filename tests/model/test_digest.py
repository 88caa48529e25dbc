"""A whole digest by way of a small real model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.model.server import KEY
from tests.processes import ROOT
from tests.repositories import RepositoryBuilder
from workers.model import Digest


def report(repository: Path, data: Path, url: str) -> tuple[int, Digest]:
    """What `commit-digest report` exits with and writes."""
    environment = {
        "DATA_DIR": str(data),
        "PYTHONPATH": str(ROOT),
        "OPENAI_BASE_URL": url,
        "OPENAI_API_KEY": KEY,
        "OPENAI_MODEL": "smollm2",
        "OPENAI_CONCURRENCY": "2",
    }
    command = [sys.executable, "-m", "chatbot", "report", str(repository), "--judge", "model", "--format", "json"]
    ended = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr
    return ended.returncode, Digest.model_validate(json.loads(ended.stdout))


@pytest.mark.timeout(600)
def test_a_digest_is_whole_and_says_who_judged_each_commit(small_model: str, tmp_path: Path):
    """The model often fails to end a sentence; what it cannot judge is judged by rules, which is then told."""
    built = RepositoryBuilder(tmp_path / "repository")
    built.commit("docs: say how long it waits", {"README.md": "It waits for 60 seconds.\n"})
    built.commit("test: cover the wait", {"tests/test_wait.py": "def test_wait():\n    assert wait() == 60\n"})
    code, digest = report(built.path, tmp_path / "data", small_model)
    entries = [entry for part in digest.repositories for entry in part.commits]
    assert len(entries) == 2
    by_rules = sum(entry.analysis.engine == "offline" for entry in entries)
    assert sum(problem.by_rules for problem in digest.problems) == by_rules
    assert digest.unseen == ()
    assert code == (4 if by_rules else 0)
    for entry in entries:
        counts = entry.grounding
        assert counts.checked == counts.supported + counts.repaired + counts.removed
        assert entry.provenance.input_tokens > 0
