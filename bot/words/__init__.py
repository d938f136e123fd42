"""Sentences in a listener's language. English is the source and what all others fall back to."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bot.words.catalogue import Catalogue
from pipeline.errors import ListenDockError

SOURCE = "en"
LANGUAGES = (SOURCE, "de", "es", "fr", "pt", "ru")
Fact = str | int | float


@dataclass(frozen=True, slots=True)
class Plural:
    """A sentence that counts: both forms may say `{count}`."""

    one: str
    many: str


class Words:
    """`words(SENTENCE, title="Bees")`: the sentence in one language, its gaps filled."""

    def __init__(self, language: str, catalogue: gettext.NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, sentence: str, **facts: Fact) -> str:
        if not sentence:  # to gettext, that is the catalogue's own header
            return ""
        return self._catalogue.gettext(sentence).format(**facts)

    def unfilled(self, sentence: str) -> str:
        """With its gaps, for whoever fills them elsewhere."""
        return self._catalogue.gettext(sentence)

    def count(self, number: int, plural: Plural, **facts: Fact) -> str:
        """In the form that the language has for this number."""
        form = self._catalogue.ngettext(plural.one, plural.many, number)
        return form.format(count=number, **facts)

    def error(self, error: ListenDockError) -> str:
        return self(error.sentence, **error.facts)


@lru_cache(maxsize=len(LANGUAGES))
def _words(language: str) -> Words:
    """A catalogue is read once, which takes a few milliseconds."""
    if language == SOURCE:
        return Words(language, gettext.NullTranslations())
    source = files("bot.words") / "locales" / language / "LC_MESSAGES" / "listendock.po"
    return Words(language, Catalogue(source.read_text(encoding="utf-8")))


def words_in(language: str) -> Words:
    """Words in a language (`de`, `pt-br`); in English where there is no catalogue."""
    short = language[:2].lower()
    return _words(short if short in LANGUAGES else SOURCE)


ENGLISH = words_in(SOURCE)
