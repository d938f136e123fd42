"""How words are said that no rule can know: the package's list, an operator's file, a listener's
own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from pipeline.errors import ConfigurationError

MOST_WORDS, LONGEST_WORD = 20_000, 200


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Written → spoken. Case counts if the written form has a capital; whole words only."""

    words: Mapping[str, str]
    pattern: re.Pattern[str] | None

    def applied(self, text: str) -> str:
        if self.pattern is None:
            return text
        return self.pattern.sub(self._said, text)

    def _said(self, match: re.Match[str]) -> str:
        written = match.group(0)
        return self.words.get(written) or self.words.get(written.lower(), written)


def lexicon_of(words: Mapping[str, str]) -> Lexicon:
    known = {k: v for k, v in words.items() if k and v and len(k) <= LONGEST_WORD}
    if not known:
        return Lexicon({}, None)
    order = sorted(known, key=len, reverse=True)
    exact = "|".join(re.escape(word) for word in order if word != word.lower())
    loose = "|".join(re.escape(word) for word in order if word == word.lower())
    either = "|".join(part for part in (exact, f"(?i:{loose})" if loose else "") if part)
    return Lexicon(known, re.compile(rf"(?<![\w])(?:{either})(?![\w])"))


def parsed(text: str, source: str = "lexicon") -> dict[str, str]:
    """Lines of `written = spoken`; `#` begins a comment. Raises `ConfigurationError`."""
    words: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        written, sign, said = (part.strip() for part in line.partition(" = "))
        if not sign or not written or not said or len(words) >= MOST_WORDS:
            problem = f"{source}, line {number}: want “written = spoken”, one a line."
            raise ConfigurationError(problem=problem)
        words[written] = said
    return words


@lru_cache(maxsize=8)
def lexicon_for(language: str, extra: tuple[tuple[str, str], ...] = ()) -> Lexicon:
    """The package's list for a language, then `extra`; later ones win."""
    words: dict[str, str] = {}
    own = files(__package__) / f"lexicon.{language}.txt"
    if own.is_file():
        words |= parsed(own.read_text(encoding="utf-8"), own.name)
    return lexicon_of(words | dict(extra))


def operators_words(file: Path) -> dict[str, str]:
    """What the file that the setting LEXICON names says. Raises `ConfigurationError`."""
    try:
        return parsed(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as err:
        raise ConfigurationError(problem=f"LEXICON={file}: cannot be read.") from err
