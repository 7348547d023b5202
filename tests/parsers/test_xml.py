"""XML: nothing outside the bytes is read, bombs are refused before they grow, damage costs only what is damaged."""

from __future__ import annotations

import pytest

from pipeline.errors import InputError, MalformedItem, UnsafeItem
from pipeline.limits import MAX_XML_ELEMENTS
from pipeline.parsers.xml import (
    attribute,
    child,
    children,
    descendants,
    local_name,
    parse_xml,
    read_prolog,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("<a/>", "a"),
        ('\ufeff <?xml version="1.0"?>\n<!-- c --><?pi x?><n:newsItem xmlns:n="u">', "newsItem"),
        ('<!DOCTYPE nitf SYSTEM "nitf-3-2.dtd">\n<nitf>', "nitf"),
        ('<!DOCTYPE NewsML PUBLIC "-//IPTC//DTD" "u"\n >\n<NewsML>', "NewsML"),
        ("<!doctype html><html>", "html"),
        ("words", None),
        ("", None),
        ("<", None),
        ("<!-- never closed", None),
        ("<!DOCTYPE", None),
        ("<!DOCTYPE x SYSTEM 'u'", None),
    ],
)
def test_the_root_is_told_without_parsing(text: str, root: str | None) -> None:
    """What comes before the root element is passed over, whatever it is."""
    prolog = read_prolog(text)
    assert (prolog.root if prolog else None) == root


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        '<!DOCTYPE x SYSTEM "u" [<!ENTITY a SYSTEM "file:///etc/hostname">]><x>&a;</x>',
        '<?xml version="1.0"?><!-- c --><!DOCTYPE x PUBLIC "-//X" "u"[ ]><x/>',
        "<!DOCTYPE x[<!ELEMENT x ANY>]><x/>",
        "<a>" * 100_000,
        "<a>" * 100_000 + "</a>" * 100_000,
        "<r>" + "<a/>" * MAX_XML_ELEMENTS + "</r>",
    ],
    ids=lambda text: text[:60],
)
def test_what_could_grow_is_refused(text: str) -> None:
    """Declarations, depth and splitting beyond the caps are refused with a code of their own."""
    with pytest.raises(UnsafeItem) as refused:
        parse_xml(text)
    assert refused.value.code == "unsafe_item"


def test_a_named_dtd_is_not_read() -> None:
    """A document type that only names a DTD costs a warning; its entities are not known to anybody."""
    document = parse_xml('<!DOCTYPE nitf SYSTEM "file:///etc/hostname"><nitf>a &own; b &nbsp;&amp;&eacute;</nitf>')
    assert words_of(document.root) == "a &own; b &é"
    assert document.warnings == ("the DTD that the document type names was not read",)


def test_damage_costs_what_is_damaged() -> None:
    """A torn file is read up to the tear, and forbidden characters go out, each with a warning."""
    document = parse_xml("<r><p>first\x01 words</p><p>second wo")
    assert [words_of(paragraph) for paragraph in children(document.root, "p")] == ["first words", "second wo"]
    assert len(document.warnings) == 2


@pytest.mark.parametrize("text", ["", "words", "<", "<>", "<!DOCTYPE x>", "< a/>"])
def test_what_is_no_xml_is_malformed(text: str) -> None:
    """Bytes without an element are refused in one sentence."""
    with pytest.raises(InputError) as refused:
        parse_xml(text)
    assert isinstance(refused.value, MalformedItem)
    assert str(refused.value).endswith(".")


def test_names_are_local() -> None:
    """Whatever prefix a wire chooses, elements and attributes are found by their local names."""
    root = parse_xml('<x:a xmlns:x="u" xmlns="v"><b x:k=" one "><x:c>t<d>wo</d></x:c></b><b/></x:a>').root
    assert local_name(root) == "a"
    assert attribute(child(root, "b"), "k") == "one"
    assert words_of(child(root, "b", "c")) == "two"
    assert child(root, "b", "nothing", "deeper") is None
    assert len(children(root, "b")) == 2
    assert [local_name(found) for found in descendants(root, "d")] == ["d"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<r><t>AT&T and R&D; a & b</t></r>", "AT&T and R&D; a & b"),
        ("<r><t>fewer than <5 & 3 < 4</t></r>", "fewer than <5 & 3 < 4"),
        ("<r><t><![CDATA[one <![CDATA[two]]> three]]></t></r>", "one <![CDATA[two three]]>"),
        ("<r><t><![CDATA[Q&A, cut off", "Q&A, cut off"),
        ("<r><t>one<br>two & three</t><u>four</u></r>", "onetwo & three"),
    ],
)
def test_marks_that_nobody_escaped_cost_no_words(text: str, words: str) -> None:
    """A bare ampersand, an angle that opens nothing, CDATA in CDATA or without an end: the words stay."""
    document = parse_xml(text)
    assert words_of(child(document.root, "t")) == words
    assert "damaged" in document.warnings[0]
