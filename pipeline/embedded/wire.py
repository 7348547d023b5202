"""Frames: request headers, answers, and a cursor for the two requests that are read by hand.

Produce and Fetch carry all the data, so they are parsed here without building objects; everything else goes
through the message classes of `kafka.protocol`, which know every version's layout.
"""

import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from pipeline.embedded.errors import MalformedRequest

_REQUEST_HEADER = struct.Struct(">hhih")
_INT16, _INT32, _INT64 = struct.Struct(">h"), struct.Struct(">i"), struct.Struct(">q")


class Request(NamedTuple):
    """One request: `body` is what follows the header's client id (tagged fields of the header still in front)."""

    api_key: int
    version: int
    correlation_id: int
    client_id: str
    body: memoryview


def parse_request(frame: bytes | bytearray) -> Request:
    """Read the header of a frame; `MalformedRequest` when there is none."""
    try:
        api_key, version, correlation_id, length = _REQUEST_HEADER.unpack_from(frame)
        end = _REQUEST_HEADER.size + max(length, 0)
        client_id = bytes(frame[_REQUEST_HEADER.size : end]).decode()
    except (struct.error, UnicodeDecodeError) as error:
        raise MalformedRequest("no request header") from error
    if end > len(frame):
        raise MalformedRequest("client id runs past the frame")
    return Request(api_key, version, correlation_id, client_id, memoryview(frame)[end:])


def without_header_tags(request: Request) -> memoryview:
    """Return the body of a request whose header is of the flexible kind."""
    cursor = Cursor(request.body, flexible=True)
    cursor.skip_tags()
    return request.body[cursor.position :]


def answer(request: Request, body: bytes, *, flexible: bool) -> bytes:
    """Frame an answer."""
    tags = b"\0" if flexible else b""
    return _INT32.pack(4 + len(tags) + len(body)) + _INT32.pack(request.correlation_id) + tags + body


class Cursor:
    """Reads protocol fields one after the other, in the flexible encoding or the old one."""

    def __init__(self, data: memoryview, *, flexible: bool) -> None:
        self.position = 0
        self._data = data
        self._flexible = flexible

    def int8(self) -> int:
        """Read one unsigned byte."""
        self.position += 1
        return self._data[self.position - 1]

    def int16(self) -> int:
        """Read 2 bytes."""
        self.position += 2
        return int(_INT16.unpack_from(self._data, self.position - 2)[0])

    def int32(self) -> int:
        """Read 4 bytes."""
        self.position += 4
        return int(_INT32.unpack_from(self._data, self.position - 4)[0])

    def int64(self) -> int:
        """Read 8 bytes."""
        self.position += 8
        return int(_INT64.unpack_from(self._data, self.position - 8)[0])

    def uvarint(self) -> int:
        """Read an unsigned varint."""
        value = shift = 0
        while True:
            byte = self._data[self.position]
            self.position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 28:
                raise MalformedRequest("varint too long")

    def _length(self, wide: Callable[["Cursor"], int]) -> int:
        return self.uvarint() - 1 if self._flexible else wide(self)

    def array(self) -> int:
        """Return the number of elements that follow; 0 for null."""
        return max(0, self._length(Cursor.int32))

    def string(self) -> str | None:
        """Read a string, None for null."""
        content = self._take(self._length(Cursor.int16))
        return None if content is None else str(content, "utf-8")

    def data(self) -> memoryview | None:
        """Read bytes without copying them, None for null."""
        return self._take(self._length(Cursor.int32))

    def _take(self, length: int) -> memoryview | None:
        if length < 0:
            return None
        self.position += length
        if self.position > len(self._data):
            raise MalformedRequest("a field runs past the frame")
        return self._data[self.position - length : self.position]

    def skip_tags(self) -> None:
        """Pass over tagged fields, where the encoding has them."""
        if self._flexible:
            for _ in range(self.uvarint()):
                self.uvarint()
                self._take(self.uvarint())


class Builder:
    """Writes protocol fields one after the other, the counterpart of `Cursor`."""

    def __init__(self, *, flexible: bool) -> None:
        self.out = bytearray()
        self._flexible = flexible

    def put(self, layout: struct.Struct, *values: int) -> None:
        """Write fixed-width fields."""
        self.out += layout.pack(*values)

    def _length(self, length: int, wide: struct.Struct) -> None:
        self.out += uvarint(length + 1) if self._flexible else wide.pack(length)

    def array(self, count: int) -> None:
        """Announce that many elements."""
        self._length(count, _INT32)

    def string(self, text: str | None) -> None:
        """Write a string or null."""
        content = b"" if text is None else text.encode()
        self._length(-1 if text is None else len(content), _INT16)
        self.out += content

    def data_length(self, length: int) -> None:
        """Announce that many bytes, which are sent separately."""
        self._length(length, _INT32)

    def tags(self) -> None:
        """End a structure: no tagged fields."""
        if self._flexible:
            self.out += b"\0"


def uvarint(value: int) -> bytes:
    """Encode an unsigned varint."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def decode(message: Any, request: Request) -> Any:
    """Decode a body with a class of `kafka.protocol`; `MalformedRequest` when it does not fit."""
    try:
        body = without_header_tags(request) if message.flexible_version_q(request.version) else request.body
        return message.decode(body, version=request.version)
    except MalformedRequest:
        raise
    except Exception as error:
        raise MalformedRequest(f"{message.__name__} version {request.version} does not decode: {error}") from error


def encode(response: Any, request: Request, *, version: int | None = None) -> bytes:
    """Encode and frame an answer; an ApiVersions answer never has the flexible header (KIP-511)."""
    body = response.encode(version=request.version if version is None else version)
    flexible = request.api_key != 18 and response.flexible_version_q(request.version)
    return answer(request, body, flexible=flexible)
