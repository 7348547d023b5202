"""Which known entry an entry is, whatever its publisher did to its title, link and guid; and whether it was edited.

An entry goes by up to three names: its id, its link without disguise, and its title with its date. Known entries are
claimed in rounds, each by at most one entry: first by link and title together, which outweighs a guid that was handed
on; then by id; then by link; then by title and date. What claims none is new. The id that it is published under stays
the one that it had first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

from pipeline.feeds.syndication.options import Subscription
from pipeline.feeds.syndication.state import Known, Seen, State, Told
from pipeline.parsers.reading import Draft
from pipeline.parsers.syndication import Channel, Entry
from pipeline.parsers.syndication.links import canonical_link
from schemas.ids import stable_id

VERSION_DIGITS: Final = 16

Names = dict[str, str]


def names_of(draft: Draft) -> Names:
    """Return the names that an entry goes by."""
    names: Names = {}
    if draft.wire_id:
        names["id"] = draft.wire_id
    if draft.uri:
        names["link"] = canonical_link(draft.uri)
    if draft.headline and draft.published_at:
        names["title"] = stable_id(draft.headline.casefold(), draft.published_at.isoformat())
    return names


def digest_of(draft: Draft) -> str:
    """Return a digest of what an editor changes; times, links and addresses of pictures, which drift, are left out."""
    media = sorted(f"{media.caption or ''}\0{media.credit or ''}" for media in draft.media)
    note = draft.correction.note if draft.correction else None
    words = [draft.headline, draft.byline, draft.status, note, *sorted(draft.keywords)]
    return stable_id("edit", *(word or "" for word in words), "", *media, "", *draft.paragraphs)


def next_version(told: Told | None, digest: str) -> str:
    """Return the version that follows: it depends on the one before, so that an edit that is taken back is new too."""
    return stable_id("version", told.version if told else "", digest)[:VERSION_DIGITS]


def size_of(draft: Draft) -> int:
    """Return the number of characters in an entry's text."""
    return sum(map(len, draft.paragraphs))


def is_told_elsewhere(state: State, feed: Subscription, wire_id: str, told: Told | None, size: int) -> bool:
    """Tell whether another feed of the same wire speaks for an article.

    A story stands in several sections of a site. The feed that it was last published from speaks for it as long as it
    has it so, unless another has more words.
    """
    return told is not None and told.feed != feed.key and told.size >= size and state.stands(told, wire_id)


def identify(state: State, feed: Subscription, channel: Channel, entries: Sequence[Entry]) -> list[Seen]:
    """Return what each entry of a feed is known as; a new one has an empty digest."""
    named = [names_of(entry.draft) for entry in entries]
    _drop_shared(named, channel)
    aliases = state.known(feed, {pair for names in named for pair in names.items()})
    claims = _claims(named, aliases)
    taken = {known.wire_id for known in claims.values()}
    seen = []
    for number, names in enumerate(named):
        known = claims.get(number)
        if known is None:
            known = Known(None, _fresh_id(state, feed, names, entries[number], taken))
            taken.add(known.wire_id)
        seen.append(Seen(known, tuple(names.items())))
    return seen


def _drop_shared(named: Sequence[Names], channel: Channel) -> None:
    """Take the links away that name no entry: those of several entries, and those of a site's front."""
    front = canonical_link(channel.link) if channel.link else None
    for kind in ("link", "title"):
        counts = Counter(names[kind] for names in named if kind in names)
        for names in named:
            value = names.get(kind)
            if value is not None and (counts[value] > 1 or (kind == "link" and (value == front or _is_front(value)))):
                del names[kind]


def _is_front(link: str) -> bool:
    parts = urlsplit(link)
    return parts.path in {"", "/"} and not parts.query and not parts.fragment


def _claims(named: Sequence[Names], aliases: Mapping[tuple[str, str], Known]) -> dict[int, Known]:
    def by(kind: str) -> Callable[[Names], Known | None]:
        return lambda names: aliases.get((kind, names[kind])) if kind in names else None

    def by_link_and_title(names: Names) -> Known | None:
        link, title = by("link")(names), by("title")(names)
        return link if link is not None and title is not None and link.id == title.id else None

    claimed: dict[int, Known] = {}
    owned: set[int | None] = set()
    for find in (by_link_and_title, by("id"), by("link"), by("title")):
        for number, names in enumerate(named):
            known = find(names) if number not in claimed else None
            if known is not None and known.id not in owned:
                claimed[number] = known
                owned.add(known.id)
    return claimed


def _fresh_id(state: State, feed: Subscription, names: Names, entry: Entry, taken: set[str]) -> str:
    """Return an id that no other entry of the feed has.

    That under which another feed of the wire has the entry; else its own, its link, a digest of all its names.
    """
    elsewhere = [state.elsewhere(feed, kind, names[kind]) for kind in ("id", "link") if kind in names]
    wanted = [*elsewhere, names.get("id"), names.get("link"), stable_id("entry", *sorted(names.values()), entry.body)]
    free = (value for value in wanted if value and value not in taken and not state.taken(feed, value))
    return next(free, stable_id("entry", entry.body, str(len(taken))))
