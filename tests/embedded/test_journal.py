"""The journal: what was put is there after any end, whole."""

from __future__ import annotations

from pathlib import Path

from pipeline.embedded.journal import Journal


def test_changes_survive(tmp_path: Path) -> None:
    """Puts and deletes are there again after a restart that followed no orderly stop."""
    journal = Journal(tmp_path / "j", sync=False)
    journal.put({("a", "1"): {"x": 1}, ("a", "2"): 2, ("b",): "ü"})
    journal.put({("a", "1"): None})
    again = Journal(tmp_path / "j", sync=False)
    assert again.values == {("a", "2"): 2, ("b",): "ü"}
    assert again.under("a") == {("a", "2"): 2}


def test_a_torn_change_is_dropped_as_a_whole(tmp_path: Path) -> None:
    """Wherever the last change is cut, all of it is gone, all before it is there, and the next one is kept."""
    path = tmp_path / "j"
    journal = Journal(path, sync=False)
    journal.put({("first",): 1})
    kept = path.stat().st_size
    journal.put({("second",): 2, ("third",): 3})
    whole = path.read_bytes()
    for length in range(kept, len(whole)):
        path.write_bytes(whole[:length])
        again = Journal(path, sync=False)
        assert again.values == {("first",): 1}
        again.put({("fourth",): 4})
        assert Journal(path, sync=False).values == {("first",): 1, ("fourth",): 4}


def test_the_file_stays_small(tmp_path: Path) -> None:
    """A value overwritten for ever does not fill the disk."""
    path = tmp_path / "j"
    journal = Journal(path, sync=False)
    for number in range(3000):
        journal.put({("key",): "x" * 1000 + str(number)})
    assert path.stat().st_size < 1_200_000
    assert Journal(path, sync=False).values[("key",)].endswith("2999")
