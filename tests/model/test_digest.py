"""A whole digest judged by a small real model: what it says is poor, and so it is checked all the more."""

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
def test_a_digest_is_made_with_a_real_model_and_is_kept(small_model: str, tmp_path: Path):
    built = RepositoryBuilder(tmp_path / "repository")
    built.commit("Begin", {"src/limits.py": "MAX_WAIT = 60\n"})
    built.commit("fix: give up sooner (#7)", {"src/limits.py": "MAX_WAIT = 30\n"})
    code, digest = report(built.path, tmp_path / "data", small_model)
    entries = [entry for part in digest.repositories for entry in part.commits]
    assert code in (0, 4)
    assert len(entries) == 2
    judged = [entry for entry in entries if entry.analysis.engine == "model"]
    assert judged
    for entry in judged:
        counts = entry.grounding
        assert counts.checked == counts.supported + counts.repaired + counts.removed
        assert entry.provenance.input_tokens > 0
    again = [
        entry for part in report(built.path, tmp_path / "data", small_model)[1].repositories for entry in part.commits
    ]
    kept = {entry.sha for entry in again if entry.provenance.cached}
    assert {entry.sha for entry in judged} <= kept
