"""Numbers of chapters that are written as words: "CHAPTER TWO", "Zweites Kapitel"."""

from __future__ import annotations

import re
from functools import cache

from pipeline.language.number_words import COUNTINGS, counting_of

MOST = 60
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "erstes/erster zweites/zweiter drittes/dritter viertes/vierter fünftes/fünfter "
    "sechstes/sechster siebtes/siebentes achtes neuntes zehntes elftes zwölftes",
    "premier/première deuxième troisième quatrième cinquième sixième septième huitième neuvième "
    "dixième onzième douzième",
    "primero/primera/primer segundo/segunda tercero/tercera/tercer cuarto/cuarta quinto/quinta "
    "sexto/sexta séptimo/séptima octavo/octava noveno/novena décimo/décima undécimo duodécimo",
    "primeiro/primeira segundo/segunda terceiro/terceira quarto/quarta quinto/quinta sexto/sexta "
    "sétimo/sétima oitavo/oitava nono/nona décimo/décima",
    "primo/prima secondo/seconda terzo/terza quarto/quarta quinto/quinta sesto/sesta "
    "settimo/settima ottavo/ottava nono/nona decimo/decima undicesimo dodicesimo",
    "первая второй/вторая третья четвёртая/четвертая пятая шестая седьмая восьмая девятая десятая "
    "одиннадцатая двенадцатая",
    "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende",
    "pierwszy drugi trzeci czwarty piąty szósty siódmy ósmy dziewiąty dziesiąty",
)
_CARDINALS = (
    "uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    "een twee drie vier vijf zes zeven acht negen tien elf twaalf",
)
_CHAPTERS = "chapter|kapitel|chapitre|cap[ií]tulo|capitolo|глава|hoofdstuk|rozdział|kapittel|bab"
_PARTS = "part|teil|partie|parte|часть|deel|część"
_NUMBERS = (r"[^\W\d_]+[- ][^\W\d_]+", r"[^\W\d_]+")  # "twenty-one", "one"
_ENDED = r"(?=\s*[.:–—]|\s+-|\s*$|\s+(?-i:[^\W\d_a-zß-ÿа-яё]))\s*[.:–—-]?\s*"
_PATTERNS = tuple(
    (family, re.compile(pattern, re.I))
    for family, words in (("word", _CHAPTERS), ("part", _PARTS))
    for number in _NUMBERS
    for pattern in (
        rf"^(?:{words})\s+(?:the\s+)?({number}){_ENDED}",
        rf"^({number})\s+(?:{words}){_ENDED}",
    )
)


def spelled_number(text: str) -> tuple[str, int, int] | None:
    """The family of the number that a heading begins with ("word", "part"), the number, and where
    the heading's own words begin."""
    if not text[:1].isupper():
        return None
    for family, pattern in _PATTERNS:
        match = pattern.match(text)
        number = _numbers().get(match[1].lower().replace(" ", "-")) if match else None
        if match and number:
            return family, number, match.end()
    return None


@cache
def _numbers() -> dict[str, int]:
    found: dict[str, int] = {}
    for words in (*_ORDINALS, *_CARDINALS):
        for place, forms in enumerate(words.split(), start=1):
            found |= dict.fromkeys(forms.split("/"), place)
    for language in COUNTINGS:
        counted = counting_of(language).numbers
        found |= {word: number for word, number in counted.items() if 1 <= number <= MOST}
    # "TWENTYTHREE", as Sphinx has it
    return found | {word.replace("-", ""): number for word, number in found.items()}
