"""German, French and Spanish before a voice that reads plain numbers itself: abbreviations, signs,
dates, ranges, units, references. Other languages: signs only, as far as they need no words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.spoken.general import normalized
from pipeline.spoken.rules import Rule, applied
from pipeline.spoken.symbols import GREEK, SUBSCRIPTS, SUPERSCRIPTS, plain_digits

_NUMBER = r"\d+(?:[.,\s]\d{3})*(?:[.,]\d+)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How one language says what it writes short."""

    months: tuple[str, ...]
    first_of_month: str  # "premier"; "" where the plain number serves
    date: str  # with {day}, {month}, {year}
    to: str  # between two numbers
    powers: Mapping[str, str]  # of "2", "3" and "" for any other
    dot: str  # in an address
    abbreviations: Mapping[str, str]  # a space may be missing; a digit may be wanted: "Abb. #"
    signs: Mapping[str, str]
    units: Mapping[str, str] = field(default_factory=dict)


GERMAN = Language(
    months=("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
            "Oktober", "November", "Dezember"),
    first_of_month="",
    date="{day}. {month} {year}",
    to="bis",
    powers={"2": "hoch zwei", "3": "hoch drei", "": "hoch"},
    dot="Punkt",
    abbreviations={
        "z. B.": "zum Beispiel", "d. h.": "das heißt", "u. a.": "unter anderem",
        "i. d. R.": "in der Regel", "z. T.": "zum Teil", "u. U.": "unter Umständen",
        "v. a.": "vor allem", "s. o.": "siehe oben", "s. u.": "siehe unten", "bzw.":
        "beziehungsweise", "vgl.": "vergleiche", "Vgl.": "Vergleiche", "ca.": "circa",
        "usw.": "und so weiter", "etc.": "et cetera", "evtl.": "eventuell", "ggf.":
        "gegebenenfalls", "inkl.": "inklusive", "sog.": "sogenannt", "bspw.": "beispielsweise",
        "bzgl.": "bezüglich", "et al.": "und andere", "Dr.": "Doktor", "Prof.": "Professor",
        "Hrsg.": "Herausgeber", "Jh.": "Jahrhundert", "Mio.": "Millionen", "Mrd.": "Milliarden",
        "o. g.": "oben genannt", "i. A.": "im Auftrag", "u. Ä.": "und Ähnliches", "v. Chr.":
        "vor Christus", "n. Chr.": "nach Christus", "Abb. #": "Abbildung", "Abbn. #":
        "Abbildungen", "Tab. #": "Tabelle", "Kap. #": "Kapitel", "Abs. #": "Absatz", "Art. #":
        "Artikel", "Nr. #": "Nummer", "S. #": "Seite", "Bd. #": "Band", "Gl. #": "Gleichung",
        "§§ #": "Paragrafen", "§ #": "Paragraf", "Aufl.": "Auflage", "max.": "maximal",
        "min.": "minimal", "Std.": "Stunden", "Mind.": "Mindestens", "mind.": "mindestens",
    },
    signs={
        "%": "Prozent", "‰": "Promille", "€": "Euro", "$": "Dollar", "£": "Pfund", "&": "und",
        "=": "gleich", "+": "plus", "±": "plus minus", "−": "minus", "×": "mal", "·": "mal",
        "÷": "geteilt durch", "<": "kleiner als", ">": "größer als", "≤": "kleiner gleich",
        "≥": "größer gleich", "≠": "ungleich", "≈": "ungefähr", "~": "ungefähr", "∼": "ungefähr",
        "∞": "unendlich", "→": "nach", "⇒": "daraus folgt", "∈": "Element von", "√": "Wurzel aus",
        "∑": "Summe über", "∫": "Integral über", "°": "Grad", "@": "at", "∀": "für alle",
        "∂": "partiell", "#": "Nummer", "½": "einhalb", "¼": "ein Viertel", "¾": "drei Viertel",
    },
    units={
        "km/h": "Kilometer pro Stunde", "m/s": "Meter pro Sekunde", "°C": "Grad Celsius",
        "km²": "Quadratkilometer", "m²": "Quadratmeter", "m³": "Kubikmeter", "cm²":
        "Quadratzentimeter", "mg/dl": "Milligramm pro Deziliter", "km": "Kilometer", "cm":
        "Zentimeter", "mm": "Millimeter", "μm": "Mikrometer", "nm": "Nanometer", "kg":
        "Kilogramm", "mg": "Milligramm", "μg": "Mikrogramm", "ml": "Milliliter", "mL":
        "Milliliter", "ms": "Millisekunden", "kWh": "Kilowattstunden", "kW": "Kilowatt", "MW":
        "Megawatt", "GHz": "Gigahertz", "MHz": "Megahertz", "kHz": "Kilohertz", "Hz": "Hertz",
        "GB": "Gigabyte", "MB": "Megabyte", "h": "Stunden",
    },
)  # fmt: skip
FRENCH = Language(
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
            "octobre", "novembre", "décembre"),
    first_of_month="premier",
    date="{day} {month} {year}",
    to="à",
    powers={"2": "au carré", "3": "au cube", "": "puissance"},
    dot="point",
    abbreviations={
        "p. ex.": "par exemple", "c.-à-d.": "c'est-à-dire", "c. -à-d.": "c'est-à-dire",
        "i. e.": "c'est-à-dire", "e. g.": "par exemple", "et al.": "et collègues", "etc.":
        "et cetera", "cf.": "voir", "env.": "environ", "M.": "Monsieur", "MM.": "Messieurs",
        "Mme": "Madame", "Mmes": "Mesdames", "Mlle": "Mademoiselle", "Dr": "docteur", "Pr":
        "professeur", "av. J.-C.": "avant Jésus-Christ", "apr. J.-C.": "après Jésus-Christ",
        "resp.": "respectivement", "éd.": "édition", "s. d.": "sans date", "n° #": "numéro",
        "nº #": "numéro", "no #": "numéro", "fig. #": "figure", "Fig. #": "Figure", "tab. #":
        "tableau", "Tab. #": "Tableau", "chap. #": "chapitre", "Chap. #": "Chapitre", "p. #":
        "page", "pp. #": "pages", "vol. #": "volume", "t. #": "tome", "éq. #": "équation",
        "art. #": "article", "§ #": "paragraphe", "XIXe": "dix-neuvième", "XXe": "vingtième",
        "XXIe": "vingt et unième", "XVIIIe": "dix-huitième", "XVIIe": "dix-septième", "XVIe":
        "seizième",
    },
    signs={
        "%": "pour cent", "‰": "pour mille", "€": "euros", "$": "dollars", "£": "livres", "&":
        "et", "=": "égale", "+": "plus", "±": "plus ou moins", "−": "moins", "×": "fois", "·":
        "fois", "÷": "divisé par", "<": "inférieur à", ">": "supérieur à", "≤":
        "inférieur ou égal à", "≥": "supérieur ou égal à", "≠": "différent de", "≈": "environ",
        "~": "environ", "∼": "environ", "∞": "l'infini", "→": "vers", "⇒": "implique", "∈":
        "appartient à", "√": "racine de", "∑": "somme de", "∫": "intégrale de", "°": "degrés",
        "@": "arobase", "∀": "pour tout", "∂": "d rond", "#": "numéro", "½": "un demi", "¼":
        "un quart", "¾": "trois quarts",
    },
    units={
        "km/h": "kilomètres par heure", "m/s": "mètres par seconde", "°C": "degrés Celsius",
        "km²": "kilomètres carrés", "m²": "mètres carrés", "m³": "mètres cubes", "cm²":
        "centimètres carrés", "km": "kilomètres", "cm": "centimètres", "mm": "millimètres", "μm":
        "micromètres", "nm": "nanomètres", "kg": "kilogrammes", "mg": "milligrammes", "μg":
        "microgrammes", "ml": "millilitres", "mL": "millilitres", "ms": "millisecondes", "kWh":
        "kilowattheures", "GHz": "gigahertz", "MHz": "mégahertz", "kHz": "kilohertz", "Hz":
        "hertz", "Go": "gigaoctets", "Mo": "mégaoctets", "ko": "kilooctets", "min": "minutes",
    },
)  # fmt: skip
SPANISH = Language(
    months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
            "septiembre", "octubre", "noviembre", "diciembre"),
    first_of_month="",
    date="{day} de {month} de {year}",
    to="a",
    powers={"2": "al cuadrado", "3": "al cubo", "": "elevado a"},
    dot="punto",
    abbreviations={
        "p. ej.": "por ejemplo", "P. ej.": "Por ejemplo", "es decir": "es decir", "i. e.":
        "es decir", "e. g.": "por ejemplo", "et al.": "y otros", "etc.": "etcétera", "cf.":
        "véase", "aprox.": "aproximadamente", "Sr.": "señor", "Sra.": "señora", "Dr.": "doctor",
        "Dra.": "doctora", "Prof.": "profesor", "EE. UU.": "Estados Unidos", "a. C.":
        "antes de Cristo", "d. C.": "después de Cristo", "Ud.": "usted", "Uds.": "ustedes",
        "resp.": "respectivamente", "ed.": "edición", "núm. #": "número", "n.º #": "número",
        "nº #": "número", "fig. #": "figura", "Fig. #": "Figura", "figs. #": "figuras",
        "tab. #": "tabla", "Tab. #": "Tabla", "cap. #": "capítulo", "Cap. #": "Capítulo",
        "pág. #": "página", "págs. #": "páginas", "p. #": "página", "pp. #": "páginas",
        "vol. #": "volumen", "ec. #": "ecuación", "Ec. #": "Ecuación", "art. #": "artículo",
        "§ #": "sección", "s. XIX": "siglo diecinueve", "siglo XIX": "siglo diecinueve",
        "siglo XX": "siglo veinte", "siglo XXI": "siglo veintiuno", "siglo XVIII":
        "siglo dieciocho",
    },
    signs={
        "%": "por ciento", "‰": "por mil", "€": "euros", "$": "dólares", "£": "libras", "&": "y",
        "=": "igual a", "+": "más", "±": "más menos", "−": "menos", "×": "por", "·": "por",
        "÷": "dividido por", "<": "menor que", ">": "mayor que", "≤": "menor o igual que", "≥":
        "mayor o igual que", "≠": "distinto de", "≈": "aproximadamente", "~":
        "aproximadamente", "∼": "aproximadamente", "∞": "infinito", "→": "hacia", "⇒": "implica",
        "∈": "pertenece a", "√": "raíz de", "∑": "suma de", "∫": "integral de", "°": "grados",
        "@": "arroba", "∀": "para todo", "∂": "parcial", "#": "número", "½": "un medio", "¼":
        "un cuarto", "¾": "tres cuartos",
    },
    units={
        "km/h": "kilómetros por hora", "m/s": "metros por segundo", "°C": "grados Celsius",
        "km²": "kilómetros cuadrados", "m²": "metros cuadrados", "m³": "metros cúbicos", "cm²":
        "centímetros cuadrados", "km": "kilómetros", "cm": "centímetros", "mm": "milímetros",
        "μm": "micrómetros", "nm": "nanómetros", "kg": "kilogramos", "mg": "miligramos", "μg":
        "microgramos", "ml": "mililitros", "mL": "mililitros", "ms": "milisegundos", "kWh":
        "kilovatios hora", "GHz": "gigahercios", "MHz": "megahercios", "kHz": "kilohercios",
        "Hz": "hercios", "GB": "gigabytes", "MB": "megabytes", "min": "minutos",
    },
)  # fmt: skip
LANGUAGES = {"de": GERMAN, "fr": FRENCH, "es": SPANISH}


