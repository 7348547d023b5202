"""How far a replay has come: a small file that is replaced, never half written."""

from __future__ import annotations

import os
from pathlib import Path

import orjson

from pipeline.errors import ConfigError


class Position:
    """The number of items that the broker has acknowledged, in replay order, kept over restarts.

    Args:
        path: the state file.
        archive: digest of what is replayed; a position is worth nothing in another archive.
    """

    def __init__(self, path: Path, archive: str) -> None:
        self._path = path
        self._archive = archive
        self._saved = -1

    def load(self) -> int:
        """Return where to go on: 0 where nothing was saved.

        Raises:
            ConfigError: the file is broken, or belongs to another archive.
        """
        try:
            state = orjson.loads(self._path.read_bytes())
            archive, acknowledged = str(state["archive"]), int(state["acknowledged"])
        except FileNotFoundError:
            return 0
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{self._path} is no saved position ({error}); --no-resume begins afresh") from error
        if archive != self._archive:
            raise ConfigError(f"{self._path} belongs to another archive or selection; --no-resume begins afresh")
        self._saved = acknowledged
        return acknowledged

    def save(self, acknowledged: int) -> None:
        """Write the position down.

        Raises:
            ConfigError: the file cannot be written.
        """
        if acknowledged == self._saved:
            return
        fresh = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(orjson.dumps({"archive": self._archive, "acknowledged": acknowledged}) + b"\n")
            os.replace(fresh, self._path)  # noqa: PTH105 - the atomic rename is the point
        except OSError as error:
            raise ConfigError(f"the position cannot be saved: {error}; give another file with --state") from error
        self._saved = acknowledged

    def forget(self) -> None:
        """Remove the file: the replay is finished, or begins afresh."""
        self._path.unlink(missing_ok=True)
        self._saved = -1
