"""Reasons that tell no more than a kind and a place."""

from __future__ import annotations

from workers.words import Words

BARE = ("change", "fix", "feature", "performance")
"""The topics whose reasons do."""


def is_bare(reason: str, words: Words) -> bool:
    """Whether a reason tells no more than a kind and a place: that of a fix or a feature without other consequence."""
    templates = (words(f"reason.{topic}", where="\0").split("\0") for topic in BARE)
    return any(reason.startswith(before) and reason.endswith(after) for before, after in templates)
