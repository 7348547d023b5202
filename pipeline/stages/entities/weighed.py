"""Weighed features: the names of the features that a model has weights for, read from its file.

A feature without a weight changes no score, but the tagger looks it up all the same. The file is CRFsuite's: a header
that says where the dictionary of features begins, and there one record after the other behind the hash tables.
"""

from __future__ import annotations

from struct import unpack_from
from typing import Final

_FEATURES_AT: Final = 36
"""Place of the header's field with the offset of the dictionary of features."""

_RECORDS: Final = 24 + 256 * 8
"""Bytes from the start of a dictionary to its first record: its header and the places of its 256 hash tables."""

_MAGIC: Final = b"lCRF"
_DICTIONARY: Final = b"CQDB"


def weighed_features(model: bytes) -> frozenset[bytes]:
    """Return the features that a model weighs.

    Raises:
        ValueError: this is no model of CRFsuite.
    """
    start: int = unpack_from("<I", model, _FEATURES_AT)[0] if model.startswith(_MAGIC) else 0
    if model[start : start + 4] != _DICTIONARY:
        raise ValueError("the file of the entity tagger is no model of CRFsuite: train it anew with `make train`")
    count: int = unpack_from("<I", model, start + 16)[0]
    at = start + _RECORDS
    found = []
    for _ in range(count):
        size: int = unpack_from("<I", model, at + 4)[0]
        found.append(model[at + 8 : at + 7 + size])  # without the zero at its end
        at += 8 + size
    return frozenset(found)
