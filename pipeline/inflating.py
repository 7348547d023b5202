"""Content encodings of HTTP decoded piece by piece under a cap, so that a bomb costs what the cap says and no more.

Used for what is fetched and for what is pushed. Only encodings whose library stops at an output limit are decoded.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Final, Protocol

import brotli

from pipeline.errors import ItemTooLarge, MalformedItem

ENCODINGS: Final = ("gzip", "deflate", "br")
"""What may be offered to a server, and what a sender may use."""

_PIECE: Final = 64 * 1024
_SLICE: Final = 16 * 1024
_GZIP: Final = zlib.MAX_WBITS | 16
_MAX_MEMBERS: Final = 10_000
"""Most members of one gzip body. Each costs microseconds even where it is empty; block-wise gzip has one for 64 KB."""


class _Engine(Protocol):
    """One encoding: bytes in, decoded pieces of bounded size out."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def complete(self) -> bool: ...


class Body:
    """A body that arrives in pieces and may be encoded.

    Args:
        encoding: the header Content-Encoding, empty or "identity" where there is none.
        limit: most bytes, decoded; as received, so many too.

    Raises:
        MalformedItem: the encoding is not one of `ENCODINGS`, or there are several.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        name = encoding.strip().lower().removeprefix("x-") or "identity"
        if name not in _ENGINES:
            raise MalformedItem(f"the content encoding {name[:40]!r} is not one of {', '.join(ENCODINGS)}")
        self._name = name
        self._engine = _ENGINES[name]()
        self._limit = limit
        self._received = 0
        self._decoded = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next piece.

        Raises:
            ItemTooLarge: the limit is passed; nothing beyond it was decoded.
            MalformedItem: the data is damaged.
        """
        self._received += len(data)
        self._refuse(self._received)
        try:
            # In slices: zlib copies what it has left to do after every step, which for a whole body is quadratic.
            for start in range(0, len(data), _SLICE):
                for piece in self._engine.feed(data[start : start + _SLICE]):
                    self._refuse(len(self._decoded) + len(piece))
                    self._decoded += piece
        except (zlib.error, brotli.error) as error:
            raise MalformedItem(f"the {self._name} data is damaged: {error}") from error

    def finish(self) -> bytes:
        """Return the decoded body.

        Raises:
            MalformedItem: the data ends before the encoding says that it is complete.
        """
        if self._received and not self._engine.complete():
            raise MalformedItem(f"the {self._name} data ends too early, after {self._received} bytes")
        return bytes(self._decoded)

    def _refuse(self, size: int) -> None:
        if size > self._limit:
            raise ItemTooLarge(f"the body has more than {self._limit} bytes, which is the limit")


class _Identity:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def complete(self) -> bool:
        return True


class _Zlib:
    """gzip, with several members, or deflate in either of its two meanings."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._engine = zlib.decompressobj(_GZIP) if gzip else None
        self._members = 1

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._engine is None:
                # RFC 9110 means the zlib format; some servers send bare deflate, which starts otherwise.
                wrapped = data[0] & 0x0F == 8 and data[0] >> 4 <= 7
                self._engine = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
            if self._engine.eof:
                if not self._gzip or data[0] != 0x1F:
                    return  # padding behind the end
                self._members += 1
                if self._members > _MAX_MEMBERS:
                    raise zlib.error(f"it has more than {_MAX_MEMBERS} members")
                self._engine = zlib.decompressobj(_GZIP)
            piece = self._engine.decompress(data, _PIECE)
            yield piece
            # A full piece may leave output behind though all input is taken; it must not wait for the next input.
            while len(piece) == _PIECE and not self._engine.unconsumed_tail and not self._engine.eof:
                piece = self._engine.decompress(b"", _PIECE)
                yield piece
            data = self._engine.unconsumed_tail or self._engine.unused_data

    def complete(self) -> bool:
        return self._engine is None or self._engine.eof


class _Brotli:
    def __init__(self) -> None:
        self._engine = brotli.Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._engine.is_finished():
            return
        piece = self._engine.process(data, output_buffer_limit=_PIECE)
        while piece:
            yield piece
            if self._engine.is_finished():
                return
            piece = self._engine.process(b"", output_buffer_limit=_PIECE)

    def complete(self) -> bool:
        return bool(self._engine.is_finished())


_ENGINES: Final[dict[str, Callable[[], _Engine]]] = {
    "identity": _Identity,
    "gzip": lambda: _Zlib(gzip=True),
    "deflate": lambda: _Zlib(gzip=False),
    "br": _Brotli,
}
