"""LISTENDOCK_HOME, the folder that everything needs which stays."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import ConfigurationError


def make_home(home: Path) -> None:
    """Make the folder if it is not there. Raises `ConfigurationError` where it cannot be made or
    written to."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise _unusable(home, "a file is in the way") from None
    except OSError as err:
        raise _unusable(home, f"it cannot be made: {err.strerror}") from err
    if not os.access(home, os.W_OK | os.X_OK):
        raise _unusable(home, "it cannot be written to")


def _unusable(home: Path, reason: str) -> ConfigurationError:
    return ConfigurationError(
        problem=f"LISTENDOCK_HOME={home}: {reason}. Set it to a folder that this program may "
        "write to."
    )
