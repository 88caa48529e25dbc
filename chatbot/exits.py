"""What commands exit with."""

from __future__ import annotations

DONE = 0
WRONG_WORDS = 2
UNREACHABLE = 3
"""A source, server or key could not be reached or was refused; or a defect of ours."""
PARTLY_JUDGED = 4
"""Done, but part of it could not be judged; the result says which."""
STOPPED = 130
"""Ctrl-C."""
