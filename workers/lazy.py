"""Sequences that make each value when it is looked at, so that a long window is never in memory as a whole."""

from __future__ import annotations

import zlib
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import eq
from typing import Annotated, Generic, Self, TypeVar, overload

from pydantic import (
    BaseModel,
    SerializerFunctionWrapHandler,
    ValidatorFunctionWrapHandler,
    WrapSerializer,
    WrapValidator,
)

S = TypeVar("S")
T = TypeVar("T")
V = TypeVar("V", bound=BaseModel)

COMPRESS_OVER = 1024
"""Bytes of JSON above which it is compressed: below, it takes longer (26 microseconds) than it saves."""
LEVEL = 1
"""zlib's fastest level: half the size of a commit's head."""


class Lazy(Sequence[T]):
    """Base of such sequences. They can be gone through again and again; each time every value is made anew."""

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...

    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        """One value, or those of a slice, which are all made at once."""
        places = range(len(self))[index]
        return self._at(places) if isinstance(places, int) else self._several(places)

    def __eq__(self, other: object) -> bool:
        """Whether the other is a sequence, lazy or not, of the same values."""
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]  # it would have to make every value

    @abstractmethod
    def _at(self, place: int) -> T:
        """The value at a place from 0 to the length, less one."""

    def _several(self, places: range) -> Sequence[T]:
        """The values at such places."""
        return tuple(map(self._at, places))


class Mapped(Lazy[T], Generic[S, T]):
    """What a function makes of each value of another sequence."""

    def __init__(self, source: Sequence[S], make: Callable[[S], T]) -> None:
        self._source = source
        self._make = make

    def __len__(self) -> int:
        return len(self._source)

    def __iter__(self) -> Iterator[T]:
        return map(self._make, self._source)

    def _at(self, place: int) -> T:
        return self._make(self._source[place])


class Joined(Lazy[T]):
    """Several sequences, one after the other."""

    def __init__(self, parts: Iterable[Sequence[T]]) -> None:
        self._parts = tuple(parts)

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def __iter__(self) -> Iterator[T]:
        return (value for part in self._parts for value in part)

    def _at(self, place: int) -> T:
        for part in self._parts:
            if place < len(part):
                return part[place]
            place -= len(part)
        raise IndexError(place)


class Compact(Lazy[V]):
    """Values that are kept as JSON, compressed where long: some hundred bytes for what takes kilobytes as objects."""

    def __init__(self, cls: type[V], values: Iterable[V] = ()) -> None:
        self._cls = cls
        self._packed: list[bytes] = []
        self.extend(values)

    def extend(self, values: Iterable[V]) -> None:
        """Adds values at the end, holding one at a time."""
        self._packed.extend(map(_pack, values))

    def where(self, wanted: Callable[[V], bool]) -> Self:
        """Those values that are wanted, in the same order; they are shared, not copied."""
        return self.pick(place for place, value in enumerate(self) if wanted(value))

    def pick(self, places: Iterable[int]) -> Self:
        """The values at these places, in the order of the places; they are shared, not copied."""
        picked = type(self)(self._cls)
        picked._packed = [self._packed[place] for place in places]
        return picked

    def __len__(self) -> int:
        return len(self._packed)

    def __iter__(self) -> Iterator[V]:
        return map(self._read, self._packed)

    def _at(self, place: int) -> V:
        return self._read(self._packed[place])

    def _read(self, packed: bytes) -> V:
        text = packed if packed.startswith(b"{") else zlib.decompress(packed)
        return self._cls.model_validate_json(text)


def _pack(value: BaseModel) -> bytes:
    text = value.__pydantic_serializer__.to_json(value)
    return zlib.compress(text, LEVEL) if len(text) > COMPRESS_OVER else text


def _lazy_or_whole(value: object, handler: ValidatorFunctionWrapHandler) -> Sequence[object]:
    return value if isinstance(value, Lazy) else tuple(handler(value))


def _as_list(value: Sequence[object], handler: SerializerFunctionWrapHandler) -> object:
    return handler(tuple(value))


Many = Annotated[Sequence[T], WrapValidator(_lazy_or_whole), WrapSerializer(_as_list)]
"""The type of a value's field that holds many values: a tuple of them, or a Lazy sequence, taken as it is."""
