"""Fill a pattern's slots."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from tools.corpus.grammar import Choice, Mark, Node, Slot
from tools.corpus.records import PatternError, Span
from tools.corpus.scene import Form, Scene

_DIGITS = re.compile(r"(?<![#\d.,])#|#")
_TAKEN = re.compile(
    r"(?:^|[\s(“\"])(?:[Tt]he|[Aa]n?|former|senior|suspected|Suspected|two|of its|wearing|[\w.]+['’]s?) $|[(-]$"
)
"""Words after which a name loses its own article."""

_SILENT = re.compile(r"U[A-Z.]|[Ee]u|[Uu]ni|[Oo]ne|[Uu]s[aeiou]|Ur[aou]|Ut|Uk")
"""Spellings with a vowel that are spoken with a consonant: a U.S. official, a European, a union."""


@dataclass(slots=True)
class Filler:
    """Writes one pattern: the text so far, its names, and what the numbered slots are bound to."""

    scene: Scene
    text: str = ""
    spans: list[Span] = field(default_factory=list)
    bound: dict[str, dict[str, Form]] = field(default_factory=dict)
    terse: bool = False
    """Headlines and notes leave the article out."""

    def write(self, nodes: tuple[Node, ...]) -> Form:
        """Write the nodes after what stands already, and return the whole."""
        for node in nodes:
            if isinstance(node, str):
                doubled = node.startswith(".") and self.text.endswith(".")
                self.text += self._digits(node[1:] if doubled else node)
            elif isinstance(node, Choice):
                self.write(self.scene.rng.choice(node.options))
            elif isinstance(node, Mark):
                self._emit(Form.name(self._apart(node.inner).text, node.label))
            elif node.several:
                self._series(node)
            else:
                self._emit(self._form(node))
        return Form(self.text, tuple(self.spans))

    def _apart(self, nodes: tuple[Node, ...]) -> Form:
        return Filler(self.scene, bound=self.bound, terse=self.terse).write(nodes)

    def _digits(self, text: str) -> str:
        return _DIGITS.sub(lambda m: str(self.scene.rng.randint(0 if _inside_number(m) else 1, 9)), text)

    def _emit(self, form: Form) -> None:
        text, skip = form.text, 0
        if text.startswith("the ") and (self.terse or _TAKEN.search(self.text)):
            text, skip = text[4:], 4
        if re.search(r"(?:^|[\s“\"(])[Aa] $", self.text) and text[:1] in "aeiouAEIOU" and not _SILENT.match(text):
            self.text = self.text[:-1] + "n "
        at = len(self.text) - skip
        self.spans += [Span(at + span.start, at + span.end, span.label) for span in form.spans]
        self.text += text

    def _series(self, slot: Slot) -> None:
        one = Slot(slot.name, "", slot.form, several=False)
        count = self.scene.rng.choice((2, 2, 3, 3, 4))
        for left in range(count, 0, -1):
            self._emit(self._form(one))
            self.text += {1: "", 2: " and "}.get(left, ", ")

    def _form(self, slot: Slot) -> Form:
        key = slot.name + slot.bound
        if slot.bound and key in self.bound:
            forms = self.bound[key]
        else:
            forms = self._forms(slot.name)
            if slot.bound:
                self.bound[key] = forms
        if slot.form not in forms:
            raise PatternError(f"{slot.name} has no form {slot.form}.")
        return forms[slot.form]

    def _forms(self, name: str) -> dict[str, Form]:
        makers: dict[str, Callable[[], dict[str, Form]]] = {
            "per": self.scene.person,
            "country": self.scene.country,
            "city": self.scene.city,
            "surname": self.scene.surname,
            "given": self.scene.given,
        }
        if name in makers:
            return makers[name]()
        lexicon, rng = self.scene.lexicon, self.scene.rng
        if name in lexicon.groups:
            return self._forms(rng.choice(lexicon.groups[name]))
        if name not in lexicon.lists:
            raise PatternError(f"No list fills the slot {name}.")
        return self._listed(name)

    def _listed(self, name: str) -> dict[str, Form]:
        lexicon, seen = self.scene.lexicon, self.scene.seen
        entry = self.scene.rng.choice(lexicon.lists[name])
        form = Filler(self.scene).write(entry.nodes)
        label = lexicon.labels[name]
        for _ in range(5):
            if not label or form.text not in seen:
                break
            entry = self.scene.rng.choice(lexicon.lists[name])
            form = Filler(self.scene).write(entry.nodes)
        seen.add(form.text)
        if not label:
            return {"": form}
        bare = Form.name(form.text.removeprefix("the "), label)
        return {
            "": Form.name(form.text, label),
            "bare": bare,
            "short": Form.name(entry.short or acronym(form.text), label),
        }


def acronym(name: str) -> str:
    """Return the initials of a name's capitalised words; a name of one word stands for itself."""
    initials = [word[0] for word in re.split(r"[\s-]+", name) if word[:1].isupper()]
    return "".join(initials) if len(initials) > 1 else name


def _inside_number(match: re.Match[str]) -> bool:
    before = match.string[: match.start()]
    return bool(re.search(r"[#\d][.,:]?$", before))
