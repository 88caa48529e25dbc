"""What is derived from a thing, each made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

T = TypeVar("T")


class Kept:
    """Keeps what others derive from an object, for as long as it lives."""

    def kept(self, key: str, make: Callable[[], T]) -> T:
        """What `make` gives, made when it is first asked for under this key."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    @cached_property
    def _kept(self) -> dict[str, Any]:
        return {}
