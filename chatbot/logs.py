"""Where the log goes: for a command that a person runs, into a file; for a service, to stderr as its host expects."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from workers.errors import DigestError
from workers.settings import load_settings

LOG_MOST = 5_000_000
"""Bytes above which the log of commands begins anew: it is for looking up a reference of the last days."""
FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


def log_of_commands() -> Path | None:
    """Sends warnings and worse into `commands.log` of the data folder; worker processes inherit that.

    Returns the file; None where it cannot be written, which is no reason not to do what was asked.
    """
    try:
        data_dir = load_settings().data_dir
        path = data_dir / "commands.log"
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = path.exists() and path.stat().st_size > LOG_MOST
        handler = logging.FileHandler(path, mode="w" if fresh else "a", encoding="utf-8")
    except (OSError, DigestError):
        return None
    logging.basicConfig(handlers=[handler], level=logging.WARNING, format=FORMAT, force=True)
    return path


def log_to_stderr() -> None:
    """Sends everything from INFO on to stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format=FORMAT, force=True)
