"""Numbers with units: "5.2 μmol/L" → "5.2 micromoles per liter"."""

from __future__ import annotations

import re

from pipeline.spoken.symbols import SUPERSCRIPTS, plain_digits

_PREFIXES = {
    "f": "femto", "p": "pico", "n": "nano", "μ": "micro", "µ": "micro", "u": "micro",
    "m": "milli", "c": "centi", "d": "deci", "k": "kilo", "M": "mega", "G": "giga", "T": "tera",
    "P": "peta",
}  # fmt: skip
# base: (name, plural, which prefixes are in use)
_BASES = {
    "m": ("meter", "meters", "fpnμµumcdk"), "g": ("gram", "grams", "fpnμµumk"),
    "s": ("second", "seconds", "fpnμµum"), "L": ("liter", "liters", "nμµumcd"),
    "l": ("liter", "liters", "nμµumcd"), "A": ("ampere", "amperes", "pnμµumk"),
    "V": ("volt", "volts", "nμµumkM"), "W": ("watt", "watts", "pnμµumkMGT"),
    "Wh": ("watt hour", "watt hours", "mkMGT"), "J": ("joule", "joules", "pnμµumkMG"),
    "N": ("newton", "newtons", "pnμµumkM"), "Pa": ("pascal", "pascals", "mhkMG"),
    "Hz": ("hertz", "hertz", "mkMGT"), "Ω": ("ohm", "ohms", "mkMG"),
    "F": ("farad", "farads", "fpnμµum"), "T": ("tesla", "teslas", "nμµum"),
    "K": ("kelvin", "kelvins", "nμµum"), "mol": ("mole", "moles", "fpnμµumk"),
    "M": ("molar", "molar", "fpnμµum"), "eV": ("electronvolt", "electronvolts", "mkMGT"),
    "Da": ("dalton", "daltons", "kM"), "cal": ("calorie", "calories", "k"),
    "B": ("byte", "bytes", "kMGTP"), "b": ("bit", "bits", "kMGT"), "bp": ("base pair",
    "base pairs", "kMG"), "Bq": ("becquerel", "becquerels", "mkMGT"), "Sv": ("sievert",
    "sieverts", "nμµum"), "Gy": ("gray", "grays", "mc"), "rad": ("radian", "radians", "μµum"),
    "pc": ("parsec", "parsecs", "kMG"), "bit": ("bit", "bits", "kMGT"),
    "FLOPS": ("flops", "flops", "MGTP"), "FLOPs": ("flops", "flops", "MGTP"),
    "bps": ("bits per second", "bits per second", "kMGT"),
}  # fmt: skip
_OTHERS = {
    "°C": ("degree Celsius", "degrees Celsius"), "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "ºC": ("degree Celsius", "degrees Celsius"), "℃": ("degree Celsius", "degrees Celsius"),
    "Å": ("angstrom", "angstroms"), "h": ("hour", "hours"), "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"), "min": ("minute", "minutes"), "sec": ("second", "seconds"),
    "d": ("day", "days"), "yr": ("year", "years"), "yrs": ("year", "years"),
    "wk": ("week", "weeks"), "ha": ("hectare", "hectares"), "hPa": ("hectopascal", "hectopascals"),
    "bar": ("bar", "bar"), "atm": ("atmosphere", "atmospheres"), "mmHg": ("millimeter of mercury",
    "millimeters of mercury"), "mm Hg": ("millimeter of mercury", "millimeters of mercury"),
    "ppm": ("part per million", "parts per million"), "ppb": ("part per billion",
    "parts per billion"), "rpm": ("revolution per minute", "revolutions per minute"),
    "fps": ("frame per second", "frames per second"), "dpi": ("dot per inch", "dots per inch"),
    "px": ("pixel", "pixels"), "dB": ("decibel", "decibels"), "dBm": ("decibel milliwatt",
    "decibel milliwatts"), "IU": ("international unit", "international units"),
    "U": ("unit", "units"), "mph": ("mile per hour", "miles per hour"), "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"), "oz": ("ounce", "ounces"), "ft": ("foot", "feet"),
    "mi": ("mile", "miles"), "yd": ("yard", "yards"), "kt": ("kiloton", "kilotons"),
    "t": ("tonne", "tonnes"), "nt": ("nucleotide", "nucleotides"), "aa": ("amino acid",
    "amino acids"), "KB": ("kilobyte", "kilobytes"), "MiB": ("mebibyte", "mebibytes"),
    "GiB": ("gibibyte", "gibibytes"), "Mbit": ("megabit", "megabits"), "ly": ("light-year",
    "light-years"), "AU": ("astronomical unit", "astronomical units"), "Nm": ("newton meter",
    "newton meters"), "Ah": ("ampere hour", "ampere hours"), "mAh": ("milliampere hour",
    "milliampere hours"), "Torr": ("torr", "torr"), "lx": ("lux", "lux"), "lm": ("lumen", "lumens"),
    "cd": ("candela", "candelas"), "cfu": ("colony-forming unit", "colony-forming units"),
    "CFU": ("colony-forming unit", "colony-forming units"), "MOI": ("multiplicity of infection",
    "multiplicity of infection"),
}  # fmt: skip


