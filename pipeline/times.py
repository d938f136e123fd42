"""When what is said of a chapter sounds: spans of its text, the cues of a track, and the way from a
second to a sign and back. Values only, below everything else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

NUMBERS_A_CUE = 5  # silence before it, its length, passage, first sign, length in signs
WHOLE_CHAPTER = -1  # as a source: no passage in particular


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Signs [start, end) of a passage of a telling. Its heading is passage 0."""

    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """From when until when a span sounds in a track. The voice sets in some 30 ms after the start,
    and ends as much before the end. `is_estimated`: a voice said more than this in one breath, and
    where in it the span begins is guessed by its length."""

    start_ms: int
    end_ms: int
    said: Span
    is_estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The cues of a track, packed: some 20 characters each as JSON. Without any for a track from
    before there were cues.

    `told`: the mark of the telling that they point into. `sources`: of which passage of the chapter
    each passage of the telling is (0 its heading, n the n-th; `WHOLE_CHAPTER`), where the telling
    is not the chapter itself: then a place is a passage and no sign of it.
    """

    told: str = ""
    sources: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()

    @classmethod
    def of(cls, cues: Iterable[Cue], *, told: str = "", sources: Sequence[int] = ()) -> Self:
        numbers: list[int] = []
        before_ms = 0
        for cue in cues:
            length_ms = cue.end_ms - cue.start_ms
            signs = cue.said.end - cue.said.start
            numbers += (
                *(cue.start_ms - before_ms, length_ms, cue.said.passage),
                *(cue.said.start, -signs if cue.is_estimated else signs),
            )
            before_ms = cue.end_ms
        return cls(told=told, sources=tuple(sources), numbers=tuple(numbers))

    @property
    def cues(self) -> tuple[Cue, ...]:
        """In the order in which they sound."""
        found: list[Cue] = []
        end_ms = 0
        for place in range(0, len(self.numbers) - NUMBERS_A_CUE + 1, NUMBERS_A_CUE):
            silence, length, passage, start, signs = self.numbers[place : place + NUMBERS_A_CUE]
            start_ms = end_ms + silence
            end_ms = start_ms + length
            span = Span(passage=passage, start=start, end=start + abs(signs))
            cue = Cue(start_ms=start_ms, end_ms=end_ms, said=span, is_estimated=signs < 0)
            found.append(cue)
        return tuple(found)

    def place_at(self, ms: int) -> tuple[int, int] | None:
        """Passage of the chapter and sign where what sounds then begins; None where nothing is
        known. In a pause it is what sounded last."""
        cues = self.cues
        if not cues:
            return None
        cue = cues[max(0, bisect_right(cues, ms, key=lambda cue: cue.start_ms) - 1)]
        return self._place(cue)

    def ms_of(self, passage: int, sign: int) -> int | None:
        """When what holds this place of the chapter begins: the last that begins no later, or the
        first of all. None where nothing is known."""
        found = self.range_of(passage, sign)
        return found[0] if found is not None else None

    def range_of(self, passage: int, sign: int) -> tuple[int, int] | None:
        """From when until when a player is at this place, as `place_at` has it: from where what
        holds it begins to where what follows does."""
        cues = self.cues
        if not cues:
            return None
        wanted = (passage, 0 if self.sources else sign)
        places = [self._place(cue) for cue in cues]
        held = max((place for place in places if place <= wanted), default=places[0])
        after = len(places) - places[::-1].index(held)
        end_ms = cues[after].start_ms if after < len(cues) else cues[-1].end_ms
        return cues[places.index(held)].start_ms, end_ms

    def _place(self, cue: Cue) -> tuple[int, int]:
        if not self.sources:
            return cue.said.passage, cue.said.start
        return max(0, self.sources[cue.said.passage]), 0
