"""Raw items as wires send them, one folder per dialect, each beside the records that it must give."""

from __future__ import annotations

from pathlib import Path

GOLDENS = Path(__file__).parent
INPUTS = sorted(
    path
    for folder in GOLDENS.iterdir()
    if folder.is_dir()
    for path in folder.glob("*.*")
    if not path.name.endswith((".expected.json", ".pyc"))
)
