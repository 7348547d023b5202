"""The data directory: one broker at a time, one format, and a mark that says whether the last stop was in order."""

import fcntl
import os
from pathlib import Path
from typing import IO

from pipeline.embedded.errors import BrokerStartError

FORMAT = "embedded broker data, format 1\n"


class DataDirectory:
    """Holds the lock on a data directory; `clean` tells whether the broker before stopped in order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = _locked(path)
        try:
            _check_format(path / "format")
            self._mark = path / "stopped-in-order"
            self.clean = self._mark.exists()
            self._mark.unlink(missing_ok=True)
        except BaseException:
            self._lock.close()
            raise

    def release(self, *, in_order: bool) -> None:
        """Give the directory up."""
        if in_order:
            self._mark.touch()
        self._lock.close()


def _locked(path: Path) -> IO[str]:
    try:
        path.mkdir(parents=True, exist_ok=True)
        file = (path / "lock").open("a+")
    except OSError as error:
        raise BrokerStartError(f"cannot use the data directory {path}: {error.strerror}; choose another") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip() or "unknown"
        file.close()
        raise BrokerStartError(
            f"the data directory {path} is in use by another broker (process {holder}); stop it or choose another"
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def _check_format(path: Path) -> None:
    if not path.exists():
        strangers = [entry.name for entry in path.parent.iterdir() if entry.name != "lock"]
        if strangers:
            raise BrokerStartError(
                f"{path.parent} holds other files ({strangers[0]}); give the broker a directory of its own"
            )
        path.write_text(FORMAT)
        return
    found = path.read_text()
    if found != FORMAT:
        raise BrokerStartError(
            f"{path.parent} was written by another version ({found.strip()!r}, this one writes {FORMAT.strip()!r}); "
            "use that version or an empty directory"
        )
