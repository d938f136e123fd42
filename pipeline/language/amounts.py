"""How much and how many, in figures and in words: "forty-eight", "achtundvierzig", "2.6 million".

Tables for English, German, Spanish, French, Portuguese and Russian; of other languages figures only.
Not counted: one and first, which are mostly said of something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

NUMBER = re.compile(r"\d+(?:[.,'’\u202f\u00a0 ](?=\d)\d+)*")
_PIECE = re.compile(
    rf"(?P<figure>{NUMBER.pattern})|(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)|(?P<sign>\S)"
)
_GROUPED = re.compile(r"\d{1,3}(?:[,.'’\u202f\u00a0 ]\d{3})+")
ORDINAL = "ordinal"
TIMES = "times"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """`kind`: empty, of an order ("second"), or of a multiple ("twice"). `start`, `end`: where it
    stands."""

    value: Fraction
    kind: str = ""
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How a language says numbers. `joiners`: what may stand inside of one, as in "vingt et un"."""

    numbers: Mapping[str, int]
    scales: Mapping[str, int]
    joiners: frozenset[str]
    parts: Mapping[str, int]  # "third": that part of a whole, or that place in an order
    others: Mapping[str, tuple[Fraction, str]]


def has_words(language: str) -> bool:
    """Whether numbers in words are known in it."""
    return language in _COUNTINGS


def amounts_of(text: str, language: str = "en") -> list[Amount]:
    """All of a text, in order."""
    counting = _counting(language) if language in _COUNTINGS else _NONE
    return list(_Counter(text, counting).amounts())


def figure(written: str) -> str:
    """A number in figures without what only groups its digits: `1,000` is `1000`."""
    if _GROUPED.fullmatch(written):
        return re.sub(r"\D", "", written)
    return written.replace(",", ".").replace(" ", "")


def _fraction(written: str) -> Fraction:
    plain = unicodedata.normalize("NFKC", figure(written))
    whole, *rest = re.split(r"[.'’\u202f\u00a0]", plain)
    return Fraction(f"{whole}.{rest[0]}") if rest else Fraction(whole)


class _Counter:
    """Goes over a text once, piece by piece."""

    def __init__(self, text: str, counting: Counting) -> None:
        self._counting = counting
        self._pieces = [(m.lastgroup, m.group().lower(), m.span()) for m in _PIECE.finditer(text)]

    def amounts(self) -> Iterator[Amount]:
        at = 0
        while at < len(self._pieces):
            amount, after = self._from(at)
            if amount is not None:
                yield amount
            at = max(after, at + 1)

    def _from(self, at: int) -> tuple[Amount | None, int]:
        """The number that begins here, if one does, and where the rest begins."""
        kind, text, (start, end) = self._pieces[at]
        if kind == "word" and text in self._counting.others:
            value, sort = self._counting.others[text]
            return Amount(value=value, kind=sort, start=start, end=end), at + 1
        if kind == "word" and text in self._counting.parts:
            value, sort = self._place_or_part(at)
            return Amount(value=value, kind=sort, start=start, end=end), at + 1
        value, after = self._figure(at) if kind == "figure" else self._words(at)
        if value is None:
            return None, at + 1
        if (of := self._part(after)) is not None:
            value, after = value / of, after + 1
        end = self._pieces[after - 1][2][1]
        is_one = value == 1 and kind == "word"
        return (None if is_one else Amount(value=value, start=start, end=end)), after

    def _place_or_part(self, at: int) -> tuple[Fraction, str]:
        """ "The third" is a place in an order, "a third" a part of a whole."""
        word = self._pieces[at][1]
        part = self._counting.parts[word]
        is_part = (at > 0 and self._pieces[at - 1][1] in ("a", "an")) or "quarter" in word
        return (Fraction(1, part), "") if is_part else (Fraction(part), ORDINAL)

    def _figure(self, at: int) -> tuple[Fraction | None, int]:
        value = _fraction(self._pieces[at][1])
        scale = self._scale(at + 1)
        return (value * scale, at + 2) if scale else (value, at + 1)

    def _words(self, at: int) -> tuple[Fraction | None, int]:
        total, current, after = 0, 0, at
        place = at
        while place < len(self._pieces):
            word = self._pieces[place][1]
            number, scale = self._number(word), self._scale(place)
            if number is not None and _fits(current, number):
                current += number
            elif scale:
                total, current = _scaled(total, current, scale)
            elif word not in self._counting.joiners or place == at or not self._goes_on(place):
                break
            after = place + (word not in self._counting.joiners)
            place += 1
        return (Fraction(total + current), after) if after > at else (None, at)

    def _number(self, word: str) -> int | None:
        numbers = self._counting.numbers
        before, thousand, behind = word.partition("tausend")
        if thousand and behind in numbers and f"{before}tausend" in numbers:
            return numbers[f"{before}tausend"] + numbers[behind]
        parts = word.split("-")  # "two-month": the number that it begins with
        heads = ("-".join(parts[:end]) for end in range(len(parts), 0, -1))
        return next((numbers[head] for head in heads if head in numbers), None)

    def _goes_on(self, place: int) -> bool:
        """Whether a number may go on behind a joiner, as in "one hundred and ten"."""
        before = self._pieces[place - 1][1]
        behind = self._pieces[place + 1][1] if place + 1 < len(self._pieces) else ""
        said, more = self._counting.numbers.get(before), self._counting.numbers.get(behind)
        so_far = self._scale(place - 1) or said or 0
        return more is not None and so_far >= 20 and so_far % 10 == 0 and _fits(so_far, more)

    def _scale(self, at: int) -> int:
        return self._counting.scales.get(self._pieces[at][1], 0) if at < len(self._pieces) else 0

    def _part(self, at: int) -> int | None:
        """ "two thirds": what it is divided by."""
        word = self._pieces[at][1] if at < len(self._pieces) else ""
        return self._counting.parts.get(word) or self._counting.parts.get(word.removesuffix("s"))


