"""Codes of controlled vocabularies: whatever alias, address or bare number a wire writes, one form comes out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from pipeline.parsers.canonical import fold
from schemas.article import Subject

_SCHEMES: Final[Mapping[str, str]] = {
    "mediatopic": "medtop",
    "mediatopics": "medtop",
    "medtop": "medtop",
    "subjectcode": "subj",
    "subjectcodes": "subj",
    "iptc-subjectcode": "subj",
    "subj": "subj",
}
"""What the vocabularies of the IPTC are called in its addresses and by wires, and the alias that it gives them."""

_NEWSCODE = re.compile(r"https?://(?:cv\.iptc\.org|iptc\.org|www\.iptc\.org)/(?:.*/)?(?:newscodes/)([\w-]+)/?([\w.-]*)")
_NUMBER = re.compile(r"\d{8}")


def subject_code(value: str | None, aliases: Mapping[str, str] | None = None) -> str | None:
    """Return the code of a subject as `medtop:20000056` or `subj:04005000`; codes of other vocabularies stay.

    Args:
        value: a qcode, the address of a concept, or a bare number of eight digits.
        aliases: which address each alias stands for, where the item brings a catalog.
    """
    code = fold(value or "")
    if address := _NEWSCODE.fullmatch(code):
        scheme = _SCHEMES.get(address[1].casefold())
        return f"{scheme}:{address[2]}" if scheme and address[2] else code or None
    if _NUMBER.fullmatch(code):
        # Both vocabularies share the seventeen top numbers; below them media topics all start with 2.
        return f"medtop:{code}" if code.startswith("2") else f"subj:{code}"
    alias, colon, local = code.partition(":")
    if not colon:
        return code or None
    address = _NEWSCODE.fullmatch((aliases or {}).get(alias, ""))
    scheme = _SCHEMES.get((address[1] if address else alias).casefold())
    return f"{scheme}:{local}" if scheme else code


def subjects_of(stated: Iterable[tuple[str | None, str | None]]) -> list[Subject]:
    """Return the subjects of pairs of code and name, each once; a pair of nothing is none."""
    named = ((code, fold(name or "") or None) for code, name in stated)
    return [Subject(code=code, name=name) for code, name in dict.fromkeys(named) if code or name]


def local_part(code: str | None) -> str | None:
    """Return a code without its scheme: `sig:correction` and `http://…/signal/correction` both say `correction`."""
    return re.split(r"[:/#]", code.strip().rstrip("/"))[-1].casefold() or None if code else None
