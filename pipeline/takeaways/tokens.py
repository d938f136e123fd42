"""A word of a sentence, with what its sentence makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pipeline.language.opposites import Meaning, are_alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, name or number that carries meaning. `place`: among such of its sentence; `clause`:
    its clause there; `is_denied`: somewhere in that clause something is denied; `is_head`: it is
    what is denied."""

    text: str
    meaning: Meaning
    value: Fraction | None = None
    kind: str = ""  # of a number
    is_name: bool = False
    place: int = 0
    clause: int = 0
    start: int = 0
    sentence: int = 0
    is_denied: bool = False
    is_reached: bool = False  # by a denial that may mean it: "without" means nothing before it
    is_head: bool = False
    denied_by: str = ""  # by which word, if it is such a head
    may_be_denied: bool = False
    unit: str = ""  # what a number counts
    lead: str = ""  # "from" or "to", where it stands before it

    @property
    def is_number(self) -> bool:
        return self.value is not None

    def says(self, other: Token) -> bool:
        """Whether both are the same number, name or word, or words that may stand for another."""
        return are_alike(self.meaning, other.meaning)
