"""Where the log goes: for a command that a person runs, into a file; for a service, to stderr as its host expects."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

LOG_MOST = 5_000_000
"""Bytes above which the log of commands begins anew: it is for looking up a reference of the last days."""
FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


def log_to_file(data_dir: Path) -> Path | None:
    """Sends warnings and worse into `commands.log` of the data folder, which worker processes inherit.

    Returns the file; None where it cannot be written, which is no reason not to do what was asked.
    """
    path = data_dir / "commands.log"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        fresh = path.exists() and path.stat().st_size > LOG_MOST
        handler = logging.FileHandler(path, mode="w" if fresh else "a", encoding="utf-8")
    except OSError:
        logging.basicConfig(handlers=[logging.NullHandler()])
        return None
    logging.basicConfig(handlers=[handler], level=logging.WARNING, format=FORMAT)
    return path


def log_to_stderr() -> None:
    """Sends everything from INFO on to stderr."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format=FORMAT)
