"""What would break somebody if one JSON Schema of a record replaced another.

Topics keep old records and readers are not updated with writers, so both directions must hold: new readers accept
old records, and readers made from the old schema accept new records. What remains allowed is what tolerant readers
allow: a new optional field, and other words in titles and descriptions.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

Schema = dict[str, Any]

_WORDS: Final = frozenset({"$schema", "$id", "$defs", "$comment", "title", "description", "version", "examples"})
_STRUCTURE: Final = frozenset({"$ref", "properties", "required", "anyOf", "items", "prefixItems", "default"})


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return one sentence for each change from `old` to `new` that breaks a reader; empty where none does."""
    comparison = _Comparison(old, new)
    comparison.compare(old, new, "")
    return comparison.found


def last_released(directory: Path, version: str) -> Path | None:
    """Return the folder of the newest release with the major number of `version`; a new major may break anything."""
    major = version.partition(".")[0]
    releases = [path for path in directory.iterdir() if path.is_dir() and path.name.partition(".")[0] == major]
    return max(releases, key=lambda path: [int(part) for part in path.name.split(".")], default=None)


class _Comparison:
    """Walks two schemas side by side and collects what breaks."""

    def __init__(self, old_root: Schema, new_root: Schema) -> None:
        self._old_root = old_root
        self._new_root = new_root
        self._seen: set[tuple[str, str]] = set()
        self.found: list[str] = []

    def compare(self, old: Schema, new: Schema, where: str) -> None:
        """Compare two schemas that describe the same place of a record."""
        self._default(old, new, where)
        if "$ref" in old and "$ref" in new:
            pair = (old["$ref"], new["$ref"])
            if pair in self._seen:
                return
            self._seen.add(pair)
        old, new = _resolved(old, self._old_root), _resolved(new, self._new_root)
        for keyword in sorted((old.keys() | new.keys()) - _WORDS - _STRUCTURE):
            self._rule(keyword, old.get(keyword), new.get(keyword), where)
        # Alternatives are told apart by kind, and their order says nothing; the order of a tuple's items does.
        self._row(sorted(old.get("anyOf", []), key=_kind), sorted(new.get("anyOf", []), key=_kind), where)
        self._row(old.get("prefixItems", []), new.get("prefixItems", []), where)
        self._part(old.get("items"), new.get("items"), f"{where}[]")
        self._properties(old, new, where)

    def _default(self, old: Schema, new: Schema, where: str) -> None:
        if not _same_default(old.get("default"), new.get("default")):
            self._add(where, f"the default was {old.get('default')!r}, now it is {new.get('default')!r}")

    def _rule(self, keyword: str, old: Any, new: Any, where: str) -> None:
        if isinstance(old, dict) and isinstance(new, dict):
            self.compare(old, new, f"{where}.*")
        elif old != new:
            self._add(where, f"{keyword} was {old!r}, now it is {new!r}")

    def _part(self, old: Any, new: Any, where: str) -> None:
        if isinstance(old, dict) and isinstance(new, dict):
            self.compare(old, new, where)
        elif old != new:
            self._add(where, "the items are of another type")

    def _row(self, old: list[Schema], new: list[Schema], where: str) -> None:
        if len(old) != len(new):
            self._add(where, f"it had {len(old)} alternatives or items, now it has {len(new)}")
            return
        for before, after in zip(old, new, strict=True):
            self.compare(before, after, where)

    def _properties(self, old: Schema, new: Schema, where: str) -> None:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needed_now = set(old.get("required", [])), set(new.get("required", []))
        for name in sorted(before.keys() - after.keys()):
            self._add(f"{where}.{name}", "the field was removed")
        for name in sorted(needed_now - needed):
            self._add(f"{where}.{name}", "the field is required now, and old records lack it")
        for name in sorted((needed - needed_now) & after.keys()):
            self._add(f"{where}.{name}", "the field was required, and now records may lack it")
        for name in sorted(before.keys() & after.keys()):
            self.compare(before[name], after[name], f"{where}.{name}")

    def _add(self, where: str, what: str) -> None:
        self.found.append(f"{where.lstrip('.') or 'the record'}: {what}")


def _resolved(schema: Schema, root: Schema) -> Schema:
    """Return the schema that a reference points to, with what stands beside the reference."""
    beside = dict(schema)
    while "$ref" in beside:
        target = beside.pop("$ref").removeprefix("#/$defs/")
        beside = root["$defs"][target] | beside
    return beside


def _kind(schema: Schema) -> str:
    return str(schema.get("$ref") or schema.get("type") or sorted(schema))


def _same_default(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        # A new optional field shows up in the defaults of every record around it.
        return all(name in new and _same_default(value, new[name]) for name, value in old.items())
    return bool(old == new)
