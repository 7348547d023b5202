"""One item while it is read: its bytes, its labels, and its text and JSON, each decoded at most once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import orjson

from pipeline.errors import MalformedItem
from pipeline.parsers.decoding import Decoded, decode
from pipeline.parsers.mail.envelope import is_mail
from pipeline.parsers.telegraph.framing import is_framed
from pipeline.parsers.xml import Document, Prolog, parse_xml, read_prolog
from schemas.article import Correction, DateAccuracy, Dateline, Extent, Media, Status, Subject
from schemas.ids import content_digest
from schemas.raw import RawItem


class Reading:
    """The bytes of an item and what its labels say about them."""

    def __init__(self, body: bytes, media_type: str | None = None, name: str | None = None) -> None:
        self.body = body
        self.name = (name or "").lower().removesuffix(".gz")
        kind, _, parameters = (media_type or "").partition(";")
        self.media_type = kind.strip().lower()
        self._parameters = parameters

    @classmethod
    def of(cls, raw: RawItem) -> Reading:
        """Start reading a raw item."""
        return cls(raw.body, raw.media_type, raw.uri)

    @cached_property
    def charset(self) -> str | None:
        """The charset that the media type states."""
        for parameter in self._parameters.split(";"):
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "charset":
                return value.strip(" \"'").lower() or None
        return None

    @cached_property
    def decoded(self) -> Decoded:
        """The text, with what had to be guessed to get it.

        Raises:
            InputError: the bytes are no text.
        """
        return decode(self.body, self.charset)

    @property
    def text(self) -> str:
        """The text of the item, without a byte order mark."""
        return self.decoded.text

    @cached_property
    def opening(self) -> bytes:
        """The first bytes that say something, as ASCII markup would start: no byte order mark, no white space."""
        return self.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")

    @cached_property
    def digest(self) -> str:
        """The digest of the bytes; an item of many articles would pay for it many times."""
        return content_digest(self.body)

    @cached_property
    def framed(self) -> bool:
        """Whether the item is telegraph messages between control characters. Cheap."""
        return is_framed(self.body)

    @cached_property
    def mail(self) -> bool:
        """Whether the item begins like an e-mail. Cheap."""
        return is_mail(self.body)

    @cached_property
    def json(self) -> object:
        """The JSON value of the whole item.

        Raises:
            MalformedItem: the item is no JSON.
            InvalidEncoding: the item is no text at all.
        """
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            pass
        try:
            return orjson.loads(self.text)
        except orjson.JSONDecodeError as error:
            reason = str(error).partition(":")[0]
            raise MalformedItem(
                f"this is no valid JSON: {reason} at line {error.lineno}, column {error.colno}."
            ) from error

    @cached_property
    def prolog(self) -> Prolog | None:
        """What stands before the root element of XML; None for what does not start like markup. Cheap."""
        utf16 = self.opening[:2] in {b"\xff\xfe", b"\xfe\xff"}
        return read_prolog(self.text) if utf16 or self.opening[:1] == b"<" else None

    @cached_property
    def xml(self) -> Document:
        """The tree of the whole item.

        Raises:
            UnsafeItem: it brings a DTD, or more structure than is allowed.
            MalformedItem: the item is no XML.
            InvalidEncoding: the item is no text at all.
        """
        return parse_xml(self.text)


@dataclass(slots=True)
class Draft:
    """What a dialect found in an item; `normalize` makes the Article of it. Unknown stays None or empty."""

    paragraphs: list[str] = field(default_factory=list)
    wire_id: str | None = None
    version: str | None = None
    status: Status = "usable"
    headline: str | None = None
    byline: str | None = None
    dateline: Dateline | None = None
    slug: str | None = None
    language: str | None = None
    published_at: datetime | None = None
    published_accuracy: DateAccuracy | None = None
    updated_at: datetime | None = None
    embargoed_until: datetime | None = None
    urgency: int | None = None
    genre: str | None = None
    keywords: list[str] = field(default_factory=list)
    subjects: list[Subject] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    correction: Correction | None = None
    extent: Extent = "full"
    uri: str | None = None
    notes: list[str] = field(default_factory=list)
    """What the editor tells the desks, no part of the text: notices are looked for here; the first goes with one."""
    content: bytes | None = None
    """The bytes of this article alone, where the item holds several."""
    warnings: list[str] = field(default_factory=list)
