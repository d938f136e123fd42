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


# What is left out, where a listener wants to hear it after all: the title of that.
LEFT_OUT_TITLES = {
    "en": {
        Reason.REFERENCES: "References",
        Reason.FOOTNOTE: "Footnotes",
        Reason.CAPTION: "Captions",
        Reason.TABLE: "Tables",
        Reason.FIGURE: "Words in figures",
        Reason.FORMULA: "Formulas",
        Reason.CODE: "Code",
        Reason.CONTENTS: "Contents and lists",
        Reason.BACK_MATTER: "Closing sections",
        Reason.NOTICE: "Notices",
        Reason.FRONT_MATTER: "Names and notes before the text",
        Reason.RUNNING_HEAD: "Running heads",
        Reason.TURNED: "Text set sideways",
        Reason.EMPTY_SECTION: "Headings without text",
        Reason.QUOTED: "Quoted messages",
        Reason.UNEXPLAINED: "Other text",
    },
    "de": {
        Reason.REFERENCES: "Literatur",
        Reason.FOOTNOTE: "Fußnoten",
        Reason.CAPTION: "Bildunterschriften",
        Reason.TABLE: "Tabellen",
        Reason.FIGURE: "Wörter in Abbildungen",
        Reason.FORMULA: "Formeln",
        Reason.CODE: "Programmtext",
        Reason.CONTENTS: "Verzeichnisse",
        Reason.BACK_MATTER: "Schlussabschnitte",
        Reason.NOTICE: "Hinweise",
        Reason.FRONT_MATTER: "Namen und Angaben vor dem Text",
        Reason.RUNNING_HEAD: "Kopfzeilen",
        Reason.TURNED: "Quer gesetzter Text",
        Reason.EMPTY_SECTION: "Überschriften ohne Text",
        Reason.QUOTED: "Zitierte Nachrichten",
        Reason.UNEXPLAINED: "Anderer Text",
    },
    "fr": {
        Reason.REFERENCES: "Références",
        Reason.FOOTNOTE: "Notes de bas de page",
        Reason.CAPTION: "Légendes",
        Reason.TABLE: "Tableaux",
        Reason.FIGURE: "Mots dans les figures",
        Reason.FORMULA: "Formules",
        Reason.CODE: "Code",
        Reason.CONTENTS: "Tables et listes",
        Reason.BACK_MATTER: "Sections finales",
        Reason.NOTICE: "Mentions",
        Reason.FRONT_MATTER: "Noms et indications avant le texte",
        Reason.RUNNING_HEAD: "Titres courants",
        Reason.TURNED: "Texte en travers",
        Reason.EMPTY_SECTION: "Titres sans texte",
        Reason.QUOTED: "Messages cités",
        Reason.UNEXPLAINED: "Autre texte",
    },
    "es": {
        Reason.REFERENCES: "Referencias",
        Reason.FOOTNOTE: "Notas al pie",
        Reason.CAPTION: "Leyendas",
        Reason.TABLE: "Tablas",
        Reason.FIGURE: "Palabras en las figuras",
        Reason.FORMULA: "Fórmulas",
        Reason.CODE: "Código",
        Reason.CONTENTS: "Índices y listas",
        Reason.BACK_MATTER: "Secciones finales",
        Reason.NOTICE: "Avisos",
        Reason.FRONT_MATTER: "Nombres y datos antes del texto",
        Reason.RUNNING_HEAD: "Encabezados de página",
        Reason.TURNED: "Texto girado",
        Reason.EMPTY_SECTION: "Títulos sin texto",
        Reason.QUOTED: "Mensajes citados",
        Reason.UNEXPLAINED: "Otro texto",
    },
    "pt": {
        Reason.REFERENCES: "Referências",
        Reason.FOOTNOTE: "Notas de rodapé",
        Reason.CAPTION: "Legendas",
        Reason.TABLE: "Tabelas",
        Reason.FIGURE: "Palavras nas figuras",
        Reason.FORMULA: "Fórmulas",
        Reason.CODE: "Código",
        Reason.CONTENTS: "Índices e listas",
        Reason.BACK_MATTER: "Seções finais",
        Reason.NOTICE: "Avisos",
        Reason.FRONT_MATTER: "Nomes e dados antes do texto",
        Reason.RUNNING_HEAD: "Cabeçalhos de página",
        Reason.TURNED: "Texto girado",
        Reason.EMPTY_SECTION: "Títulos sem texto",
        Reason.QUOTED: "Mensagens citadas",
        Reason.UNEXPLAINED: "Outro texto",
    },
    "it": {
        Reason.REFERENCES: "Riferimenti",
        Reason.FOOTNOTE: "Note a piè di pagina",
        Reason.CAPTION: "Didascalie",
        Reason.TABLE: "Tabelle",
        Reason.FIGURE: "Parole nelle figure",
        Reason.FORMULA: "Formule",
        Reason.CODE: "Codice",
        Reason.CONTENTS: "Indici ed elenchi",
        Reason.BACK_MATTER: "Sezioni finali",
        Reason.NOTICE: "Avvisi",
        Reason.FRONT_MATTER: "Nomi e dati prima del testo",
        Reason.RUNNING_HEAD: "Titoli correnti",
        Reason.TURNED: "Testo ruotato",
        Reason.EMPTY_SECTION: "Titoli senza testo",
        Reason.QUOTED: "Messaggi citati",
        Reason.UNEXPLAINED: "Altro testo",
    },
    "ru": {
        Reason.REFERENCES: "Список литературы",
        Reason.FOOTNOTE: "Сноски",
        Reason.CAPTION: "Подписи",
        Reason.TABLE: "Таблицы",
        Reason.FIGURE: "Слова на рисунках",
        Reason.FORMULA: "Формулы",
        Reason.CODE: "Код",
        Reason.CONTENTS: "Содержание и списки",
        Reason.BACK_MATTER: "Заключительные разделы",
        Reason.NOTICE: "Примечания издателя",
        Reason.FRONT_MATTER: "Имена и сведения перед текстом",
        Reason.RUNNING_HEAD: "Колонтитулы",
        Reason.TURNED: "Повёрнутый текст",
        Reason.EMPTY_SECTION: "Заголовки без текста",
        Reason.QUOTED: "Цитируемые сообщения",
        Reason.UNEXPLAINED: "Другой текст",
    },
    "ja": {
        Reason.REFERENCES: "参考文献",
        Reason.FOOTNOTE: "脚注",
        Reason.CAPTION: "図表の説明",
        Reason.TABLE: "表",
        Reason.FIGURE: "図の中の語",
        Reason.FORMULA: "数式",
        Reason.CODE: "コード",
        Reason.CONTENTS: "目次と一覧",
        Reason.BACK_MATTER: "巻末の節",
        Reason.NOTICE: "注記",
        Reason.FRONT_MATTER: "本文の前の記載",
        Reason.RUNNING_HEAD: "柱",
        Reason.TURNED: "向きの違う文字",
        Reason.EMPTY_SECTION: "本文のない見出し",
        Reason.QUOTED: "引用されたメッセージ",
        Reason.UNEXPLAINED: "その他の文字",
    },
    "zh": {
        Reason.REFERENCES: "参考文献",
        Reason.FOOTNOTE: "脚注",
        Reason.CAPTION: "图表说明",
        Reason.TABLE: "表格",
        Reason.FIGURE: "图中文字",
        Reason.FORMULA: "公式",
        Reason.CODE: "代码",
        Reason.CONTENTS: "目录和列表",
        Reason.BACK_MATTER: "文末部分",
        Reason.NOTICE: "声明",
        Reason.FRONT_MATTER: "正文前的信息",
        Reason.RUNNING_HEAD: "页眉",
        Reason.TURNED: "转向的文字",
        Reason.EMPTY_SECTION: "没有正文的标题",
        Reason.QUOTED: "引用的邮件",
        Reason.UNEXPLAINED: "其他文字",
    },
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


def left_out_title(language: str, reason: Reason, piece: int = 1) -> str:
    """`References`, and of a long list `References (Part 2)`. Raises `KeyError` for what is never
    heard."""
    title = LEFT_OUT_TITLES.get(language, LEFT_OUT_TITLES["en"])[reason]
    return title if piece == 1 else f"{title} ({_titles(language)[1]} {piece})"


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
