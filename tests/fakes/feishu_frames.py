"""The frames of Feishu's long connection: `pbbp2.Frame` of proto2, written and read without the SDK it is to test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

CONTROL, DATA = 0, 1
VARINT, BYTES = 0, 2


@dataclass
class Frame:
    """A frame. `method` is CONTROL (ping, pong) or DATA (events and their acknowledgements)."""

    method: int
    headers: dict[str, str] = field(default_factory=dict)
    payload: bytes = b""
    service: int = 1
    sequence: int = 0
    log: int = 0

    def encode(self) -> bytes:
        """The bytes that go over the wire."""
        numbers = ((1, self.sequence), (2, self.log), (3, self.service), (4, self.method))
        written = b"".join(_varint(key << 3) + _varint(value) for key, value in numbers)
        for name, value in self.headers.items():
            written += _bytes(5, _bytes(1, name.encode()) + _bytes(2, value.encode()))
        return written + (_bytes(8, self.payload) if self.payload else b"")

    @classmethod
    def decode(cls, data: bytes) -> Frame:
        """Reads a frame; ValueError for what is none."""
        frame = cls(CONTROL)
        for key, value in _fields(data):
            match key, value:
                case 1, int():
                    frame.sequence = value
                case 2, int():
                    frame.log = value
                case 3, int():
                    frame.service = value
                case 4, int():
                    frame.method = value
                case 5, bytes():
                    pair = {number: text for number, text in _fields(value) if isinstance(text, bytes)}
                    frame.headers[pair[1].decode()] = pair[2].decode()
                case 8, bytes():
                    frame.payload = value
        return frame


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def _bytes(key: int, value: bytes) -> bytes:
    return _varint(key << 3 | BYTES) + _varint(len(value)) + value


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    at = 0
    while at < len(data):
        tag, at = _read(data, at)
        value, at = _read(data, at)
        if tag & 7 == VARINT:
            yield tag >> 3, value
        elif tag & 7 == BYTES and at + value <= len(data):
            yield tag >> 3, data[at : at + value]
            at += value
        else:
            raise ValueError(f"field {tag >> 3}")


def _read(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(data):
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise ValueError("a number that does not end")
