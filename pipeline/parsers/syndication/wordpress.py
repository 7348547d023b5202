"""WordPress export (WXR): posts and pages are articles, drafts are withheld, attachments are media."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from pipeline.errors import NoArticle
from pipeline.parsers.canonical import fold
from pipeline.parsers.caption import read_caption
from pipeline.parsers.dates import read_instant
from pipeline.parsers.drafting import set_status, sole_id
from pipeline.parsers.reading import Draft, Reading
from pipeline.parsers.syndication import rss
from pipeline.parsers.syndication.body import Body, line_of, markup_body
from pipeline.parsers.syndication.channel import Channel, language_of
from pipeline.parsers.syndication.entries import (
    Feed,
    document_of,
    drafts_of,
    opening_of,
    own_id,
    split_xml,
)
from pipeline.parsers.syndication.entry import MAX_TOPICS, add_topic, alone, finish, identifier, people, person
from pipeline.parsers.syndication.links import base_of, whole
from pipeline.parsers.syndication.media import picture
from pipeline.parsers.syndication.names import Fields, name_of, text_of
from pipeline.parsers.syndication.times import plain, set_entry_times
from pipeline.parsers.xml import Element, attribute
from schemas.article import Media

NAME: Final = "wordpress"
VERSION: Final = "1"
MEDIA_TYPES: Final[frozenset[str]] = frozenset()
SUFFIXES: Final = (".wxr",)

_EXPORT: Final = "wordpress.org/export/"
_ATTACHMENT: Final = "attachment"
_FURNITURE: Final = frozenset(
    {
        "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache", "user_request", "wp_block",
        "wp_template", "wp_template_part", "wp_global_styles", "wp_navigation", "wp_font_family", "wp_font_face",
        "feedback", "acf-field", "acf-field-group",
    }
)  # fmt: skip
_SHORTCODE = re.compile(
    r"\[(?P<name>[a-z][\w-]{1,40})(?P<given>[^\[\]]{0,2000})\](?:(?P<inner>[^\[\]]{0,4000})\[/(?P=name)\])?"
)
_WORDPRESS_CODES: Final = frozenset({"caption", "wp_caption", "gallery", "embed", "audio", "video", "playlist"})
_SOURCE = re.compile(r"""<img\b[^<>]{0,2000}?\bsrc\s*=\s*["']([^"'<>]{1,2000})["']""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{1,4000}>")


def recognizes(reading: Reading) -> bool:
    """Tell by the namespace of the export, on a feed or on one item."""
    opening = opening_of(reading)
    return opening is not None and opening.root in {"rss", "item"} and _EXPORT in opening.head


def wire_id(reading: Reading) -> str | None:
    """Return the id of the one post, None where there are several."""
    return sole_id(parse, reading)


def parse(reading: Reading) -> list[Draft]:
    """Return a draft for each post and page.

    Raises:
        InputError: it cannot be read, must not be, or holds no post.
    """
    document = document_of(reading)
    if name_of(document.root) == "item":
        kind = post_type(document.root)
        if not is_article(document.root):
            raise NoArticle(f"this item of a WordPress export is of the type {kind[:40]}, which is no article.")
        return [alone(document, read_post(document.root, Channel()))]
    return drafts_of(split(reading))


def split(reading: Reading) -> Feed:
    """Return an export with its posts; an attachment becomes a picture of the post that it belongs to.

    Raises:
        InputError: it cannot be read, or must not be.
    """
    document = document_of(reading)
    channel, items = rss.channel_and_items(document.root)
    attached: dict[str, list[Media]] = {}
    for item in items:
        if post_type(item) == _ATTACHMENT and (media := _attachment(item)):
            attached.setdefault(Fields(item).text("wp:post_parent") or "0", []).append(media)
    posts = [item for item in items if is_article(item)]
    feed = split_xml(
        reading, channel, posts, read=read_post, media_type="application/rss+xml", warnings=document.warnings
    )
    for entry in feed.entries:
        own = Fields(entry.element).text("wp:post_id") if entry.element is not None else None
        known = {media.id for media in entry.draft.media}
        entry.draft.media += [media for media in attached.get(own or "", ()) if media.id not in known]
    return feed


