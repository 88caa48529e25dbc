"""The way in: `python -m chatbot` is `commit-digest`."""

from __future__ import annotations

import signal
import sys


def main() -> int:
    """Runs the command line of this process."""
    # While modules are imported there is nothing to take down: Ctrl-C just ends the process, without a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from chatbot.cli import main as run  # noqa: PLC0415

    return run()


if __name__ == "__main__":
    sys.exit(main())