def in_language(text: str, language: str) -> str:
    """`text` as that language says it; a language without a table keeps its digits and letters."""
    known = LANGUAGES.get(language)
    if known is None:
        return _silenced(plain_digits(text))
    text = applied(_rules(language), text)
    if language == "de":
        text = normalized(text, "de")
    return _silenced(text)


@lru_cache(maxsize=4)
def _rules(language: str) -> tuple[Rule, ...]:
    of = LANGUAGES[language]
    units = "|".join(map(re.escape, sorted(of.units, key=len, reverse=True)))
    return (
        (re.compile(r"(?:https?://|www\.)(?:www\.)?([\w-]+(?:\.[\w-]+)+)[^\s,;)\]]*"),
         lambda m: m.group(1).replace(".", f" {of.dot} ")),
        *_abbreviations(of),
        *_dates(of),
        (re.compile(rf"(?<![\w.,–-])({_NUMBER})\s?[–—]\s?({_NUMBER})(?![\w–-])"),
         rf"\1 {of.to} \2"),
        (re.compile(r"\s*[—―]\s*|\s+[–-]{1,2}\s+"), ", "),
        (re.compile(rf"(?<=\d)\s?({units})(?![\w/²³])"),
         lambda m: f" {of.units[m.group(1)]}"),
        *_currencies(of),
        (re.compile(rf"(?<=[\w)])\s?([⁺⁻]?[{SUPERSCRIPTS}]+)"), lambda m: _power(of, m.group(1))),
        (re.compile(rf"(?<=\w)[{SUBSCRIPTS}]+"), lambda m: f" {plain_digits(m.group(0))} "),
        (re.compile("[" + re.escape("".join(of.signs)) + "]"),
         lambda m: f" {of.signs[m.group(0)]} "),
        (re.compile("(?<![\u0370-\u03ff])[" + "".join(GREEK) + "](?![\u0370-\u03ff])"),
         lambda m: f" {GREEK[m.group(0)]} "),
    )  # fmt: skip


