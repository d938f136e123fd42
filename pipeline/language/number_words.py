"""What numbers are called, in six languages: tables for `pipeline.language.amounts`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

TIMES = "times"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How a language says numbers. `joiners`: what may stand inside of one, as in "vingt et un"."""

    numbers: Mapping[str, int]
    scales: Mapping[str, int]
    joiners: frozenset[str]
    parts: Mapping[str, int]  # "third": that part of a whole, or that place in an order
    others: Mapping[str, tuple[Fraction, str]]


def _table(text: str, first: int = 0, step: int = 1) -> dict[str, int]:
    """Forms of consecutive numbers; forms of the same are separated by `/`."""
    found: dict[str, int] = {}
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
        parts=_table("второй/вторая/второе/второго/второму "
                     "третий/третья/третье/третьего/трети/треть "
                     "четвёртый/четверть/четверти/четвёртой пятый/пятая/пятого/пятой "
                     "шестой/шестая седьмой/седьмая восьмой/восьмая девятый десятый/десятая", 2),
        others=_others(half="половина половину половины пол", twice="вдвое дважды удвоилось",
                       thrice="втрое трижды", dozen="дюжина", both="оба обе обоих"),
    )  # fmt: skip


COUNTINGS: Mapping[str, Callable[[], Counting]] = {
    "en": _english, "de": _german, "fr": _french, "es": _spanish, "pt": _portuguese, "ru": _russian,
}  # fmt: skip
NONE = Counting(numbers={}, scales={}, joiners=frozenset(), parts={}, others={})


@cache
def digit_words() -> frozenset[str]:
    """What digits, and tens, are called one by one, in all languages that are known."""
    small = {
        word
        for language in COUNTINGS
        for word, number in counting_of(language).numbers.items()
        if number < 100 and word not in _NOT_DIGITS
    }
    return frozenset(small | {"double", "triple", "oh", "o", "nought", "null", "plus"})


# Articles that are called like one, too.
_NOT_DIGITS = frozenset("ein eine einem einen einer un une uno una um uma".split())


@cache
def counting_of(language: str) -> Counting:
    return COUNTINGS[language]()