def _all() -> dict[str, tuple[str, str]]:
    units = dict(_OTHERS)
    for base, (one, many, prefixes) in _BASES.items():
        if base not in "BbF":  # alone they are as often a name
            units.setdefault(base, (one, many))
        for prefix in prefixes:
            if prefix in _PREFIXES:
                name = _PREFIXES[prefix]
                units.setdefault(prefix + base, (name + one, name + many))
    return units


UNITS = _all()
_SYMBOL = "|".join(re.escape(symbol) for symbol in sorted(UNITS, key=len, reverse=True))
_RAISED = f"[{SUPERSCRIPTS}]{{1,3}}|\\^-?[1-4]|(?<=[a-z])[−-][1-3]|(?<=[cmk]m)[23]"
_ONE = rf"(?:{_SYMBOL})(?:{_RAISED})?"
_NUMBER = r"(?<![\w.,])(?P<number>[−-]?\d+(?:[.,]\d+)*)"
_QUANTITY = re.compile(
    rf"{_NUMBER}(?P<gap>\s?|-)(?P<unit>{_ONE}"
    rf"(?:\s?[·⋅]\s?{_ONE}|\s(?:{_SYMBOL})(?:{_RAISED})){{0,3}}(?:\s?/\s?{_ONE}){{0,2}})"
    r"(?![\w°/^⁻−]|-\d|\s?=|\sM\b)"
)
# "10M" is ten million; "10 M" is molar, "10 K" kelvin.
_SCALED = re.compile(r"(?<![\w.,])([$€£]?\d+(?:\.\d+)?)(k|K|M|B|bn|mn)(?![\w-])")
_SCALES = {"k": "thousand", "K": "thousand", "M": "million", "B": "billion", "bn": "billion",
           "mn": "million"}  # fmt: skip
_PART = re.compile(rf"(?P<slash>/\s?)?(?P<symbol>{_SYMBOL})(?P<power>{_RAISED})?")


def with_units(text: str) -> str:
    text = _SCALED.sub(lambda m: f"{m.group(1)} {_SCALES[m.group(2)]}", text)
    return _QUANTITY.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    number, gap, unit = match.group("number", "gap", "unit")
    if gap == "" and unit in ("A", "B", "D", "F", "M", "N", "T", "U", "V", "K", "d", "aa", "t"):
        return match.group(0)  # Figure 2A, 4K, 3T
    if gap == "" and unit == "s" and number.endswith("0"):
        return match.group(0)  # the 1980s
    is_adjective = gap == "-"
    if is_adjective and len(unit) == 1:
        return match.group(0)  # a 5-s pause is rare, a "3-D" common
    words = _unit_words(unit, is_one=number in ("1", "-1", "−1") or is_adjective)
    return f"{number}{'-' if is_adjective else ' '}{words}"


def _unit_words(unit: str, *, is_one: bool) -> str:
    over: list[str] = []
    under: list[str] = []
    for part in _PART.finditer(unit):
        power = plain_digits(part.group("power") or "1").lstrip("^")
        one, many = UNITS[part.group("symbol")]
        is_under = bool(part.group("slash")) or power.startswith("-")
        name = one if is_under or is_one else many
        (under if is_under else over).append(_powered(name, power.lstrip("+-")))
    # "newton meters": only the last is many
    singular = [UNITS_SINGULAR.get(name, name) for name in over[:-1]] + over[-1:]
    return " ".join([*singular, *(f"per {name}" for name in under)]).strip()


UNITS_SINGULAR = {many: one for one, many in UNITS.values()}


def _powered(name: str, power: str) -> str:
    if power in ("1", ""):
        return name
    if "second" in name:
        return f"{name} {'squared' if power == '2' else 'cubed'}"
    return f"{'square' if power == '2' else 'cubic'} {name}"
