"""What is heard of a voice while a chapter is spoken, against what it said before.

A sentence that is said twice, or half, may still be as long as some voice would take for it; not as
this one. And the sound of other words is not these words.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from statistics import median

from pipeline.ports import Pcm

SURE_WORDS = 6  # shorter texts say little about pace
TELLING_WORDS = 3  # fewer may sound like others: "Two." and "Too."
FEWEST_PACES = 5  # before a voice's own is known
# Of a voice's usual pace. Whole sentences keep within 0.75 to 1.45 of the expected, whichever voice
# says them (docs/narration.md), so no two of one voice are this far apart.
LEAST_SHARE, MOST_SHARE = 0.55, 1.85
USUAL_OF = 50  # of the latest paces


@dataclass(slots=True)
class Ear:
    """One chapter's worth of memory."""

    _paces: dict[str, list[float]] = field(default_factory=dict)  # by voice
    _texts: dict[bytes, str] = field(default_factory=dict)  # by their sound

    def knows_as_another(self, text: str, pcm: Pcm) -> bool:
        """Whether this very sound was another text before."""
        words = "".join(sign for sign in text.casefold() if sign.isalnum() or sign == " ").split()
        if len(words) < TELLING_WORDS:
            return False
        sound = hashlib.blake2b(pcm.tobytes(), digest_size=16).digest()
        return self._texts.setdefault(sound, " ".join(words)) != " ".join(words)

    def is_strange(self, voice: str, text: str, seconds: float, expected_s: float) -> bool:
        """Whether it is about half or twice as long as this voice takes for such a text. What is
        not is remembered."""
        if len(text.split()) < SURE_WORDS or not expected_s:
            return False
        paces, pace = self._paces.setdefault(voice, []), seconds / expected_s
        if len(paces) >= FEWEST_PACES:
            share = pace / median(paces[-USUAL_OF:])
            if not LEAST_SHARE <= share <= MOST_SHARE:
                return True
        paces.append(pace)
        return False
