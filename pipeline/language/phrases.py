"""What is said, in the document's language, in place of what cannot be read aloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.domain import Reason

# (one, several) of each kind, by language.
_NOTES: dict[str, dict[Reason, tuple[str, str]]] = {
    "en": {
        Reason.TABLE: ("A table is left out here.", "Tables are left out here."),
        Reason.CODE: ("Code is left out here.", "Code is left out here."),
        Reason.FORMULA: ("A formula is left out here.", "Formulas are left out here."),
    },
    "de": {
        Reason.TABLE: ("Hier steht eine Tabelle.", "Hier stehen Tabellen."),
        Reason.CODE: ("Hier steht Programmtext.", "Hier steht Programmtext."),
        Reason.FORMULA: ("Hier steht eine Formel.", "Hier stehen Formeln."),
    },
    "fr": {
        Reason.TABLE: ("Un tableau est omis ici.", "Des tableaux sont omis ici."),
        Reason.CODE: ("Du code est omis ici.", "Du code est omis ici."),
        Reason.FORMULA: ("Une formule est omise ici.", "Des formules sont omises ici."),
    },
    "es": {
        Reason.TABLE: ("Aquí se omite una tabla.", "Aquí se omiten tablas."),
        Reason.CODE: ("Aquí se omite código.", "Aquí se omite código."),
        Reason.FORMULA: ("Aquí se omite una fórmula.", "Aquí se omiten fórmulas."),
    },
    "pt": {
        Reason.TABLE: ("Aqui omite-se uma tabela.", "Aqui omitem-se tabelas."),
        Reason.CODE: ("Aqui omite-se código.", "Aqui omite-se código."),
        Reason.FORMULA: ("Aqui omite-se uma fórmula.", "Aqui omitem-se fórmulas."),
    },
    "it": {
        Reason.TABLE: ("Qui si omette una tabella.", "Qui si omettono tabelle."),
        Reason.CODE: ("Qui si omette del codice.", "Qui si omette del codice."),
        Reason.FORMULA: ("Qui si omette una formula.", "Qui si omettono formule."),
    },
    "ja": {
        Reason.TABLE: ("ここで表を省略します。", "ここで表を省略します。"),
        Reason.CODE: ("ここでコードを省略します。", "ここでコードを省略します。"),
        Reason.FORMULA: ("ここで数式を省略します。", "ここで数式を省略します。"),
    },
    "zh": {
        Reason.TABLE: ("此处省略表格。", "此处省略表格。"),
        Reason.CODE: ("此处省略代码。", "此处省略代码。"),
        Reason.FORMULA: ("此处省略公式。", "此处省略公式。"),
    },
}

# The same of a table whose number is known: the text speaks of it by that.
_NAMED = {
    "en": "{label} is left out here.",
    "de": "Hier steht {label}.",
    "fr": "{label} est omis ici.",
    "es": "Aquí se omite: {label}.",
    "pt": "Aqui omite-se: {label}.",
    "it": "Qui si omette: {label}.",
    "ja": "ここで{label}を省略します。",
    "zh": "此处省略{label}。",
}

# What a chapter is called that has no heading: the whole, one part of it, what precedes the first
# heading, and that if it is as short as an abstract.
_TITLES: dict[str, tuple[str, str, str, str]] = {
    "en": ("The whole text", "Part", "Opening", "Abstract"),
    "de": ("Der ganze Text", "Teil", "Einstieg", "Zusammenfassung"),
    "fr": ("Le texte entier", "Partie", "Ouverture", "Résumé"),
    "es": ("El texto completo", "Parte", "Apertura", "Resumen"),
    "pt": ("O texto completo", "Parte", "Abertura", "Resumo"),
    "it": ("Il testo completo", "Parte", "Apertura", "Sommario"),
    "ja": ("全文", "パート", "冒頭", "概要"),
    "zh": ("全文", "部分", "开篇", "摘要"),
}


_APPENDICES = {
    "en": "Appendix",
    "de": "Anhang",
    "fr": "Annexe",
    "es": "Apéndice",
    "pt": "Apêndice",
    "it": "Appendice",
    "ru": "Приложение",
    "id": "Lampiran",
    "ja": "付録",
    "zh": "附录",
    "ar": "ملحق",
}


def appendix_label(language: str, letter: str) -> str:
    """`Appendix A`"""
    return f"{_APPENDICES.get(language, _APPENDICES['en'])} {letter}"


def whole_title(language: str) -> str:
    return _titles(language)[0]


def part_title(language: str, place: int, phrase: str) -> str:
    """`Part 3: key phrase`"""
    part = f"{_titles(language)[1]} {place}"
    return f"{part}: {phrase}" if phrase else part


def opening_title(language: str, *, is_short: bool) -> str:
    return _titles(language)[3 if is_short else 2]


def _titles(language: str) -> tuple[str, str, str, str]:
    return _TITLES.get(language, _TITLES["en"])


def notes_for(runs: Iterable[Reason], language: str, labels: Sequence[str] = ()) -> list[str]:
    """One sentence for each kind of thing left out at one place; none in a language that has no
    sentence yet, since a foreign one would be worse than silence. `labels`: of the tables there."""
    sentences = _NOTES.get(language, {})
    counted: dict[Reason, int] = {}
    for reason in runs:
        if reason in sentences:
            counted[reason] = counted.get(reason, 0) + 1
    notes = {reason: sentences[reason][count > 1] for reason, count in counted.items()}
    if Reason.TABLE in notes and len(labels) == 1 and labels[0]:
        notes[Reason.TABLE] = _NAMED[language].format(label=labels[0])
    return list(notes.values())
