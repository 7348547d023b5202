"""One release, six formats: whatever a wire chooses to write, the same article comes out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from string import Template

import pytest

from pipeline.stages.normalize import normalize
from schemas import Article, RawItem

RELEASE = Path(__file__).parent / "release"
UNTIL = "2022-03-15T06:00:00+01:00"
COMPACT = "20220315T060000+0100"

# How each format says that the release may be used, when it may be used, and that it must not.
SAYS: dict[str, dict[str, dict[str, str]]] = {
    "newsml_1.xml": {
        "usable": {"status": '<Status FormalName="Usable"/>'},
        "embargoed": {
            "status": '<Status FormalName="Embargoed"/><StatusWillChange><FutureStatus FormalName="Usable"/>'
            f"<DateAndTime>{COMPACT}</DateAndTime></StatusWillChange>"
        },
        "cancelled": {"status": '<Status FormalName="Canceled"/>'},
    },
    "newsml_g2.xml": {
        "usable": {"status": '<nar:pubStatus qcode="stat:usable"/>'},
        "embargoed": {"status": f'<nar:embargoed>{UNTIL}</nar:embargoed><nar:pubStatus qcode="stat:usable"/>'},
        "cancelled": {"status": '<nar:pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>'},
    },
    "nitf.xml": {
        "usable": {"status": '<docdata management-status="usable">', "release": ""},
        "embargoed": {
            "status": '<docdata management-status="embargoed">',
            "release": f'<date.release norm="{COMPACT}"/>',
        },
        "cancelled": {"status": '<docdata management-status="canceled">', "release": ""},
    },
    "ninjs_1.json": {
        "usable": {"status": '"pubstatus": "usable"'},
        "embargoed": {"status": f'"pubstatus": "usable", "embargoed": "{UNTIL}"'},
        "cancelled": {"status": '"pubstatus": "canceled"'},
    },
    "ninjs_2.json": {
        "usable": {"status": '"pubstatus": "usable"'},
        "embargoed": {"status": f'"pubstatus": "usable", "embargoed": "{UNTIL}"'},
        "cancelled": {"status": '"pubstatus": "canceled"'},
    },
    "ninjs_3.json": {
        "usable": {"status": '"pubStatus": "usable"'},
        "embargoed": {"status": f'"pubStatus": "usable", "embargoedUntil": "{UNTIL}"'},
        "cancelled": {"status": '"pubStatus": "canceled"'},
    },
}
OF_THE_FORMAT = {"provenance"}
"""All that may differ: the reader, and the digest of the bytes."""

Written = Callable[[str, str], Article]


@pytest.fixture
def written(raw: Callable[..., RawItem]) -> Written:
    """The release in one format and variant, normalized."""

    def read(name: str, variant: str) -> Article:
        text = Template((RELEASE / name).read_text("utf-8")).substitute(SAYS[name][variant])
        charset = "iso-8859-1" if "ISO-8859-1" in text[:60] else "utf-8"
        (article,) = normalize(raw(text.encode(charset), uri=f"file:{name}"))
        return article

    return read


@pytest.mark.parametrize("variant", ["usable", "embargoed", "cancelled"])
@pytest.mark.parametrize("name", sorted(SAYS))
def test_the_same_release_is_the_same_article(name: str, variant: str, written: Written) -> None:
    """All fields of the article are equal in every format, the id and the version too."""
    expected = written("newsml_g2.xml", variant)
    assert written(name, variant).model_dump(exclude=OF_THE_FORMAT) == expected.model_dump(exclude=OF_THE_FORMAT)


def test_what_the_release_says(written: Written) -> None:
    """The formats agree on the right thing: every field, as a reader of the release would write it down."""
    article = written("newsml_g2.xml", "usable")
    assert article.headline == "Orme river peaks at 6.2 metres, 14,500 flee"
    assert article.text.split("\n\n") == [
        (
            "ASKEBY, Norland, March 14 (Ternwire) - Some 14,500 people left their homes as the Orme rose to 6.2 "
            "metres, Smith & Sons, the operator of the gauge, said on Monday."
        ),
        "“We have not seen this since 1994,” said Mayor Mette Dahl.",
        "Gauge Metres",
        "Askeby 6.2",
        "Tornvik 4.9",
    ]
    assert (article.byline, article.slug, article.genre) == ("Zoë Holm", "NORLAND-FLOOD", "Current")
    assert (article.language, article.urgency, article.keywords) == ("en-GB", 3, ("flood", "Orme"))
    assert article.dateline is not None
    assert (article.dateline.place, article.dateline.date) == ("Askeby, Norland", "2022-03-14")
    assert [(subject.code, subject.name) for subject in article.subjects] == [
        ("subj:03005000", "flood"),
        ("subj:17000000", "weather"),
    ]
    assert article.published_at is not None
    assert article.updated_at is not None
    assert article.published_at.isoformat() == "2022-03-14T07:15:00+00:00"
    assert article.updated_at.isoformat() == "2022-03-14T09:45:00+00:00"
    assert (article.status, article.embargoed_until, article.correction) == ("usable", None, None)


def test_what_embargo_and_kill_say(written: Written) -> None:
    """An embargo has its end, a kill its note."""
    held, killed = written("newsml_g2.xml", "embargoed"), written("newsml_g2.xml", "cancelled")
    assert held.status == "usable"
    assert held.embargoed_until is not None
    assert held.embargoed_until.isoformat() == "2022-03-15T05:00:00+00:00"
    assert killed.status == "cancelled"
    assert killed.correction is not None
    assert (killed.correction.kind, killed.correction.note) == ("kill", "The gauge was misread.")
