"""eSpeak NG from a wheel: a simple, robotic voice for every language that no better one speaks.

The library keeps global state and calls back, so it lives in a speaking child, one instance a
process, and is told never to end the process itself.
"""

from __future__ import annotations

import ctypes
import importlib.util
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pipeline.audio.voices import VoiceCard
from pipeline.errors import SpeechFailed
from pipeline.ports import Pcm, VoiceFacts

if TYPE_CHECKING:
    import numpy as np  # else in children alone

# ISO 639-1 → the library's own name.
LANGUAGES = {
    "af": "af", "am": "am", "ar": "ar", "as": "as", "az": "az", "be": "be", "bg": "bg", "bn": "bn",
    "bs": "bs", "ca": "ca", "cs": "cs", "cy": "cy", "da": "da", "de": "de", "el": "el",
    "en": "en-us", "eo": "eo", "es": "es", "et": "et", "eu": "eu", "fa": "fa", "fi": "fi",
    "fr": "fr", "ga": "ga", "gu": "gu", "he": "he", "hi": "hi", "hr": "hr", "ht": "ht", "hu": "hu",
    "hy": "hy", "id": "id", "is": "is", "it": "it", "ja": "ja", "ka": "ka", "kk": "kk", "kn": "kn",
    "ko": "ko", "ku": "ku", "ky": "ky", "la": "la", "lb": "lb", "lt": "lt", "lv": "lv", "mi": "mi",
    "mk": "mk", "ml": "ml", "mr": "mr", "ms": "ms", "mt": "mt", "nb": "nb", "ne": "ne", "nl": "nl",
    "nn": "nb", "no": "nb", "pa": "pa", "pl": "pl", "pt": "pt", "ro": "ro", "ru": "ru", "si": "si",
    "sk": "sk", "sl": "sl", "sq": "sq", "sr": "sr", "sv": "sv", "sw": "sw", "ta": "ta", "te": "te",
    "th": "th", "tr": "tr", "uk": "uk", "ur": "ur", "vi": "vi", "zh": "cmn",
}  # fmt: skip
SYNCHRONOUS, DO_NOT_EXIT, UTF8 = 2, 0x8000, 1
RATE_PARAMETER, NORMAL_WPM = 1, 165
BUFFER_MS = 500
# How loud the library is, LUFS, measured by tests/benchmarks/loudness.py. One speaker, but each
# language has other vowels.
LOUDNESS = {
    "ar": -20.5, "cs": -20.6, "da": -20.1, "de": -20.4, "el": -21.2, "en": -20.9, "es": -21.3,
    "fi": -19.9, "fr": -22.1, "hi": -19.5, "hu": -20.7, "id": -20.3, "it": -21.5, "ja": -20.3,
    "ko": -19.1, "nl": -20.9, "pl": -21.2, "pt": -20.4, "ru": -21.0, "sv": -20.7, "tr": -19.9,
    "uk": -18.8, "zh": -19.1,
}  # fmt: skip
# The limiter takes a little of what is wanted.
USUAL_LOUDNESS, WANTED_LOUDNESS = -20.5, -18.5
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class _Library:
    """The loaded library with its one callback, which must live as long as the process."""

    def __init__(self) -> None:
        import espeakng_loader

        self._chunks: list[np.ndarray[Any, np.dtype[np.int16]]] = []
        self._callback = _CALLBACK(self._on_samples)
        self._code = ctypes.CDLL(espeakng_loader.get_library_path())
        self._code.espeak_Synth.argtypes = [
            *(ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int),
            *(ctypes.c_uint, ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p),
        ]
        data = str(espeakng_loader.get_data_path()).encode()
        self.rate = int(self._code.espeak_Initialize(SYNCHRONOUS, BUFFER_MS, data, DO_NOT_EXIT))
        if self.rate <= 0:
            raise SpeechFailed
        self._code.espeak_SetSynthCallback(self._callback)

    def samples(self, text: str, name: str, words_per_minute: int) -> Pcm:
        """Between -1 and 1; empty if it says nothing. Raises `SpeechFailed`."""
        import numpy as np

        if self._code.espeak_SetVoiceByName(name.encode()) != 0:
            raise SpeechFailed
        self._code.espeak_SetParameter(RATE_PARAMETER, words_per_minute, 0)
        self._chunks.clear()
        raw = text.replace("\0", " ").encode()
        if self._code.espeak_Synth(raw, len(raw) + 1, 0, 0, 0, UTF8, None, None) != 0:
            raise SpeechFailed
        if not self._chunks:
            return np.zeros(0, dtype=np.float32)
        return np.concatenate(self._chunks).astype(np.float32) / 32768.0

    def _on_samples(self, samples: Any, count: int, _events: Any) -> int:
        import numpy as np

        if count > 0:
            self._chunks.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
        return 0


class EspeakVoice:
    """Every language of the library; which one is said with each call."""

    def __init__(self) -> None:
        self._library = _library()
        self.facts = VoiceFacts(
            id="espeak:default",
            sample_rate=self._library.rate,
            languages=frozenset(LANGUAGES),
            speeds=(0.5, 2.0),
        )

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        import numpy as np

        name = LANGUAGES.get(language)
        if name is None:
            raise SpeechFailed
        if language == "ja":
            text = _kana(text)
        pcm = self._library.samples(text, name, round(NORMAL_WPM * speed))
        if not len(pcm):
            raise SpeechFailed
        gain_db = WANTED_LOUDNESS - LOUDNESS.get(language, USUAL_LOUDNESS)
        return np.asarray(pcm * 10 ** (gain_db / 20), dtype=np.float32)


def _kana(text: str) -> str:
    """Japanese in syllables: the library would read each Chinese sign as "Chinese letter"."""
    return "".join(word["hira"] for word in _kakasi().convert(text))


@lru_cache(maxsize=1)
def _kakasi() -> Any:
    import pykakasi

    return pykakasi.kakasi()


@lru_cache(maxsize=1)
def _library() -> _Library:
    return _Library()


def open_voice(speaker: str) -> EspeakVoice:
    return EspeakVoice()


def available() -> list[VoiceCard]:
    if importlib.util.find_spec("espeakng_loader") is None:
        return []
    return [
        VoiceCard(
            id="espeak:default",
            factory="adapters.voices.espeak:open_voice",
            languages=frozenset(LANGUAGES),
            is_simple=True,
        )
    ]
