"""The command line before anything heavy: language, help, words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from chatbot.cli import language_of_person, main
from chatbot.exits import STOPPED
from tests.processes import ROOT


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ([], {}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        ([], {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        (["report", ".", "--language", "zh"], {}, "zh"),
        (["report", ".", "--language=en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--language"], {}, "en"),
    ],
)
def test_the_language_is_that_of_the_words_else_of_the_locale(arguments, environment, language):
    assert language_of_person(arguments, environment) == language


@pytest.mark.parametrize("words", [["--help"], ["report", "--help"], ["--version"]])
def test_help_imports_no_client_of_anything(words: list[str]):
    code = (
        "import sys\nfrom chatbot.cli import main\n"
        f"assert main({words!r}) == 0\n"
        "print(sorted(sys.modules.keys() & {'openai', 'github', 'lark_oapi', 'slack_bolt', 'rq', 'redis', 'rich'}))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.splitlines()[-1] == "[]"


def test_every_command_is_described_in_both_languages(monkeypatch: pytest.MonkeyPatch, capsys):
    for locale, word in (("zh_CN.UTF-8", "日报"), ("C.UTF-8", "digest")):
        monkeypatch.setenv("LANG", locale)
        for command in ("report", "demo", "worker", "doctor"):
            assert main([command, "--help"]) == 0
        assert word in capsys.readouterr().out


def test_without_a_command_the_help_is_shown(capsys):
    assert main([]) == 2
    assert "report" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_while_a_text_is_executed_as_imports_do_it_still_ends_with_its_own_code(
    number: signal.Signals, tmp_path: Path
):
    code = f"""
        import os, sys
        from chatbot import cli, report
        report.report = lambda *_, **__: exec("os.kill(os.getpid(), {number.value})\\nwhile True: pass")
        sys.exit(cli.main(["report", "."]))
    """
    (tmp_path / "stopped.py").write_text(textwrap.dedent(code))
    command = [sys.executable, "-m", "stopped"]  # only so does Python mind what ended a text, as for `-m chatbot`
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (STOPPED, "")
    assert "Stopped" in ended.stderr
