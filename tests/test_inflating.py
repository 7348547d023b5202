"""Content encodings: whatever the pieces, the same bytes come out; whatever the bytes, nothing else is raised."""

from __future__ import annotations

import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import inflating
from pipeline.errors import ItemTooLarge, MalformedItem
from pipeline.inflating import ENCODINGS, Body

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "identity": bytes,
}
MEGABYTE = 1024 * 1024


def decode(encoding: str, data: bytes, cuts: list[int], limit: int = MEGABYTE) -> bytes:
    """Decode in pieces that end at these places."""
    body = Body(encoding, limit)
    places = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    for start, end in pairwise(places):
        body.feed(data[start:end])
    return body.finish()


@given(st.sampled_from([*PACKERS]), st.binary(max_size=300), st.integers(1, 600), st.lists(st.integers(0), max_size=8))
def test_pieces_do_not_matter(encoding: str, start: bytes, times: int, cuts: list[int]) -> None:
    """However a body is cut on its way, it is decoded to what was encoded."""
    body = start * times
    assert decode(encoding, PACKERS[encoding](body), cuts) == body


@given(st.sampled_from([*ENCODINGS]), st.binary(max_size=400), st.lists(st.integers(0), max_size=4))
def test_any_bytes_are_decoded_or_refused(encoding: str, data: bytes, cuts: list[int]) -> None:
    """Noise is an input error and nothing else."""
    with contextlib.suppress(MalformedItem, ItemTooLarge):
        assert len(decode(encoding, data, cuts)) <= MEGABYTE


@given(st.sampled_from([*ENCODINGS]), st.binary(min_size=1, max_size=3000), st.integers(0))
def test_no_half_body_passes(encoding: str, body: bytes, cut: int) -> None:
    """A body that ends too early is never taken for a whole one."""
    packed = PACKERS[encoding](body)
    kept = packed[: 1 + cut % (len(packed) - 1)]
    try:
        found = decode(encoding, kept, [])
    except MalformedItem:
        return
    # Only what follows the end of the data itself may be missing.
    assert found == body


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_bomb_costs_what_the_cap_says(encoding: str) -> None:
    """Sixty-four megabytes in a few kilobytes are left at one, in memory of the same order."""
    pieces = [bytes(MEGABYTE)] * 64
    packer = {"gzip": zlib.compressobj(wbits=31), "deflate": zlib.compressobj()}.get(encoding)
    if packer is None:
        bomb = brotli.compress(b"".join(pieces), quality=4)
    else:
        bomb = b"".join(map(packer.compress, pieces)) + packer.flush()
    assert len(bomb) * 500 < 64 * MEGABYTE
    body = Body(encoding, MEGABYTE)
    tracemalloc.start()
    try:
        with pytest.raises(ItemTooLarge):
            body.feed(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * MEGABYTE


def test_members_without_end_are_refused() -> None:
    """Gzip of many members is read, but not of so many that only their number costs time."""
    assert decode("gzip", gzip.compress(b"x") * 9_000, []) == b"x" * 9_000
    with pytest.raises(MalformedItem, match="members"):
        decode("gzip", gzip.compress(b"") * 20_000, [], limit=8 * MEGABYTE)


def test_a_whole_body_is_decoded_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Zlib copies its rest after every step: handed a whole body of small members it would take minutes for them."""
    sizes: list[int] = []

    class Spy:
        """An engine that notes what it is handed."""

        def feed(self, data: bytes) -> Iterator[bytes]:
            """Note and pass on."""
            sizes.append(len(data))
            yield data

        def complete(self) -> bool:
            """Say that all is there."""
            return True

    monkeypatch.setitem(inflating._ENGINES, "gzip", Spy)
    assert decode("gzip", bytes(MEGABYTE), []) == bytes(MEGABYTE)
    assert (max(sizes) <= 64 * 1024, sum(sizes)) == (True, MEGABYTE)


@pytest.mark.parametrize("encoding", ["zstd", "gzip, br", "compress", "x-br2", "\x00"])
def test_other_encodings_are_refused(encoding: str) -> None:
    """What cannot be decoded under a cap is not decoded at all."""
    with pytest.raises(MalformedItem, match="gzip, deflate, br"):
        Body(encoding, MEGABYTE)
