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

MAX_INFLATION: Final = 250
"""Highest ratio of decoded to compressed bytes, once more than one item's worth is decoded. News in gzip stays
under ten, the same line over and over reaches a hundred or two, a bomb a thousand."""

MAX_ZIP_DEPTH: Final = 3
"""Most ZIP archives within each other: a day's zip in a month's zip in a year's; bombs nest five and more."""

MAX_ZIP_MEMBERS: Final = 1_000_000
"""Most files of a ZIP archive: decades of a wire; their directory is held in memory, some 500 bytes each."""

MAX_ENTRY_GAP_BYTES: Final = 4 * MAX_ITEM_BYTES
"""Most bytes of a feed that are held while the end of an entry is looked for; a larger entry is no item anyway."""

MAX_BAD_RECORDS: Final = 1_000
"""Most places in a row that look like a WARC record and are none: each costs a new look at the file."""

MAX_XML_DEPTH: Final = 256
"""Deepest nesting of XML. libxml2 sets it; NewsML packages with XHTML inside stay under 40."""

MAX_XML_ELEMENTS: Final = 500_000
"""Most tags of one item. A tree costs about 150 bytes a tag, so memory stays below ten times the item."""

MAX_MESSAGES: Final = 10_000
"""Most telegraph messages in one item: some days of a busy wire."""

MAX_MAIL_LINES: Final = 250_000
"""Most lines of a mail: attachments up to `MAX_ITEM_BYTES` have half of that; the reader looks at each by itself."""

MAX_MAIL_PARTS: Final = 500
"""Most parts of one mail; newsletters with inline pictures stay below 100."""

MAX_MAIL_DEPTH: Final = 12
"""Deepest nesting of a mail's parts and forwarded mails; deeper costs the parser its stack."""
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

MAX_ANSWER_BYTES: Final = 32 * 1024 * 1024
"""Largest body that is fetched, decoded. Feeds with whole articles stay under 10 MB; the body is held in memory."""

MAX_REDIRECTS: Final = 5
"""Most redirects of one fetch. Moved feeds need two or three; more is a loop with changing addresses."""

MAX_URL_CHARS: Final = 8_000
"""Longest address that is fetched: what RFC 9110 asks servers to bear."""

MAX_HEADER_BYTES: Final = 8_190
"""Longest line of a header, received or fetched: what Apache's and nginx's defaults allow."""

MAX_HEADERS: Final = 128
"""Most headers of one answer. News servers behind two layers of caches send about forty."""

CONNECT_SECONDS: Final = 10.0
"""Longest wait for a connection: TCP repeats a lost first packet after 1, 3 and 7 s."""

READ_SECONDS: Final = 20.0
"""Longest silence of a server within an answer; slow content systems take ten seconds to build a feed."""

FETCH_SECONDS: Final = 60.0
"""Longest fetch, redirects included: a server that sends a byte now and then must not hold a poller for long."""

MAX_RETRY_AFTER_SECONDS: Final = 7 * 24 * 3600.0
"""Longest Retry-After that is believed. A week is a holiday; longer is a mistake that would lose the wire."""

MAX_SOURCES: Final = 10_000
"""Most source names one feed keeps apart, in memory and as metric labels; whoever pushes may choose the name."""

MAX_PUSH_BYTES: Final = MAX_RECORD_BYTES
"""Largest body of a push, as received and decoded: the largest record of the raw topic, or several small ones."""

MAX_PUSH_ITEMS: Final = 10_000
"""Most items of one push: each costs a kilobyte of memory beside its bytes, and one push should wait seconds only."""

MAX_PUSHED_BYTES: Final = 2 * MAX_PUSH_BYTES
"""Most bytes of the items in one push, unpacked: a body may be a gzip file or an archive that grows a hundredfold."""

MAX_PUSHES: Final = 32
"""Most pushes in flight. Each waits a few milliseconds for the broker; 32 fill its batches, and bound what is held."""

MAX_PUSH_MEMORY: Final = 128 * 1024 * 1024
"""Most bytes of bodies in flight, as received and decoded: four of the largest, or thousands of common ones."""

MAX_PUSH_BYTES_IN_AIR: Final = 64 * 1024 * 1024
"""Most bytes of pushes that the broker has not acknowledged, those whose senders were told to come again too."""

PUSH_SECONDS: Final = 30.0
"""Longest time for a body to come in: the largest one at 4 Mbit/s."""

HEAD_SECONDS: Final = 15
"""Longest time for the head of a request, and for the next request on a connection: slow heads hold nothing else."""

REPLAY_SECONDS: Final = 300.0
"""How far the signed time of a push may be away: clocks that are kept, senders that retry at once."""
