"""Which language a text is written in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock

# Noisy text is no reason to find a language that hardly any document is written in.
LANGUAGES = (
    "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl "
    "sr sv th tr uk vi zh"
).split()


def language_of(text: str) -> str:
    """ISO 639-1 of a text; English for one too short to tell."""
    sample = text[:20_000]
    if sum(sign.isalpha() for sign in sample) < 40:
        return "en"
    with _LOADING:  # by one of several threads
        classify = _classifier()
    return str(classify(sample)[0])


_LOADING = Lock()


@cache
def _classifier() -> Callable[[str], tuple[str, float]]:
    """Half a second to load: only where it is needed."""
    import py3langid

    py3langid.set_languages(LANGUAGES)
    classify: Callable[[str], tuple[str, float]] = py3langid.classify
    return classify
