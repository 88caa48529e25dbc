"""`python -m bench.show REPOSITORY [--date D | --range A..B] [--model scripted|small] [--into FOLDER]`: to be read.

Writes the digest of a day, or of a range, of a git repository as Markdown in Chinese and in English, the whole way from
the command to the text. It is judged by a script that stands in for a strong model and writes from the diff it is shown
(`tests.diff_reader`), or by the small real model of `make test-model`. Each file says which. Prints what each took.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.diff_reader import reading_the_diff
from tests.fakes.model import RIGHT_KEY, FakeModel
from tests.model.server import KEY

ROOT = Path(__file__).parents[1]
LANGUAGES = {"en": "", "zh": ".zh-CN"}
"""The languages, with the ending that they give to a file's name."""

NOTES = {
    (
        "scripted",
        "en",
    ): "> Judged by a script that stands in for a strong model: it writes its sentences from the diff it "
    "is shown. Everything else is as in daily use.",
    ("scripted", "zh"): "> 本例由一段脚本代替强模型作出判断：句子均由脚本根据所见差异写成，其余各环节与日常使用相同。",
    (
        "small",
        "en",
    ): "> Judged by a very small real model, SmolLM2-135M, to show the way to a model at work. What it says is "
    "poor: the check removes what the commit does not bear out, and the rules judge what it cannot.",
    (
        "small",
        "zh",
    ): "> 本例由极小的真实模型 SmolLM2-135M 判断，仅用于展示与模型之间的整条链路。它的表述质量有限："
    "经不起核对的内容会被移除，"
    "它无法判断的提交改由规则判断。",
}


class Server(NamedTuple):
    """Where a model answers, and as what."""

    url: str
    key: str
    model: str
    at_once: int


@contextmanager
def serving(model: str) -> Iterator[Server]:
    """The server of a model, while the context lasts."""
    if model == "scripted":
        with FakeModel(reading_the_diff) as fake:
            fake.models = ("scripted", "scripted")
            yield Server(fake.url, RIGHT_KEY, "scripted", 8)
        return
    command = [sys.executable, "-m", "tests.model.server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield Server(process.stdout.readline().strip(), KEY, "smollm2", 2)
        finally:
            process.terminate()


def digest(repository: Path, window: list[str], language: str, server: Server, data: Path) -> str:
    """The digest as Markdown. SystemExit where the command fails; a digest of which parts are by rules is none."""
    environment = {
        **os.environ,
        "DATA_DIR": str(data),
        "OPENAI_BASE_URL": server.url,
        "OPENAI_API_KEY": server.key,
        "OPENAI_MODEL": server.model,
        "OPENAI_CONCURRENCY": str(server.at_once),
    }
    command = [sys.executable, "-m", "chatbot", "report", str(repository), *window, "--language", language]
    command += ["--judge", "model", "--timezone", "UTC", "--format", "markdown"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    if ended.returncode not in (0, 4):
        raise SystemExit(ended.stderr)
    return ended.stdout


def with_note(text: str, note: str) -> str:
    """The digest with a note below its title."""
    title, _, rest = text.partition("\n")
    return f"{title}\n\n{note}\n{rest}"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("repository", type=Path)
    words.add_argument("--date")
    words.add_argument("--range")
    words.add_argument("--model", choices=("scripted", "small"), default="scripted")
    words.add_argument("--into", type=Path, default=Path())
    given = words.parse_args()
    window = ["--date", given.date] if given.date else ["--range", given.range] if given.range else []
    given.into.mkdir(parents=True, exist_ok=True)
    with serving(given.model) as server, tempfile.TemporaryDirectory() as data:
        for language, ending in LANGUAGES.items():
            begun = time.perf_counter()
            text = digest(given.repository.resolve(), window, language, server, Path(data))
            path = given.into / f"digest-{given.model}{ending}.md"
            path.write_text(with_note(text, NOTES[given.model, language]), encoding="utf-8")
            print(f"{path}: {len(text.encode()):,} bytes in {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
