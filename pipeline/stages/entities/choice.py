"""The choice of tagger and of further tables: made once, when a process starts, and never by the stage itself.

A desk's own alias table has the columns of `aliases.tsv` in the data folder and is read again when it changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args

from pipeline.errors import ConfigError
from pipeline.stages.entities.candidate import Candidate
from pipeline.stages.entities.lexicon import Lexicon
from pipeline.stages.entities.model import Labelled, model
from pipeline.stages.entities.spacy_tagger import load_spacy
from pipeline.stages.entities.tables import extended, lexicon

TaggerName = Literal["trained", "rules", "spacy"]
Labeller = Callable[[str, list[Candidate]], list[Labelled]]
"""Names of a text, given what the rules made of it."""


@dataclass(slots=True)
class _Choice:
    """What is in force."""

    tagger: TaggerName = "trained"
    label: Labeller | None = None
    aliases: Path | None = None
    read_at: tuple[int, int] | None = None
    """Time and size of the alias table when it was read."""
    known: Lexicon = field(default_factory=lexicon)


_chosen: Final[list[_Choice]] = []


def choose(tagger: str = "trained", *, model_name: str = "", aliases: Path | None = None) -> None:
    """Choose how texts are tagged from now on in this process; call it before the first text.

    Args:
        tagger: "trained" is the model that comes with copytaster, "rules" does without it, "spacy" takes a pipeline of
            your own.
        model_name: the spaCy pipeline: an installed package or a folder.
        aliases: a table in the format of `aliases.tsv`; its rows win over those that come with copytaster.

    Raises:
        ConfigError: no such tagger, spaCy or its pipeline is not installed, or the table cannot be read.
    """
    if tagger not in get_args(TaggerName):
        raise ConfigError(f"the tagger {tagger!r} is unknown; choose one of {', '.join(get_args(TaggerName))}")
    name: TaggerName = "spacy" if tagger == "spacy" else "rules" if tagger == "rules" else "trained"
    made = _Choice(name, load_spacy(model_name) if name == "spacy" else None, aliases)
    if aliases is not None:
        made.read_at = _state(aliases)
        made.known = extended(aliases)
    _chosen[:] = [made]


def refresh() -> bool:
    """Read the alias table again where it has changed; return whether it did.

    Raises:
        ConfigError: it cannot be read any more; the rows of before stay in force.
    """
    now = current()
    if now.aliases is None or (state := _state(now.aliases)) == now.read_at:
        return False
    # Noted first: a table that cannot be read is complained of once, not at every look.
    now.read_at = state
    now.known = extended(now.aliases)
    return True


def current() -> _Choice:
    """Return what is in force; the trained tagger where nobody chose."""
    if not _chosen:
        _chosen.append(_Choice())
    return _chosen[0]


def labels_of(text: str, found: list[Candidate]) -> list[Labelled]:
    """Return the names of an English text by the chosen model."""
    label = current().label
    return model().label(text, found) if label is None else label(text, found)


def _state(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise ConfigError(f"the alias table {path} cannot be read: {error.strerror}") from error
    return status.st_mtime_ns, status.st_size
