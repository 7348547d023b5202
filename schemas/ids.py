"""Deterministic ids: the same input gives the same id, whenever and wherever it is made.

An id is the first 128 bits of a BLAKE2b digest over length-prefixed parts, in hexadecimal. The length prefix
keeps ("ab", "c") and ("a", "bc") apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b

_ID_BYTES = 16


def _framed(parts: Iterable[str | bytes]) -> bytes:
    framed = b""
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        framed += len(data).to_bytes(8, "big") + data
    return framed


def stable_id(*parts: str | bytes) -> str:
    """Return 32 hexadecimal digits that depend on every part and on where one part ends."""
    return blake2b(_framed(parts), digest_size=_ID_BYTES).hexdigest()


def content_digest(body: bytes) -> str:
    """Return the digest of raw bytes that provenance carries (128 bits, hexadecimal)."""
    return blake2b(body, digest_size=_ID_BYTES).hexdigest()


def article_id(source: str, *, wire_id: str | None, uri: str | None, body: bytes) -> str:
    """Return the id that all versions of one article share.

    The wire's own id decides where there is one, else the uri, else the content. Publishers use the same id
    as `RawItem.item_id`, the key of `news.raw`: so all versions of an article meet in one partition, in order.
    """
    if wire_id:
        return stable_id("article", source, "wire", wire_id)
    if uri:
        return stable_id("article", source, "uri", uri)
    return stable_id("article", source, "content", body)


def event_id(article: str, version: str, digest: str, record_type: str, key: str) -> str:
    """Return the `ce_id` of one record derived from one version of an article.

    The digest of the raw bytes takes part: wires do resend changed content under an unchanged version.
    """
    return stable_id("event", article, version, digest, record_type, key)


def entity_id(entity_type: str, name: str) -> str:
    """Return the id of an entity without a link: its type and its canonical name, case folded."""
    return stable_id("entity", entity_type, " ".join(name.casefold().split()))


def figure_id(article: str, *claim: str) -> str:
    """Return the id of a figure: the article and what is claimed, never the number that is claimed."""
    return figure_ids(article)(*claim)


def figure_ids(article: str) -> Callable[..., str]:
    """Return `figure_id` for one article, which takes the claim only: what all its ids share is hashed once."""
    shared = blake2b(_framed(("figure", article)), digest_size=_ID_BYTES)

    def name(*claim: str) -> str:
        digest = shared.copy()
        digest.update(_framed(claim))
        return digest.hexdigest()

    return name