def _fits(current: int, number: int) -> bool:
    """Whether it may stand behind what was said of the same number: 40 and 8, not 4 and 8."""
    low = current % 1000
    if low == 0:
        return True
    if number < 10:
        return low % 10 == 0 and low % 100 != 10
    return number < 100 and low % 100 == 0


def _scaled(total: int, current: int, scale: int) -> tuple[int, int]:
    if scale == 100:
        return total, max(1, current) * 100
    return total + max(1, current) * scale, 0


# --- tables -------------------------------------------------------------------------------------


def _table(text: str, first: int = 0, step: int = 1) -> dict[str, int]:
    """Forms of consecutive numbers; forms of the same are separated by `/`."""
    found = {}
    for place, forms in enumerate(text.split()):
        found |= dict.fromkeys(forms.split("/"), first + place * step)
    return found


def _hyphened(numbers: dict[str, int]) -> dict[str, int]:
    tens = {word: n for word, n in numbers.items() if n in range(20, 100, 10)}
    ones = {word: n for word, n in numbers.items() if 1 <= n <= 9}
    return {f"{t}-{o}": ten + one for t, ten in tens.items() for o, one in ones.items()}


def _others(**groups: str) -> dict[str, tuple[Fraction, str]]:
    values = {
        "half": (Fraction(1, 2), ""), "twice": (Fraction(2), TIMES), "thrice": (Fraction(3), TIMES),
        "dozen": (Fraction(12), ""), "both": (Fraction(2), "both"),
    }  # fmt: skip
    return {word: values[name] for name, words in groups.items() for word in words.split()}


