"""A digest to a file or a stream: bit by bit, and whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import get_args

import fakeredis
import pytest
from rich.console import Console

from chatbot.options import Format
from chatbot.output import pieces, write_file
from chatbot.render.terminal import PAGE as LAID_OUT
from chatbot.render.terminal import terminal
from chatbot.views.brief import brief_view
from tests import samples
from tests.alive import Alive
from workers.errors import RefusedError
from workers.model import Digest
from workers.store.digests import DigestStore
from workers.store.shelf import PAGE, Shelf
from workers.words import load_words

PAGES = 5


@pytest.fixture
def stored() -> Iterator[Digest]:
    """A digest of several pages whose commits are in a store and nowhere else."""
    with fakeredis.FakeStrictRedis(version=7) as redis:
        store = DigestStore(redis, timedelta(days=1))
        store.put("d", samples.month(PAGES * PAGE))
        digest = store.get("d")
        assert digest is not None
        yield digest


@pytest.mark.parametrize("form", get_args(Format))
def test_a_stored_digest_is_written_as_the_same_digest_in_memory(stored: Digest, form: Format) -> None:
    assert list(pieces(stored, form)) == list(pieces(samples.month(PAGES * PAGE), form))


@pytest.fixture
def alive(monkeypatch: pytest.MonkeyPatch) -> Alive:
    """Watches every commit that is read from a store."""
    watching = Alive()
    page = Shelf.page
    monkeypatch.setattr(Shelf, "page", lambda *given: watching.watch_all(page(*given)))
    return watching


@pytest.mark.parametrize("form", get_args(Format))
def test_however_long_a_window_is_showing_it_holds_a_page_of_its_commits(
    stored: Digest, alive: Alive, form: Format
) -> None:
    for _ in pieces(stored, form):
        pass
    assert alive.seen >= PAGES * PAGE
    assert alive.most <= PAGE


@pytest.mark.parametrize("form", get_args(Format))
def test_no_piece_of_text_is_longer_in_a_longer_window(form: Format) -> None:
    longest = [max(map(len, pieces(samples.month(count), form))) for count in (PAGE, PAGES * PAGE)]
    assert longest[1] <= 1.1 * longest[0]


def test_however_long_a_window_is_a_terminal_gets_it_page_by_page(stored: Digest, alive: Alive) -> None:
    screen = _Screen()
    terminal(brief_view(stored, load_words("chatbot.views", "en")), Console(file=screen, force_terminal=True, width=90))
    assert alive.seen >= PAGES * PAGE
    assert alive.most <= PAGE
    assert 0 < screen.most_lines < 2 * LAID_OUT


class _Screen(io.StringIO):
    """A terminal that notes how much it is told at once."""

    most_lines = 0

    def write(self, text: str) -> int:
        self.most_lines = max(self.most_lines, text.count("\n"))
        return super().write(text)


def test_a_file_holds_all_the_pieces(tmp_path: Path) -> None:
    write_file(iter(("一\n", "", "two\n")), tmp_path / "new" / "digest.md")
    assert (tmp_path / "new" / "digest.md").read_text("utf-8") == "一\ntwo\n"


def test_pieces_that_break_off_leave_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "digest.md"
    path.write_text("old")

    def broken() -> Iterator[str]:
        yield "new " * 100_000
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_file(broken(), path)
    assert path.read_text() == "old"
    assert list(tmp_path.glob(".digest*")) == []


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(RefusedError, match="output_unwritable"):
        write_file(("text",), tmp_path / "taken" / "digest.md")
