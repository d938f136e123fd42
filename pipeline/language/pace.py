"""How long a text takes to say: for the card before it is spoken, and to tell a voice that
swallowed half of it.

Weights in seconds, fitted to hibari:heart on nine papers; on a paper left out of the fit the sum is
within 3 % (docs/narration.md).
"""

from __future__ import annotations

import re

LETTER_S, WORD_S, STOP_S, SENTENCE_S, CAPITAL_S, SINGLE_S = 0.0654, 0.0224, 0.143, 0.62, 0.16, 0.184
WIDE_S, DIGIT_S = 0.2, 0.33  # a sign of Chinese is a syllable; a digit is a word to most voices
# A simple voice in other languages, against the same weights: measured on tests/data/languages.txt.
_IN_LANGUAGE = {
    "ar": 1.41, "cs": 1.07, "da": 0.86, "de": 0.95, "el": 0.86, "es": 0.97, "fi": 1.08, "fr": 0.8,
    "hi": 0.82, "hu": 1.1, "id": 1.05, "it": 0.9, "ja": 1.15, "ko": 0.88, "nl": 1.01, "pl": 1.03,
    "pt": 1.0, "ru": 0.75, "sv": 0.99, "tr": 1.13, "uk": 1.22, "zh": 1.27,
}  # fmt: skip
_WIDE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_LETTERS = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_STOP = re.compile(r"[,;:()，、；：،؛]")
_SENTENCE = re.compile(r"[.!?](?= )|[。！？](?=.)")
_CAPITALS = re.compile(r"\b[A-Z]{2,6}(?=s?\b)")
_SINGLE = re.compile(r"\b[^\W\d_aAI]\b")


def seconds_to_say(text: str, language: str = "en") -> float:
    """Sound only, at speed 1, without the pauses between utterances."""
    wide = len(_WIDE.findall(text))
    seconds = (
        LETTER_S * (len(_LETTERS.findall(text)) - wide)
        + WIDE_S * wide
        + DIGIT_S * len(_DIGIT.findall(text))
        + WORD_S * (text.count(" ") + 1)
        + STOP_S * len(_STOP.findall(text))
        + SENTENCE_S * len(_SENTENCE.findall(text))
        + CAPITAL_S * sum(map(len, _CAPITALS.findall(text)))
        + SINGLE_S * (len(_SINGLE.findall(text)) if not wide else 0)
    )
    return seconds * _IN_LANGUAGE.get(language, 1.0)
