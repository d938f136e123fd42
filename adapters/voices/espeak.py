"""eSpeak NG from a wheel: a simple, robotic voice for every language that no better one speaks."""

from __future__ import annotations

import ctypes
import importlib.util
from functools import lru_cache
from typing import Any

import numpy as np

from pipeline.errors import SpeechFailed
from pipeline.ports import Pcm
from pipeline.producer import VoiceCard

LANGUAGES = {
    "af": "af", "ar": "ar", "bg": "bg", "bn": "bn", "bs": "bs", "ca": "ca", "cs": "cs", "cy": "cy",
    "da": "da", "de": "de", "el": "el", "en": "en-us", "eo": "eo", "es": "es", "et": "et",
    "eu": "eu", "fa": "fa", "fi": "fi", "fr": "fr", "ga": "ga", "gl": "gl", "gu": "gu", "hi": "hi",
    "hr": "hr", "hu": "hu", "hy": "hy", "id": "id", "is": "is", "it": "it", "ka": "ka", "kk": "kk",
    "kn": "kn", "ko": "ko", "ku": "ku", "la": "la", "lt": "lt", "lv": "lv", "mk": "mk", "ml": "ml",
    "mr": "mr", "ms": "ms", "ne": "ne", "nl": "nl", "no": "nb", "nb": "nb", "pl": "pl",
    "pt": "pt", "ro": "ro", "ru": "ru", "sk": "sk", "sl": "sl", "sq": "sq", "sr": "sr", "sv": "sv",
    "sw": "sw", "ta": "ta", "te": "te", "tr": "tr", "uk": "uk", "ur": "ur", "vi": "vi",
    "zh": "cmn", "ja": "ja",
}  # fmt: skip
RETRIEVAL, UTF8, NORMAL_WPM, RATE = 1, 1, 165, 1
GAIN = 0.62
_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


class EspeakVoice:
    """The library keeps global state: one instance a process, one call at a time."""

    id = "espeak:default"
    max_characters = 300
    languages = frozenset(LANGUAGES)

    def __init__(self) -> None:
        self._library, self.sample_rate = _library()

    def speak(self, text: str, *, speed: float, language: str) -> Pcm:
        name = LANGUAGES.get(language)
        if name is None or self._library.espeak_SetVoiceByName(name.encode()) != 0:
            raise SpeechFailed
        self._library.espeak_SetParameter(RATE, round(NORMAL_WPM * speed), 0)
        chunks: list[np.ndarray[Any, np.dtype[np.int16]]] = []

        def on_samples(samples: Any, count: int, _events: Any) -> int:
            if count > 0:
                chunks.append(np.ctypeslib.as_array(samples, shape=(count,)).copy())
            return 0

        keep = _CALLBACK(on_samples)  # must live until the library is done
        self._library.espeak_SetSynthCallback(keep)
        raw = text.encode()
        self._library.espeak_Synth(raw, len(raw) + 1, 0, 0, 0, UTF8, None, None)
        self._library.espeak_Synchronize()
        if not chunks:
            raise SpeechFailed
        return np.asarray(np.concatenate(chunks), dtype=np.float32) / 32768.0 * GAIN


@lru_cache(maxsize=1)
def _library() -> tuple[Any, int]:
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_uint,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    rate = library.espeak_Initialize(
        RETRIEVAL, 500, str(espeakng_loader.get_data_path()).encode(), 0
    )
    if rate <= 0:
        raise SpeechFailed
    return library, int(rate)


def open_voice(speaker: str) -> EspeakVoice:
    return EspeakVoice()


def voice_cards() -> list[VoiceCard]:
    if importlib.util.find_spec("espeakng_loader") is None:
        return []
    return [
        VoiceCard(
            id="espeak:default",
            factory="adapters.voices.espeak:open_voice",
            languages=EspeakVoice.languages,
            is_simple=True,
        )
    ]
