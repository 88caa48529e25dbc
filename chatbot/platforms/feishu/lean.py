"""Feishu's SDK without what is not used of it.

Two of its packages import every API that Feishu has as soon as anything of them is wanted, its long connection every
kind of event: 11,000 modules, 3 s and 147 MiB, where we need 700. Python is given these empty; what is below them is
imported by its own name (`lark_oapi.core.model`, not `lark_oapi`). See `bench/feishu.py` for the figures.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

PACKAGES = frozenset({"lark_oapi", "lark_oapi.api"})


class _Empty(Loader):
    def exec_module(self, module: ModuleType) -> None:
        """Leaves it empty."""


class _EmptyPackages(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The packages where they are, but with nothing to run in them."""
        del target
        spec = PathFinder.find_spec(fullname, path) if fullname in PACKAGES else None
        if spec is not None:
            spec.loader = _Empty()
        return spec


def keep_lean() -> None:
    """From now on the SDK's packages are empty, unless they have been imported already. A second call does nothing."""
    if not any(isinstance(finder, _EmptyPackages) for finder in sys.meta_path):
        sys.meta_path.insert(0, _EmptyPackages())


@contextmanager
def left_out(name: str, **names: object) -> Iterator[None]:
    """While the context lasts, a module that is imported and not used has these names and no others."""
    if name in sys.modules:
        yield
        return
    module = sys.modules[name] = ModuleType(name)
    vars(module).update(names)
    try:
        yield
    finally:
        del sys.modules[name]
