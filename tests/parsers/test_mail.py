"""E-mail: which part is the story, what is left out around it, what its header says, and what is no mail."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from pipeline.errors import NoArticle, UnsafeItem
from pipeline.parsers import Reading, detect
from pipeline.parsers.mail.release import clean_subject, is_person
from pipeline.stages.normalize import normalize
from schemas import Article, RawItem

STORY = "The road between Harbour City and Askeby is open again after 19 days, the Road Board said on Tuesday."


def letter(**headers: str) -> EmailMessage:
    """A mail with the usual header."""
    message = EmailMessage()
    fields = {"From": "Road Board <press@roads.example>", "Subject": "Road reopened", "Message-ID": "<1@roads.example>"}
    for name, value in {**fields, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        message[name] = value
    return message


def read(message: EmailMessage | bytes, raw: Callable[..., RawItem]) -> Article:
    return normalize(raw(message if isinstance(message, bytes) else message.as_bytes()))[0]


@pytest.mark.parametrize(
    ("body", "is_mail"),
    [
        (b"From: a@b.example\nSubject: x\n\nWords", True),
        (b"From a@b.example Tue Mar 7 09:00:00 2017\nMessage-ID: <1@b>\nSubject: x\n\nWords", True),
        (b"Received: by mx\r\n with smtp\r\nSubject: x\r\n\r\nWords", True),
        (b"Subject: Norland\nTo: all\n\nWords", False),
        (b"From: the coast\nSubject: storms\n\nWords", False),
        (b"From: a@b.example\nSubject: x\nThis line is no field\n\nWords", False),
        (b"From: a@b.example\nSubject: x", False),
        (b"Note: this is prose.\n\nMore.", False),
    ],
)
def test_detection(body: bytes, is_mail: bool) -> None:
    """Fields that only mail has make a mail, in a whole header."""
    assert (detect(Reading(body)).NAME == "e-mail") == is_mail


def test_plain_wins_over_html(raw: Callable[..., RawItem]) -> None:
    """Of two forms of one story the plain one is read."""
    message = letter()
    message.set_content(
        STORY + "\n\nSecond paragraph, plain and long enough to be no stub of any kind at all, to be sure."
    )
    message.add_alternative(f"<p>{STORY}</p><p>Second paragraph in HTML.</p>", subtype="html")
    assert "Second paragraph, plain" in read(message, raw).text


@pytest.mark.parametrize("stub", ["", " \n", "View this email in your browser: https://roads.example/1\n"])
def test_html_wins_over_a_stub(stub: str, raw: Callable[..., RawItem]) -> None:
    """A plain part that is empty or only points elsewhere gives way."""
    message = letter()
    message.set_content(stub)
    message.add_alternative(f"<style>p{{}}</style><p>{STORY}</p><p>Two.</p>", subtype="html")
    assert read(message, raw).text == f"{STORY}\n\nTwo."


def test_pieces_in_a_row(raw: Callable[..., RawItem]) -> None:
    """Parts that follow each other are one story, plain or HTML: nothing between pictures is lost."""
    body = (
        b"From: a@b.example\nMessage-ID: <1@b>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\n\nOne, plain.\n--b\nContent-Type: image/png; name=map.png\n\nx\n"
        b"--b\nContent-Type: text/html\n\n<p>Two, marked up.</p>\n--b\n\nThree, plain.\n--b--\n"
    )
    assert read(body, raw).text == "One, plain.\n\nTwo, marked up.\n\nThree, plain."


def test_attachments_are_named(raw: Callable[..., RawItem]) -> None:
    """What came along and was not read is said in the warnings; the story is not mixed with it."""
    message = letter()
    message.set_content(STORY)
    message.add_attachment("Other words.", filename="notes.txt")
    message.add_attachment(b"PK", maintype="application", subtype="zip", filename="tables.zip")
    forwarded = letter()
    forwarded.set_content("Forwarded words.")
    message.add_attachment(forwarded)
    article = read(message, raw)
    assert article.text == STORY
    named = [line for line in article.provenance.warnings if line.startswith("attachment:")]
    assert len(named) == 3
    assert "notes.txt" in named[0]
    assert "message/rfc822" in named[2]


@pytest.mark.parametrize(
    ("subject", "headline"),
    [
        ("=?utf-8?B?WsO8cmljaA==?= =?utf-8?Q?_f=C3=A4hrt?=", "Zürich fährt"),
        ("=?iso-8859-1?Q?Z=FCrich?=", "Zürich"),
        ("=?x-nonsense?Q?Z=FCrich?=", "Z\ufffdrich"),
        ("=?utf-8?B?broken", "=?utf-8?B?broken"),
        ("Re: Fwd: [Roads] Road reopened", "Road reopened"),
        ("PRESS RELEASE: Road reopened", "Road reopened"),
        ("Road\r\n reopened", "Road reopened"),
    ],
)
def test_subjects(subject: str, headline: str, raw: Callable[..., RawItem]) -> None:
    """Encoded words, folded lines and prefixes give a clean headline; damage gives what can be read."""
    body = f"From: a@b.example\r\nMessage-ID: <1@b>\r\nSubject: {subject}\r\n\r\n{STORY}\r\n"
    assert read(body.encode(), raw).headline == headline


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Ida Holm", True), ("Jean-Luc Dahl", True), ("Anna van der Berg", True), ("José O’Neill", True),
        ("Press Office", False), ("Norland Relief Agency", False), ("noreply", False), ("News Desk", False),
        ("Ministry of Health", False), ("Holm", False), ("UN News", False), ("ida.holm@b.example", False),
    ],
)  # fmt: skip
def test_only_people_have_bylines(name: str, person: bool) -> None:
    """The sender is the author only where the name is a person's."""
    assert is_person(name) == person


