"""What decides an analysis beside its commit, as parts of the keys under which analyses are kept."""

from __future__ import annotations

from prompts.prompts import fingerprint

OFFLINE_PROMPT = "offline/4"
"""Version of everything that decides what an offline analysis says; raise it when that changes."""

TASKS = ("high", "medium", "low", "part", "repair")
"""The prompts that a judgement by a model may use."""


def judge_prompt() -> str:
    """What of the prompts decides a model's analysis."""
    return f"judge/{fingerprint(*TASKS)}"


def highlights_prompt() -> str:
    """What of the prompts decides highlights."""
    return f"highlights/{fingerprint('highlights', 'repair')}"
