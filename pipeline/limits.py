"""Every cap in one place, each with its reason. Bytes are bytes, times are seconds."""

from __future__ import annotations

from typing import Final

MAX_ITEM_BYTES: Final = 8 * 1024 * 1024
"""Largest raw item. The longest wire stories stay under 1 MB; eight times that leaves room for markup and keeps
one item far below what a worker may hold while its heartbeats wait."""

MAX_RECORD_BYTES: Final = 16 * 1024 * 1024
"""Largest Kafka record, for producers and for `max.message.bytes` of the topics: an item of `MAX_ITEM_BYTES`
that is not UTF-8 grows by a third in base64 and once more by its escapes."""

MAX_DEADLETTER_BYTES: Final = 24 * 1024 * 1024
"""Largest dead letter: a record of `MAX_RECORD_BYTES` in base64, with its error."""

MAX_LINE_BYTES: Final = MAX_RECORD_BYTES
"""Longest line of a JSON Lines input; a longer one is skipped without being held in memory."""

MAX_TEXT_CHARS: Final = 2_000_000
"""Longest canonical text: a book. Longer is no article."""

MAX_XML_DEPTH: Final = 256
"""Deepest nesting of XML. libxml2 sets it; NewsML packages with XHTML inside stay under 40."""

MAX_XML_ELEMENTS: Final = 500_000
"""Most tags of one item. A tree costs about 150 bytes a tag, so memory stays below ten times the item."""

MAX_HTML_TAGS: Final = 80_000
"""Most tags of one HTML page, opening and closing ones. A live blog of a day has 20,000; every block is weighed."""

MAX_HTML_ATTRIBUTES: Final = 1_000
"""Most attributes of one HTML tag. libxml2 compares each with all before it, so 100,000 of them take minutes."""

MAX_TRACE_CHARS: Final = 4_000
"""Longest stack kept in a dead letter; the innermost frames are what helps."""

MAX_MESSAGE_CHARS: Final = 500
"""Longest message of a dead letter: a sentence; an error that quotes its input would fill a page."""

STOP_SECONDS: Final = 10.0
"""A worker that was asked to stop is gone after this, whatever hangs; what it had not committed is repeated."""