@pytest.mark.parametrize(
    "foot",
    [
        "-- \nRoad Board\n12 Quay Street",
        "_______________________________________________\nRoads mailing list\nRoads@roads.example",
        "\nYou are receiving this because you signed up. Unsubscribe: https://roads.example/u",
        "\nThis e-mail and any attachments are confidential.",
        "\n###",
        "\nENDS",
    ],
)
def test_footers_are_left_out(foot: str, raw: Callable[..., RawItem]) -> None:
    """Signatures, list footers and end marks are no part of the story."""
    message = letter()
    message.set_content(f"{STORY}\n\nIt is closed at night.\n{foot}\n")
    assert read(message, raw).text == f"{STORY}\n\nIt is closed at night."


def test_a_story_about_footers_keeps_its_end(raw: Callable[..., RawItem]) -> None:
    """A long last paragraph stays whatever it mentions."""
    last = "The law lets people unsubscribe with one click. " * 20
    message = letter()
    message.set_content(f"{STORY}\n\n{last}\n")
    assert read(message, raw).text.endswith(last.strip())


def test_embargo_of_a_release(raw: Callable[..., RawItem]) -> None:
    """An embargo above a release holds the article, and the dateline under it is still found."""
    message = letter(Date="Mon, 6 Mar 2017 11:02:08 +0100")
    message.set_content(f"EMBARGOED UNTIL 00:01 GMT, Tuesday 7 March 2017\n\nASKEBY, 6 March 2017 (NRB) - {STORY}\n")
    article = read(message, raw)
    assert article.embargoed_until is not None
    assert article.embargoed_until.isoformat() == "2017-03-07T00:01:00+00:00"
    assert article.dateline is not None
    assert article.dateline.place == "Askeby"
    assert "EMBARGOED" not in article.text


def test_identity(raw: Callable[..., RawItem]) -> None:
    """The Message-ID is the identity; a reply is another mail."""
    bodies = []
    for number, reference in (("1", ""), ("1", ""), ("2", "<1@roads.example>")):
        message = letter(Message_ID=f"<{number}@roads.example>", References=reference)
        del message["References"]
        message.set_content(STORY + number * len(bodies))
        bodies.append(read(message, raw).article_id)
    assert bodies[0] == bodies[1] != bodies[2]


