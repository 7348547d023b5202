"""Who sent this body: HMAC signatures of webhooks and of WebSub hubs. Pure: the time comes in.

Three forms are read, whichever the sender uses, always over the bytes as they were received:

- `X-Hub-Signature-256: sha256=HEX`, as GitHub and many content systems send, or `X-Hub-Signature: METHOD=HEX` as
  WebSub has it;
- `X-Signature: HEX` or `sha256=HEX`, with or without `X-Timestamp: SECONDS`; with it, what is signed is the timestamp,
  a full stop and the body;
- `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,BASE64 …`, the Standard Webhooks.

A timestamp that is signed has to be near our own clock; so a push that was overheard is worth nothing later. Within the
window a repeat has the same item ids, and readers drop it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final

from pipeline.errors import SenderRefused
from pipeline.limits import REPLAY_SECONDS

_METHODS: Final = ("sha256", "sha384", "sha512")
"""SHA-1, which WebSub still allows, is no proof any more."""

_BASE64_MARK: Final = "whsec_"


def check_signature(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Return if one of the signatures is that of who holds the secret.

    Args:
        secret: shared with the sender; `whsec_…` is base64, as the Standard Webhooks write it.
        headers: of the request, names in any case.
        body: as received.
        now: current time.

    Raises:
        SenderRefused: there is no signature, none of them fits, or the signed time is too far away.
    """
    found = {name.lower(): value for name, value in headers.items()}
    claims = [*_plain(found, body, now), *_standard(found, body, now)]
    if not claims:
        raise SenderRefused("the request is not signed; sign its body with HMAC-SHA256 and send X-Hub-Signature-256")
    key = _key(secret)
    # Every claim is compared, in constant time, so that the time taken says nothing.
    fits = [hmac.compare_digest(hmac.digest(key, signed, method), claimed) for method, signed, claimed in claims]
    if not any(fits):
        raise SenderRefused("the signature does not fit the body; both sides need the same secret")


_Claim = tuple[str, bytes, bytes]
"""Method, what is signed, the signature."""


def _plain(headers: Mapping[str, str], body: bytes, now: datetime) -> Iterator[_Claim]:
    stamp = headers.get("x-timestamp")
    for name in ("x-hub-signature-256", "x-hub-signature", "x-signature"):
        text = headers.get(name)
        if text is None:
            continue
        method, equals, digits = text.strip().partition("=")
        if not equals:
            method, digits = "sha256", method
        signed = body
        if name == "x-signature" and stamp is not None:
            _refuse_old(stamp, now)
            signed = stamp.encode() + b"." + body
        if method.lower() in _METHODS:
            yield method.lower(), signed, _decoded(digits, binascii.unhexlify)


def _standard(headers: Mapping[str, str], body: bytes, now: datetime) -> Iterator[_Claim]:
    name, stamp, text = (headers.get(f"webhook-{part}") for part in ("id", "timestamp", "signature"))
    if name is None or stamp is None or text is None:
        return
    _refuse_old(stamp, now)
    signed = f"{name}.{stamp}.".encode("utf-8", "surrogateescape") + body
    for claim in text.split(" ")[:8]:
        version, _, digits = claim.partition(",")
        if version == "v1":
            yield "sha256", signed, _decoded(digits, lambda data: base64.b64decode(data, validate=True))


def _decoded(text: str, decode: Callable[[bytes], bytes]) -> bytes:
    try:
        return decode(text.encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        return b""  # compared like any other, and never equal


def _refuse_old(stamp: str, now: datetime) -> None:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise SenderRefused("the timestamp of the signature is no number of seconds since 1970")
    if abs(int(stamp) - now.timestamp()) > REPLAY_SECONDS:
        raise SenderRefused(f"the signature was made more than {REPLAY_SECONDS:g} s ago, or a clock is wrong")


def _key(secret: str) -> bytes:
    if secret.startswith(_BASE64_MARK):
        try:
            return base64.b64decode(secret.removeprefix(_BASE64_MARK), validate=True)
        except ValueError:
            return secret.encode()
    return secret.encode()
