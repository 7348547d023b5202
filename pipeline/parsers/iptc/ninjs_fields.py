"""The fields of a ninjs object under whatever spelling its version has, and a warning for values of the wrong type.

3.x writes in camel case what 1.x and 2.x write in small letters, and in lists of objects what 1.x writes under keys
with a suffix. Keys are compared without case and underscores, so `body_text`, `pubstatus` and `pubStatus` are found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipeline.parsers.canonical import fold
from pipeline.parsers.drafting import set_urgency
from pipeline.parsers.json_article import line_of
from pipeline.parsers.json_fields import words
from pipeline.parsers.reading import Draft

MAX_PARTS: Final = 1_000
"""Most subjects, associations and the like of one object: stories have a few dozen."""

_TYPES: Final = {"dict": "an object", "list": "a list", "str": "a text", "bool": "a truth value"}
_PLURALS: Final = {"person": "people", "body": "bodies"}
_ASIDE: Final = frozenset({"summary", "caption", "teaser", "abstract", "headline", "shotlist", "script", "toc"})
"""Roles of bodies that are not the story."""


_KINDS: Final = ("html", "nitf", "plain", "text")
"""Formats in the order in which they keep the paragraphs."""


@dataclass(frozen=True, slots=True)
class Words:
    """One headline, description or body: its role, its format as far as it is told, its text."""

    value: str
    role: str = ""
    kind: str = ""

    @property
    def rank(self) -> int:
        """Order renditions by how much of the paragraphs they keep; what is beside the story comes last."""
        known = next((rank for rank, word in enumerate(_KINDS) if word in self.kind), len(_KINDS) if self.kind else 2)
        return known + (10 if self.role in _ASIDE else 0)


class Fields:
    """One object of ninjs: a news item, an association, a subject."""

    def __init__(self, item: Mapping[str, Any], draft: Draft) -> None:
        self._values = {_folded(str(key)): value for key, value in item.items() if value is not None}
        self._draft = draft

    def text(self, *names: str) -> str | None:
        """Return the first field that holds words, in a list or an object too: a status must hold whatever its form."""
        for name in names:
            value = self._values.get(name)
            if value is not None and not isinstance(value, str):
                self._warn(name, value, "a text")
                value = str(value) if isinstance(value, (int, float)) else value
            if found := words(value):
                return found
        return None

    def line(self, *names: str) -> str | None:
        """Return the first field that holds words as one line, with its entities decoded."""
        return line_of(self.text(*names))

    def moment(self, *names: str) -> str | None:
        """Return the first field that holds a time, as it is written; empty texts and false are what is not set."""
        found = (value for name in names if (value := self._values.get(name)) not in (None, False, ""))
        return next((str(value).strip() or None for value in found), None)

    def identity(self, name: str) -> str | None:
        """Return an id or a version: a text, or a whole number."""
        value = self._values.get(name)
        if isinstance(value, str):
            return value.strip() or None
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else None

    def urgency(self) -> None:
        """Set the urgency of the draft."""
        value = self._values.get("urgency")
        set_urgency(self._draft, int(value) if isinstance(value, float) and value.is_integer() else value)

    def texts(self, *names: str) -> list[str]:
        """Return the first field that holds a list of words, or one text with commas."""
        for name in names:
            value: object = self._values.get(name)
            if isinstance(value, str):
                return [word for part in value.split(",") if (word := fold(part))]
            if isinstance(value, list):
                found = [fold(part) for part in value if isinstance(part, str)]
                found += [self._part(part).name() or "" for part in value if isinstance(part, dict)]
                return list(filter(None, found))
            if value is not None:
                self._warn(name, value, "a list of texts")
        return []

    def parts(self, stem: str) -> list[Fields]:
        """Return the objects of a field: a list of them, one alone, one under each name; a text is a name."""
        plural = _PLURALS.get(stem, f"{stem}s")
        found: list[Fields] = []
        for name in (stem, plural):
            value = self._values.get(name)
            if stem == "association" and isinstance(value, dict):
                value = [part for entry in value.values() for part in (entry if isinstance(entry, list) else [entry])]
            parts = value if isinstance(value, list) else [value]
            if len(parts) > MAX_PARTS:
                self._draft.warnings.append(f"{name}: {len(parts)} entries; the first {MAX_PARTS} were read")
            for part in parts[:MAX_PARTS]:
                if part is None:
                    continue
                if isinstance(part, dict):
                    found.append(self._part(part))
                elif isinstance(part, str):
                    found.append(self._part({"name": part}))
                else:
                    self._warn(name, part, "an object")
        return found

    def written(self, stem: str) -> list[Words]:
        """Return the headlines, descriptions or bodies, as lists of objects (2.x, 3.x) or under keys of their own."""
        found: list[Words] = []
        plural = _PLURALS.get(stem, f"{stem}s")
        for name, value in self._values.items():
            if name == plural:
                found += self._listed(name, value)
            elif name.startswith(stem):
                suffix = name.removeprefix(stem)
                found.append(Words(self.text(name) or "", suffix, suffix))
        return [entry for entry in found if entry.value.strip()]

    def _listed(self, name: str, value: object) -> list[Words]:
        found: list[Words] = []
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, str):
                found.append(Words(part))
            elif isinstance(part, dict) and (text := (fields := self._part(part)).text("value")):
                role = (fields.text("role") or "").casefold()
                kind = (fields.text("contenttype") or role).casefold()
                found.append(Words(text, role, kind))
            else:
                self._warn(name, part, "an object with a value")
        return found

    def name(self) -> str | None:
        """Return the name of a part, folded."""
        return self.line("name", "title", "value")

    def code(self) -> str | None:
        """Return the code of a part: its address in a vocabulary, else what it is called there."""
        code = self.identity("code") or self.identity("qcode")
        scheme = self.identity("scheme")
        if code and scheme and ":" not in code and scheme.startswith("http"):
            return f"{scheme.rstrip('/')}/{code}"
        literal = self.identity("literal")
        # A literal may be a code, or just the name again.
        return code or self.identity("uri") or (literal if literal and re.search(r"[\d:]", literal) else None)

    def _part(self, part: Mapping[str, Any]) -> Fields:
        return Fields(part, self._draft)

    def _warn(self, name: str, value: object, expected: str) -> None:
        found = _TYPES.get(type(value).__name__, "a number")
        line = f"{name}: {found} where {expected} belongs; read as far as it says something"
        if line not in self._draft.warnings:
            self._draft.warnings.append(line)


def _folded(key: str) -> str:
    return key.replace("_", "").casefold()