def test_broken_base64_and_charset(raw: Callable[..., RawItem]) -> None:
    """Damaged encodings give what can be read, with a warning where letters were lost."""
    head = b"From: a@b.example\nMessage-ID: <1@b>\nContent-Type: text/plain; charset=utf-8\n"
    assert read(head + b"Content-Transfer-Encoding: base64\n\nVGhlIHJvYWQgaXMgb3Blbi4!!!", raw).text.startswith(
        "The road"
    )
    lost = read(head + b"Content-Transfer-Encoding: 8bit\n\nThe \x81\x8d\x8f\x90\x9d\xff\xfe road is open again.", raw)
    assert lost.text == "The road is open again."
    assert [line for line in lost.provenance.warnings if line.startswith("charset")]


def test_mail_without_words(raw: Callable[..., RawItem]) -> None:
    """A mail with nothing but a picture is no article."""
    message = letter()
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="map.png")
    with pytest.raises(NoArticle):
        read(message, raw)


HEADER = b"From: a@b.example\nMessage-ID: <1@b>\nMIME-Version: 1.0\n"


@pytest.mark.parametrize(
    "body",
    [
        HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000,
        HEADER + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3_000)),
        HEADER + b"Content-Type: message/rfc822\n\n" * 3_000,
        HEADER + b"\n" + b"=\n" * 300_000,
    ],
    ids=["parts", "depth", "mails in mails", "lines"],
)
@pytest.mark.timeout(10)
def test_bombs(body: bytes, raw: Callable[..., RawItem]) -> None:
    """Far more parts, or deeper ones, than any mail has are refused at once."""
    with pytest.raises(UnsafeItem):
        read(body, raw)


@pytest.mark.parametrize(
    "field",
    [
        b"Subject: " + b"(" * 100_000,
        b"From: " + b"<" * 100_000,
        b"From: " + b"a@b, " * 50_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 50_000,
        b"Date: " + b"1 " * 50_000,
        b"Message-ID: " + b"<" * 100_000,
        b"Content-Type: text/plain; " + b"a*0=b; " * 20_000,
        b'Content-Type: text/plain; charset="' + b"\\" * 50_000,
        b"Content-Disposition: " + b"x; filename=" * 10_000,
        b"Keywords: " + b"," * 100_000,
        b"Content-Type: text/plain; charset=a\0b\nContent-Transfer-Encoding: 8bit\nX: \xff",
        b"Date: Tue, 7 Mar 99999999999999999999 09:00:00 +0100",
        b"Date: Tue, 7 Mar 2017 09:00:00 +9999999999999999999",
        b"X: y\n" * 20_000 + b"X: y",
    ],
    ids=lambda field: repr(field[:24]),
)
@pytest.mark.timeout(20)
def test_hostile_headers(field: bytes, raw: Callable[..., RawItem]) -> None:
    """Header values without end cost time in proportion, and never break the reader."""
    with contextlib.suppress(UnsafeItem):
        assert read(HEADER + field + b"\n\n" + STORY.encode(), raw).text == STORY


@pytest.mark.parametrize("value", [b"<a@[", b"<[", b"<>", b"<a@b> <c@d>", b"=?utf-8?q?<a@b>?="])
def test_odd_message_ids(value: bytes, raw: Callable[..., RawItem]) -> None:
    """A message id that the standard library breaks on costs the id, not the mail."""
    head = b"Message-ID: " + value + b"\nFrom: Ann Ek <ann@desk.example>\nSubject: Rail strike ends\n\n"
    assert read(head + STORY.encode(), raw).text == STORY


def test_clean_subject_keeps_something() -> None:
    """A subject of prefixes alone stays as it is."""
    assert clean_subject("Re:") == "Re:"
