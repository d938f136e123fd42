"""The local page."""

from typing import Any

open_web: Any = None
