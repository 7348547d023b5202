"""Our reader of feeds beside feedparser and fastfeedparser: odd feeds read right, speed, and three bombs.

    pip install feedparser fastfeedparser
    python -m benchmarks.feed_readers

The odd feeds are those of the tests. The peers' texts and titles are compared without their markup, so that only what
they read counts, not how they hand it out. A peer that raises has read nothing.
"""

from __future__ import annotations

import html
import re
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pipeline.errors import InputError
from pipeline.parsers.reading import Reading
from pipeline.parsers.syndication import split_feed
from tests.parsers.odd_feeds import ODD_FEEDS, Odd, item, rss

Found = list[dict[str, Any]]
_ENTRIES = 200
_BOMB_SECONDS = 20
_BOMB_BYTES = 1024**3


def _bare(text: str | None) -> str:
    inline = re.sub(r"</?(?:a|b|em|i|span|strong)\b[^<>]*>", "", text or "")
    words = html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", " ", inline))
    return " ".join(words.split())


def _ours(body: bytes) -> Found:
    return [
        {
            "id": draft.wire_id, "title": draft.headline, "link": draft.uri, "author": draft.byline,
            "published": draft.published_at, "text": " ".join(draft.paragraphs),
            "media": [one.id for one in draft.media],
        }
        for draft in (entry.draft for entry in split_feed(Reading(body, "application/rss+xml")).entries)
    ]  # fmt: skip


def _peer(parsed: Any) -> Found:
    found = []
    for one in parsed.entries:
        contents = [content.get("value") for content in one.get("content") or ()]
        media = [medium.get("url") for medium in one.get("media_content") or ()]
        media += [enclosure.get("href") or enclosure.get("url") for enclosure in one.get("enclosures") or ()]
        found.append(
            {
                "id": one.get("id"), "title": _bare(one.get("title")), "link": one.get("link"),
                "author": (one.get("author_detail") or {}).get("name") or one.get("author"), "published": _moment(one),
                "text": " ".join(map(_bare, [*contents, one.get("summary"), one.get("description")])), "media": media,
            }
        )  # fmt: skip
    return found


def _moment(one: Any) -> datetime | None:
    if parts := one.get("published_parsed") or one.get("updated_parsed"):
        return datetime(*parts[:6], tzinfo=UTC)
    try:
        return datetime.fromisoformat(one.get("published") or one.get("updated") or "")
    except ValueError:
        return None


def _feedparser(body: bytes) -> Found:
    import feedparser  # noqa: PLC0415 - a peer, perhaps not installed

    return _peer(feedparser.parse(body))


def _fastfeedparser(body: bytes) -> Found:
    import fastfeedparser  # noqa: PLC0415 - the same

    return _peer(fastfeedparser.parse(body))


READERS: dict[str, Callable[[bytes], Found]] = {
    "copytaster": _ours,
    "feedparser": _feedparser,
    "fastfeedparser": _fastfeedparser,
}


def missed(odd: Odd, read: Callable[[bytes], Found]) -> list[str]:
    """Return the fields of an odd feed that a reader got wrong."""
    try:
        found = read(odd.body)
    except Exception as error:  # noqa: BLE001 - whatever a peer raises
        return [type(error).__name__]
    if len(found) != odd.count:
        return ["count"]
    one = found[odd.at]
    wrong = [name for name in ("id", "title", "link", "author") if getattr(odd, name) is not None]
    wrong = [name for name in wrong if (one[name] or "") != getattr(odd, name)]
    published = one["published"].astimezone(UTC).isoformat() if one["published"] else ""
    wrong += ["published"] if odd.published is not None and published != odd.published else []
    wrong += ["media"] if odd.media and odd.media not in one["media"] else []
    wrong += ["words"] if not all(words in one["text"] for words in odd.words) else []
    return wrong + (["absent"] if any(words in one["text"] for words in odd.absent) else [])


def big_feed() -> bytes:
    """Return a feed of `_ENTRIES` entries of five paragraphs, as a news site serves it."""
    story = "".join(f"<p>Some {number} people left the valley on Monday, the mayor said.</p>" for number in range(5))
    one = item(f"<pubDate>Mon, 03 Mar 2025 10:00:00 GMT</pubDate><description>{html.escape(story)}</description>")
    return rss(
        "".join(one.replace("odd-1", f"odd-{n}").replace("/dam<", f"/dam-{n}<") for n in range(_ENTRIES))
    ).encode()


_RSS = b'<rss version="2.0"><channel>'
BOMBS: dict[str, Callable[[], bytes]] = {
    "billion laughs": lambda: (
        b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 1000 + b'">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(8))
        + b"]>" + _RSS + b"<item><title>&i;</title></item></channel></rss>"
    ),
    "100,000 levels": lambda: _RSS + b"<item><description>" + b"<d>" * 100_000,
    "3,000,000 tags": lambda: _RSS + b"<item/>" * 3_000_000 + b"</channel></rss>",
}  # fmt: skip


def bomb(reader: str, name: str) -> str:
    """Return what becomes of a reader in a process of its own: what it says, its seconds, its memory."""
    code = (
        f"import resource,time; resource.setrlimit(resource.RLIMIT_AS, ({_BOMB_BYTES},)*2);"
        f"from benchmarks.feed_readers import BOMBS, READERS; body = BOMBS[{name!r}](); began = time.monotonic()\n"
        f"try: said = str(len(READERS[{reader!r}](body))) + ' entries'\n"
        "except BaseException as error: said = type(error).__name__\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024\n"
        "print(f'{said}, {time.monotonic() - began:.2f} s, {peak} MB')"
    )
    try:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=_BOMB_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"no end within {_BOMB_SECONDS} s"
    return done.stdout.decode().strip() or f"killed ({done.returncode})"


def main() -> None:
    """Print the comparison."""
    warnings.simplefilter("ignore")
    wrong = {name: {odd.name: bad for odd in ODD_FEEDS if (bad := missed(odd, read))} for name, read in READERS.items()}
    feed = big_feed()
    for name, read in READERS.items():
        began, rounds = time.perf_counter(), 5
        for _ in range(rounds):
            read(feed)
        each = (time.perf_counter() - began) / rounds / _ENTRIES
        right = f"{len(ODD_FEEDS) - len(wrong[name])} of {len(ODD_FEEDS)} odd feeds right"
        print(f"{name:15} {right}, {1 / each:8,.0f} entries/s")
        for bomb_name in BOMBS:
            print(f"    {bomb_name}: {bomb(name, bomb_name)}")
        for odd_name, bad in wrong[name].items():
            print(f"    wrong: {odd_name} ({', '.join(bad)})")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB; refusals are {InputError.__name__}s")


if __name__ == "__main__":
    main()
