"""What the tables of rules are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def applied(rules: Iterable[Rule], text: str) -> str:
    """One after the other: what a later rule needs to see must still be there."""
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text