def post_type(item: Element) -> str:
    """Return what kind of post an item is; a plain one where it does not say."""
    return (Fields(item).text("wp:post_type") or "post").strip().lower()


def is_article(item: Element) -> bool:
    """Tell posts, pages and a site's own kinds of them from attachments, menus and other furniture."""
    return tells_story(post_type(item))


def tells_story(kind: str) -> bool:
    """Tell by its `wp:post_type`, empty where there is none, whether a post may be an article."""
    return kind != _ATTACHMENT and kind not in _FURNITURE


def read_post(item: Element, channel: Channel) -> Draft:
    """Return the draft of a post; what is not published, or has a password, is withheld."""
    fields = Fields(item)
    base = base_of(item, channel.base)
    draft = Draft(headline=line_of(fields.text("title")), uri=whole(fields.text("link"), base))
    draft.wire_id = own_id(item) or identifier(fields.text("guid"))
    draft.byline = people(person(text_of(one)) for one in fields.all("dc:creator"))
    draft.slug = fold(fields.text("wp:post_name") or "") or None
    draft.language = language_of(item, channel)
    _read_status(fields, draft)
    for category in islice(fields.all("category"), MAX_TOPICS):
        if attribute(category, "domain") in {None, "category", "post_tag"}:
            add_topic(draft, text_of(category).strip() or None)
    _read_times(fields, draft)
    full = _body(fields.text("content:encoded") or "", base)
    summary = _body(fields.text("excerpt:encoded", "description") or "", base)
    return finish(draft, full=full, summary=summary)


def _read_status(fields: Fields, draft: Draft) -> None:
    status = (fields.text("wp:status") or "publish").strip().lower()
    set_status(draft, "draft" if status in {"trash", "auto-draft", "inherit"} else status)
    if fields.text("wp:post_password"):
        draft.status = "withheld"
        draft.warnings.append("status: the post has a password; withheld")


def _read_times(fields: Fields, draft: Draft) -> None:
    """Set the times: in GMT where the export has them so; years of zeros, as drafts have them, are none."""
    published = _gmt(fields, "wp:post_date_gmt") or _stated(fields, "pubdate") or _stated(fields, "wp:post_date")
    updated = _gmt(fields, "wp:post_modified_gmt")
    set_entry_times(draft, published, updated)
    if updated and (moment := read_instant(plain(updated[0][1])).at):
        draft.version = moment.isoformat().replace("+00:00", "Z")


def _gmt(fields: Fields, name: str) -> list[tuple[str, object]]:
    return [(field, f"{value} +0000") for field, value in _stated(fields, name)]


def _stated(fields: Fields, name: str) -> list[tuple[str, object]]:
    return [
        (field, value)
        for field, value in fields.named(name)
        if str(value).strip() and "0000-00-00" not in str(value) and "-0001" not in str(value)
    ]


def _body(text: str, base: str | None) -> Body:
    """Return the body of a post: shortcodes out, captions to media, a blank line ends a paragraph as in WordPress."""
    media: list[Media] = []

    def replaced(found: re.Match[str]) -> str:
        if found["name"] not in _WORDPRESS_CODES:
            # Words in brackets are words; a shortcode of a plugin has attributes or an end.
            return found[0] if found["inner"] is None and "=" not in found["given"] else found["inner"] or ""
        if found["name"] in {"caption", "wp_caption"} and found["inner"]:
            source = _SOURCE.search(found["inner"])
            words = fold(line_of(_TAG.sub(" ", found["inner"])) or "")
            if words:
                media.append(read_caption(words, media_id=whole(source[1], base) if source else None))
        return "\n\n"

    plain_text = _SHORTCODE.sub(replaced, text)
    body = markup_body(re.sub(r"\n[ \t]*\n\s*", "<br><br>", plain_text) if "<" in plain_text else plain_text, base)
    return Body(body.paragraphs, [*body.media, *media], body.cut)


def _attachment(item: Element) -> Media | None:
    fields = Fields(item)
    caption = line_of(fields.text("excerpt:encoded", "content:encoded", "description"))
    return picture(fields.text("wp:attachment_url", "link"), caption, None)