def _abbreviations(of: Language) -> list[Rule]:
    rules: list[Rule] = []
    for short in sorted(of.abbreviations, key=len, reverse=True):
        said = of.abbreviations[short]
        is_numbered = short.endswith("#")
        body = r"\s?".join(re.escape(part) for part in short.rstrip("# ").split(" "))
        if is_numbered:
            rules.append((re.compile(rf"(?<![\w.]){body}\s?(?=\d)"), f"{said} "))
            continue
        if short.endswith("."):
            at_end = re.compile(rf"(?<![\w.]){body}(?=\s*$)")
            rules.append((at_end, f"{said}."))
        rules.append((re.compile(rf"(?<![\w.]){body}(?!\w)"), said))
    return rules


def _dates(of: Language) -> list[Rule]:
    def date(day: str, month: str, year: str, written: str) -> str:
        if not 1 <= int(month) <= 12 or not 1 <= int(day) <= 31:
            return written
        number = int(day)
        said = of.first_of_month if number == 1 and of.first_of_month else str(number)
        return of.date.format(day=said, month=of.months[int(month) - 1], year=year)

    return [
        (re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b"),
         lambda m: date(m.group(3), m.group(2), m.group(1), m.group(0))),
        (re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b"),
         lambda m: date(m.group(1), m.group(2), m.group(3), m.group(0))),
        (re.compile(r"\b1er\s(?=" + "|".join(of.months) + r")"), f"{of.first_of_month or '1'} "),
    ]  # fmt: skip


def _currencies(of: Language) -> list[Rule]:
    """The sign may stand before; the word never does."""
    scale = r"(?:\s(?:Millionen|Milliarden|Mio\.|Mrd\.|millions?|milliards?|millones|millón))?"
    return [
        (re.compile(rf"([€$£])\s?({_NUMBER}{scale})"),
         lambda m: f"{m.group(2)} {of.signs[m.group(1)]}"),
    ]  # fmt: skip


def _power(of: Language, raw: str) -> str:
    digits = plain_digits(raw)
    if digits in of.powers:
        return f" {of.powers[digits]} "
    digits = digits.replace("-", f"{of.signs['−']} ").replace("+", "")
    return f" {of.powers['']} {digits} "


def _silenced(text: str) -> str:
    """Letters, digits and the punctuation of any script; the rest would be read out oddly."""
    return "".join(
        sign if unicodedata.category(sign)[0] in "LMN" or sign in _KEPT else " " for sign in text
    )


_KEPT = frozenset(".,;:!?'\"()-/%€$£¥。，、；：！？・「」『』（）؟،؛।¿¡°+=")