def _english() -> Counting:
    numbers = _table(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen"
    ) | _table("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
    return Counting(
        numbers=numbers | _hyphened(numbers),
        scales={"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9},
        joiners=frozenset({"and"}),
        parts=_table(
            "second third/thirds fourth/quarter/quarters/fourths fifth/fifths sixth/sixths "
            "seventh/sevenths eighth/eighths ninth/ninths tenth/tenths eleventh twelfth",
            2,
        ),
        others=_others(
            half="half halves halved halve halving",
            twice="twice double doubled doubles doubling twofold",
            thrice="thrice triple tripled threefold",
            dozen="dozen",
        ),
    )


def _german() -> Counting:
    ones = _table("null eins/ein/eine/einem/einen/einer zwei/zwo drei vier fünf sechs sieben acht "
                  "neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn "
                  "neunzehn")  # fmt: skip
    tens = _table("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", 20, 10)
    below = ones | tens
    below |= {f"{o}und{t}": one + ten for o, one in ones.items() if 1 <= one <= 9
              for t, ten in tens.items()}  # fmt: skip
    hundreds = {f"{o}hundert": 100 * one for o, one in {**ones, "": 1}.items() if 1 <= one <= 9}
    numbers = below | hundreds | {
        f"{h}{b}": hundred + low for h, hundred in hundreds.items() for b, low in below.items()
    }  # fmt: skip
    numbers |= {f"{w}tausend": 1000 * n for w, n in numbers.items() if 1 <= n <= 99}
    return Counting(
        numbers=numbers,
        scales={"tausend": 1000, "million": 10**6, "millionen": 10**6, "milliarden": 10**9,
                "milliarde": 10**9},
        joiners=frozenset(),
        parts=_table("zweite/zweiten/zweiter/zweites dritte/dritten/dritter/drittel/drittes "
                     "vierte/vierten/viertel fünfte/fünften/fünftel sechste/sechsten/sechstel "
                     "siebte/siebten/siebtel achte/achten/achtel neunte/neunten/neuntel "
                     "zehnte/zehnten/zehntel", 2),
        others=_others(half="halb halbe halben halber halbes hälfte halbierte halbiert",
                       twice="doppelt doppelte doppelten zweimal verdoppelt verdoppelte",
                       thrice="dreifach dreimal dreifache", dozen="dutzend", both="beide beiden"),
    )  # fmt: skip


def _french() -> Counting:
    numbers = _table("zéro un/une deux trois quatre cinq six sept huit neuf dix onze douze treize "
                     "quatorze quinze seize dix-sept dix-huit dix-neuf") | _table(
        "vingt trente quarante cinquante soixante septante huitante/octante nonante", 20, 10
    )  # fmt: skip
    numbers |= _hyphened(numbers)
    teens = {word: n for word, n in numbers.items() if 10 <= n <= 19}
    ones = {word: n for word, n in numbers.items() if 1 <= n <= 9}
    numbers |= {f"soixante-{word}": 60 + n for word, n in teens.items()}
    numbers |= {"quatre-vingts": 80, "quatre-vingt": 80, "soixante-et-onze": 71}
    numbers |= {f"quatre-vingt-{word}": 80 + n for word, n in (ones | teens).items()}
    numbers |= {f"{t}-et-un": n for t, n in numbers.items() if n in range(20, 70, 10)}
    return Counting(
        numbers=numbers,
        scales={"cent": 100, "cents": 100, "mille": 1000, "million": 10**6, "millions": 10**6,
                "milliard": 10**9, "milliards": 10**9},
        joiners=frozenset({"et"}),
        parts=_table("deuxième/seconde/second troisième/tiers quatrième/quart/quarts "
                     "cinquième/cinquièmes sixième septième huitième neuvième dixième/dixièmes", 2),
        others=_others(half="moitié demi demie", twice="double doublé deux-fois doublée",
                       thrice="triple triplé", dozen="douzaine"),
    )  # fmt: skip


def _spanish() -> Counting:
    numbers = _table(
        "cero un/uno/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
        "quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno/veintiún/veintiuna "
        "veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho "
        "veintinueve"
    ) | _table("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 30, 10)
    numbers |= _table(
        "cien/ciento doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas "
        "quinientos/quinientas seiscientos/seiscientas setecientos/setecientas "
        "ochocientos/ochocientas novecientos/novecientas", 100, 100,
    )  # fmt: skip
    return Counting(
        numbers=numbers,
        scales={"mil": 1000, "millón": 10**6, "millones": 10**6},
        joiners=frozenset({"y"}),
        parts=_table("segundo/segunda tercero/tercera/tercer/tercio/tercios cuarto/cuarta/cuartos "
                     "quinto/quinta/quintos sexto/sexta séptimo/séptima octavo/octava "
                     "noveno/novena décimo/décima", 2),
        others=_others(half="mitad medio media", twice="doble duplicó", thrice="triple triplicó",
                       dozen="docena", both="ambos ambas"),
    )  # fmt: skip


def _portuguese() -> Counting:
    numbers = _table(
        "zero um/uma dois/duas três quatro cinco seis sete oito nove dez onze doze treze "
        "catorze/quatorze quinze dezasseis/dezesseis dezassete/dezessete dezoito dezanove/dezenove"
    ) | _table("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa", 20, 10)
    numbers |= _table(
        "cem/cento duzentos/duzentas trezentos/trezentas quatrocentos/quatrocentas "
        "quinhentos/quinhentas seiscentos/seiscentas setecentos/setecentas oitocentos/oitocentas "
        "novecentos/novecentas", 100, 100,
    )  # fmt: skip
    return Counting(
        numbers=numbers,
        scales={"mil": 1000, "milhão": 10**6, "milhões": 10**6},
        joiners=frozenset({"e"}),
        parts=_table("segundo/segunda terceiro/terceira/terço/terços quarto/quarta/quartos "
                     "quinto/quinta/quintos sexto/sexta sétimo/sétima oitavo/oitava nono/nona "
                     "décimo/décima", 2),
        others=_others(half="metade meio meia", twice="dobro duplo", thrice="triplo",
                       dozen="dúzia", both="ambos ambas"),
    )  # fmt: skip


def _russian() -> Counting:
    numbers = _table(
        "ноль/нуль один/одна/одно/одного/одной два/две/двух/двум/двумя три/трёх/трех/трём/тремя "
        "четыре/четырёх/четырех пять/пяти/пятью шесть/шести семь/семи восемь/восьми девять/девяти "
        "десять/десяти одиннадцать/одиннадцати двенадцать/двенадцати тринадцать/тринадцати "
        "четырнадцать/четырнадцати пятнадцать/пятнадцати шестнадцать/шестнадцати "
        "семнадцать/семнадцати восемнадцать/восемнадцати девятнадцать/девятнадцати"
    ) | _table(
        "двадцать/двадцати тридцать/тридцати сорок/сорока пятьдесят/пятидесяти "
        "шестьдесят/шестидесяти семьдесят/семидесяти восемьдесят/восьмидесяти девяносто/девяноста",
        20, 10,
    )  # fmt: skip
    numbers |= _table(
        "сто/ста двести/двухсот триста/трёхсот четыреста/четырёхсот пятьсот/пятисот "
        "шестьсот/шестисот семьсот/семисот восемьсот/восьмисот девятьсот/девятисот", 100, 100,
    )  # fmt: skip
    return Counting(
        numbers=numbers,
        scales=dict.fromkeys("тысяча тысячи тысяч тысячу тысячах".split(), 1000)
        | dict.fromkeys("миллион миллиона миллионов".split(), 10**6),
        joiners=frozenset(),
        parts=_table("второй/вторая/второе/второго/второму третий/третья/третье/третьего/трети/треть "
                     "четвёртый/четверть/четверти/четвёртой пятый/пятая/пятого/пятой "
                     "шестой/шестая седьмой/седьмая восьмой/восьмая девятый десятый/десятая", 2),
        others=_others(half="половина половину половины пол", twice="вдвое дважды удвоилось",
                       thrice="втрое трижды", dozen="дюжина", both="оба обе обоих"),
    )  # fmt: skip


_COUNTINGS: Mapping[str, Callable[[], Counting]] = {
    "en": _english, "de": _german, "fr": _french, "es": _spanish, "pt": _portuguese, "ru": _russian,
}  # fmt: skip
_NONE = Counting(numbers={}, scales={}, joiners=frozenset(), parts={}, others={})


@cache
def digit_words() -> frozenset[str]:
    """What digits, and tens, are called one by one, in all languages that are known."""
    small = {
        word
        for language in _COUNTINGS
        for word, number in _counting(language).numbers.items()
        if number < 100 and word not in _NOT_DIGITS
    }
    return frozenset(small | {"double", "triple", "oh", "o", "nought", "null", "plus"})


# Articles that are called like one, too.
_NOT_DIGITS = frozenset("ein eine einem einen einer un une uno una um uma".split())


@cache
def _counting(language: str) -> Counting:
    return _COUNTINGS[language]()
