"""Signatures: who holds the secret is let in, nobody else, and nobody late."""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SenderRefused
from pipeline.feeds.push.signatures import check_signature

SECRET = "a secret of the desk"
BODY = '{"headline": "Ferry läuft auf Grund"}'.encode()
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


def signed(body: bytes, method: str = "sha256", key: bytes = SECRET.encode()) -> str:
    """Return a signature in hexadecimal."""
    return hmac.new(key, body, method).hexdigest()


def standard(stamp: str, body: bytes = BODY, key: bytes = SECRET.encode()) -> dict[str, str]:
    """Return the headers of the Standard Webhooks."""
    digest = hmac.new(key, f"msg_1.{stamp}.".encode() + body, "sha256").digest()
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": stamp,
        "webhook-signature": "v1,bm90aGluZw== v1," + base64.b64encode(digest).decode(),
    }


GOOD = {
    "GitHub": {"X-Hub-Signature-256": f"sha256={signed(BODY)}"},
    "capitals": {"x-hub-signature-256": f"SHA256={signed(BODY).upper()}"},
    "WebSub": {"X-Hub-Signature": f"sha512={signed(BODY, 'sha512')}"},
    "plain": {"X-Signature": signed(BODY)},
    "plain with time": {"X-Signature": signed(f"{STAMP}.".encode() + BODY), "X-Timestamp": STAMP},
    "standard": standard(STAMP),
    "one of two": {"X-Hub-Signature": f"sha1={signed(BODY, 'sha1')}", "X-Hub-Signature-256": f"sha256={signed(BODY)}"},
}

BAD = {
    "none": {},
    "empty": {"X-Hub-Signature-256": ""},
    "another body": {"X-Hub-Signature-256": f"sha256={signed(BODY + b' ')}"},
    "another secret": {"X-Hub-Signature-256": f"sha256={signed(BODY, key=b'guessed')}"},
    "SHA-1": {"X-Hub-Signature": f"sha1={signed(BODY, 'sha1')}"},
    "no hexadecimal": {"X-Hub-Signature-256": "sha256=" + "ü" * 64},
    "half": {"X-Hub-Signature-256": f"sha256={signed(BODY)[:32]}"},
    "time taken away": {"X-Signature": signed(f"{STAMP}.".encode() + BODY)},
    "time put in": {"X-Signature": signed(BODY), "X-Timestamp": STAMP},
    "old": {"X-Signature": signed(b"1000." + BODY), "X-Timestamp": "1000"},
    "standard, old": standard(str(int(STAMP) - 301)),
    "standard, from the future": standard(str(int(STAMP) + 301)),
    "standard, no number": standard("yesterday"),
    "standard, another time": standard(STAMP) | {"webhook-timestamp": str(int(STAMP) + 1)},
    "standard, another id": standard(STAMP) | {"webhook-id": "msg_2"},
    "standard, no text": standard(STAMP) | {"webhook-id": "\udcff"},
    "standard, another version": {**standard(STAMP), "webhook-signature": "v2,AAAA"},
    "standard, a part missing": {"webhook-signature": standard(STAMP)["webhook-signature"]},
}


@pytest.mark.parametrize("headers", GOOD.values(), ids=GOOD)
def test_who_holds_the_secret_is_let_in(headers: dict[str, str]) -> None:
    """Each form of signature that senders use is accepted."""
    check_signature(SECRET, headers, BODY, NOW)


@pytest.mark.parametrize("headers", BAD.values(), ids=BAD)
def test_nobody_else_is(headers: dict[str, str]) -> None:
    """What is missing, wrong, late or shortened is refused with 401 and one sentence."""
    with pytest.raises(SenderRefused) as caught:
        check_signature(SECRET, headers, BODY, NOW)
    assert (caught.value.status, caught.value.code) == (401, "sender_refused")
    assert SECRET not in str(caught.value)


def test_a_secret_of_the_standard_webhooks_is_base64() -> None:
    """`whsec_…` is decoded before it is used, as the standard has it."""
    key = bytes(range(24))
    check_signature("whsec_" + base64.b64encode(key).decode(), standard(STAMP, key=key), BODY, NOW)


@given(
    st.dictionaries(
        st.sampled_from(["X-Hub-Signature-256", "X-Hub-Signature", "X-Signature", "X-Timestamp", "webhook-id",
                         "webhook-timestamp", "webhook-signature"]),
        st.text(max_size=100) | st.sampled_from(["sha256=", "v1,", STAMP, "sha256=" + "0" * 64]),
    ),
    st.binary(max_size=50),
)  # fmt: skip
def test_nothing_but_the_secret_opens(headers: dict[str, str], body: bytes) -> None:
    """Whatever stands in the headers, without the secret it is a refusal and nothing else."""
    with pytest.raises(SenderRefused):
        check_signature(SECRET, headers, body, NOW)
