"""Telegraph formats: framing, charsets, typography, slugs, trailers, identity, and what is no telegraph at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import BinaryItem, InputError, InvalidEncoding, NoArticle
from pipeline.parsers import Reading, detect
from pipeline.parsers.telegraph.charsets import decode_wire
from pipeline.parsers.telegraph.framing import messages_of
from pipeline.parsers.telegraph.slugs import read_slug
from pipeline.parsers.telegraph.trailer import read_trailer
from pipeline.parsers.telegraph.typography import lines_of, plain
from pipeline.stages.normalize import normalize
from schemas import Article, RawItem

GOLDENS = Path(__file__).parent / "goldens"
HEAD = b"\x16\x16\x01a0123\x1f-----\r\nr i\x13\x11 BC-Norland-Flood  03-06 0450\r\n\x02"
STORY = b"\tASKEBY, Norland (AP) _ The river rose by two meters on Monday.<\r\n"
TAIL = b"^AP-ES-03-06-17 1015EST<\r\n\x03\r\n\x04"


def golden(name: str, raw: Callable[..., RawItem]) -> Article:
    return normalize(raw((GOLDENS / name).read_bytes()))[0]


def anpa(text: bytes, raw: Callable[..., RawItem], head: bytes = HEAD, tail: bytes = TAIL) -> Article:
    return normalize(raw(head + text + tail))[0]


def test_versions_of_a_slug_meet(raw: Callable[..., RawItem]) -> None:
    """Story, write-through, correction and kill of one slug on one day are versions of one article."""
    names = ("base", "writethru", "correction", "kill")
    found = [golden(f"anpa-1312/{name}.anpa", raw) for name in names]
    assert len({article.article_id for article in found}) == 1
    assert len({article.version for article in found}) == 4
    assert [article.status for article in found] == ["usable", "usable", "usable", "cancelled"]


@pytest.mark.parametrize(
    "head",
    [
        HEAD.replace(b"Flood ", b"Flood 1stAdd"),
        HEAD.replace(b"Flood ", b"Flood take2 "),
        HEAD.replace(b"03-06", b"03-07"),
        HEAD.replace(b"Flood", b"Storm"),
        HEAD.replace(b"BC-", b"AM-"),
    ],
)
def test_other_stories_do_not_meet(head: bytes, raw: Callable[..., RawItem]) -> None:
    """A take, another day, another cycle and another slug never replace a story."""
    assert anpa(STORY, raw, head).article_id != anpa(STORY, raw).article_id


def test_transmission_number_is_no_identity(raw: Callable[..., RawItem]) -> None:
    """The same slug under another number is the same article."""
    assert anpa(STORY, raw, HEAD.replace(b"a0123", b"a0999")).article_id == anpa(STORY, raw).article_id


def test_no_day_no_identity(raw: Callable[..., RawItem]) -> None:
    """A slug alone comes again every day: without a day the message has no id of its own."""
    body = HEAD.replace(b"03-06", b"") + STORY + b"\x03\r\n\x04"
    assert detect(Reading(body)).wire_id(Reading(body)) is None
    assert normalize(raw(body))[0].published_at is None


@pytest.mark.parametrize(
    ("line", "name", "version", "piece", "kind", "words"),
    [
        ("BC-Norland-Flood,0450", "BC-Norland-Flood", None, None, None, 450),
        ("BC-Norland-Flood, 1st Ld-Writethru,0510", "BC-Norland-Flood", "1stLd-Writethru", None, None, 510),
        ("BC-Norland-Flood,1stLd-Writethru,0510", "BC-Norland-Flood", "1stLd-Writethru", None, None, 510),
        ("AM-Norland-Flood, 2nd Ld", "AM-Norland-Flood", "2ndLd", None, None, None),
        ("BC-Norland-Flood, 1st Add,0200", "BC-Norland-Flood", None, "1stadd", None, 200),
        ("BC-Norland-Flood, take 2", "BC-Norland-Flood", None, "take2", None, None),
        ("BC-Norland-Flood, 1st Ld-Sub", "BC-Norland-Flood", None, "1stldsub", None, None),
        ("BC-Norland-Flood, Kill", "BC-Norland-Flood", None, None, "kill", None),
        (
            "BC-Norland-Flood, 1st Ld-Writethru, Correction",
            "BC-Norland-Flood",
            "1stLd-Writethru",
            None,
            "correction",
            None,
        ),
        ("BC-Norland-Flood, Advisory", "BC-Norland-Flood", None, None, "advisory", None),
        ("BC-Norland-Killings,0300", "BC-Norland-Killings", None, None, None, 300),
    ],
)
def test_slugs(
    line: str, name: str, version: str | None, piece: str | None, kind: str | None, words: int | None
) -> None:
    """The keyword line gives name, version, piece, kind and word count, however it is spaced."""
    found = read_slug(line)
    assert (found.name, found.version, found.piece, found.kind, found.words) == (name, version, piece, kind, words)


@pytest.mark.parametrize(
    ("line", "at", "zone"),
    [
        ("AP-ES-03-06-17 1015EST<", "2017-03-06 10:15", "EST"),
        ("AP-NY-03-06-17 2315GMT<", "2017-03-06 23:15", "GMT"),
        ("16:35ET 31-10-14<", "2014-10-31 16:35", "ET"),
        ("061015 GMT MAR 17", "2017-03-06 10:15", "GMT"),
        ("061530 Mrz 17", "2017-03-06 15:30", None),
        ("061530 MÄR 2017", "2017-03-06 15:30", None),
        ("311200 déc 98", "1998-12-31 12:00", None),
        ("12-25-89 0900PST", "1989-12-25 09:00", "PST"),
        ("03-06-17 1015EST", None, None),
        ("310230 FEB 17", None, None),
        ("061015 GMT XYZ 17", None, None),
        ("AP-ES-13-45-17 1015EST", None, None),
        ("", None, None),
    ],
)
def test_trailers(line: str, at: str | None, zone: str | None) -> None:
    """The closing line gives day and time; what is impossible or ambiguous gives none, and says so."""
    found = read_trailer(line)
    assert (f"{found.at:%Y-%m-%d %H:%M}" if found.at else None, found.zone) == (at, zone)
    assert (found.warning is not None) == (at is None and line != "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("\tOne goes\r\non here.<\r\n\tTwo.<\r\n", ["One goes on here.", "Two."]),
        ("One.<\r\nTwo.<\r\n", ["One.", "Two."]),
        ("^One<\r\n^Two=\r\nThree\r\nfour.", ["One", "Two", "Three four."]),
        ("He said, ``Go.''", ["He said, “Go.”"]),
        ("Askeby _ a town _ waits", ["Askeby — a town — waits"]),
        ("About 3\x1d1-2 meters and 10-12 feet", ["About 3 1/2 meters and 10-12 feet"]),
        ("cafe\x08' and \x27\x08e", ["café and é"]),
        ("the teh\x18 river", ["the river"]),
        ("One\x0cbf2\x0b bold\x0cmd\x0b word", ["One bold word"]),
        ("No\x00ise\x7f of pad\x00\x00\x00ding", ["Noise of padding"]),
        ("Wheat    182.50\r\nOats     141.00", ["Wheat 182.50", "Oats 141.00"]),
        ("Wheat\t182.50\r\nOats\t141.00", ["Wheat 182.50", "Oats 141.00"]),
        ("One.\r\n___\r\nTwo.", ["One. ___ Two."]),
        ("One.<\r\n___<\r\nTwo.<", ["One.", "Two."]),
    ],
)
def test_typography(text: str, lines: list[str]) -> None:
    """Codes of typesetters become plain characters, soft returns are joined, tables stay lines."""
    assert [line.text for line in lines_of(plain(text))] == lines


@pytest.mark.parametrize(
    ("body", "text", "warned"),
    [
        (b"\x1b(KB}hne gro~\x1b(B {x}", "Bühne groß {x}", False),
        (b"\x1b(Hv{rldens st|rsta }", "världens största å", False),
        (b"\x1b(`r|dt f{r", "rødt fær", False),
        (b"\x1b(Rd{j@", "déjà", False),
        (b"\x1b-AZ\xfcrich", "Zürich", False),
        (b"\x1b-LCyrillic \xbc\xde\xe1", "Cyrillic Мос", False),
        (b"\x1b-BZa\xbf\xf3\xb3\xe6", "Zażółć", False),
        (b"\x1b-Rd\xc2ej\xc1a \xf1", "déjà æ", False),
        (b"\x1b-Ad\x0ei\x0fj\x0e`\x0f vu", "déjà vu", False),
        (b"\x1b%Gd\xc3\xa9j\xc3\xa0", "déjà", False),
        ("Zürich".encode(), "Zürich", False),
        ("Zürich für öffentliche Gespräche".encode("cp1252"), "Zürich für öffentliche Gespräche", True),
        ("Zürich für öffentliche Gespräche".encode("cp850"), "Zürich für öffentliche Gespräche", True),
        (b"f}r die gro~e B}hne", "f}r die gro~e B}hne", True),
        (b"Plain words.", "Plain words.", False),
        (b"One bad \xff byte in a long line of words, " + b"as lines have. " * 20, None, True),
    ],
)
def test_charsets(body: bytes, text: str | None, warned: bool) -> None:
    """What is announced is obeyed, what is clear is read with a warning, what is unclear is left alone."""
    found, warning = decode_wire(body)
    assert text is None or found == text
    assert (warning is not None) == warned


def test_a_charset_that_cannot_be_told() -> None:
    """Many bytes in no charset that fits are refused: wrong letters would look like right ones."""
    with pytest.raises(InvalidEncoding):
        decode_wire(bytes(range(128, 256)) + b" words")


def test_padding_passes_and_binaries_do_not(raw: Callable[..., RawItem]) -> None:
    """NUL, DEL and SYN around and within a message are no reason to refuse it; a binary in a frame is."""
    padded = b"\x00" * 3000 + HEAD + STORY.replace(b"\n", b"\n\x00\x00\x7f") + TAIL + b"\x7f" * 500 + b"\x00" * 5000
    assert normalize(raw(padded))[0].text == anpa(STORY, raw).text
    for body in (HEAD + bytes(range(32)) * 40 + TAIL, HEAD + b"\0A" * 500 + TAIL, b"\x01\x02\x03\x04" * 200):
        with pytest.raises(BinaryItem):
            normalize(raw(body))


@pytest.mark.parametrize(
    ("body", "dialect"),
    [
        (HEAD + STORY + TAIL, "anpa-1312"),
        (b"\x01abc001 3 pl 120\r\nNorland\r\n\x02Words of the story.\r\n\x03", "iptc-7901"),
        (b"\x00\x00\x16\x01abc001 3 pl\r\n\x02Words of the story.\r\n\x03", "iptc-7901"),
        (b"a0123 r i BC-Norland-Flood\n\nWords of the story.", "plain-text"),
    ],
)
def test_detection(body: bytes, dialect: str) -> None:
    """Frame and header tell the dialect; the same words without a frame are plain text."""
    assert dialect == detect(Reading(body, "text/plain", "a.txt")).NAME


@pytest.mark.parametrize(
    ("opening", "place"),
    [
        (b"Askeby (bno) Die Br\xfccke ist offen.", "Askeby"),
        (b"Harbour City (bno). Die Br\xfccke ist offen.", "Harbour City"),
        (b"Askeby (bno) - Die Br\xfccke ist offen.", "Askeby"),
        (b"Der Rat (Askeby) hat am Montag getagt und alles beschlossen.", None),
        (b"Die Partei (bno) Die Linke hat am Montag getagt und ist zufrieden.", None),
    ],
)
def test_datelines_without_a_dash(opening: bytes, place: str | None, raw: Callable[..., RawItem]) -> None:
    """Place and agency open a story even without a dash; a bracket in a sentence does not."""
    article = normalize(raw(b"\x01bno001 3 pl 8\r\nNorland\r\n\x02Kopf=\r\n" + opening + b"\r\n\x03"))[0]
    assert (article.dateline.place if article.dateline else None) == place


def test_messages_without_an_end() -> None:
    """A message that is cut off is read as far as it goes; a header without text is no message."""
    assert [message.text for message in messages_of("\x01a\x02one\x01b\x01c\x02two\x03x\x04")] == ["one", "two"]
    assert messages_of("no frame") == []


def test_a_label_without_a_frame(raw: Callable[..., RawItem]) -> None:
    """Telegraph text that lost its control characters is read under its label, and says what it lacks."""
    body = b"^BC-Norland-Flood,0012<\r\n^River rises<\r\n" + STORY + b"^AP-ES-03-06-17 1015EST<\r\n"
    article = normalize(raw(body, uri="file:a.anpa"))[0]
    assert (article.headline, article.slug) == ("River rises", "BC-Norland-Flood")
    assert article.text == anpa(STORY, raw).text
    assert article.provenance.warnings


def test_several_messages_are_several_articles(raw: Callable[..., RawItem]) -> None:
    """Each message of a file has an id of its own, the same as if it came alone."""
    body = (GOLDENS / "anpa-1312" / "two_messages.anpa").read_bytes()
    together = normalize(raw(body))
    cut = body.index(b"\x16\x16", 10)
    alone = [normalize(raw(part))[0] for part in (body[:cut], body[cut:])]
    assert [article.article_id for article in together] == [article.article_id for article in alone]


@pytest.mark.parametrize("text", [b"", b"\r\n\r\n", b"^BC-Norland-Flood,0450<\r\n", b"\t---<\r\n"])
def test_a_message_without_words(text: bytes, raw: Callable[..., RawItem]) -> None:
    """A header without a story is no article."""
    with pytest.raises(NoArticle):
        anpa(text, raw)


@pytest.mark.parametrize(
    ("priority", "urgency"), [(b"f", 1), (b"b", 2), (b"u", 3), (b"r", 5), (b"d", 6), (b"a", 8), (b"y", 9), (b"x", None)]
)
def test_priorities(priority: bytes, urgency: int | None, raw: Callable[..., RawItem]) -> None:
    """A flash is the most urgent, a rerun the least; an unknown letter says nothing."""
    assert anpa(STORY, raw, HEAD.replace(b"r i", priority + b" i")).urgency == urgency


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_damaged_messages(cut: int, raw: Callable[..., RawItem]) -> None:
    """Wherever a message is cut, something is read or it is refused in a sentence."""
    body = (GOLDENS / "anpa-1312" / "base.anpa").read_bytes()
    for damaged in (body[:cut], body[cut:], body[:cut] + b"\x02\x03" + body[cut:]):
        with contextlib.suppress(InputError):
            assert normalize(raw(damaged))
