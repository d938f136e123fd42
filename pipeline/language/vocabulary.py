"""The words of headings, by language: what a section is called wherever papers are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

Words = Mapping[str, str]  # language: alternatives, one a line or separated by `|`; regex allowed

_OPENINGS: Words = {
    "en": "abstract|summary|executive summary|introduction|preface|foreword|statement of need|"
    "background",
    "de": "zusammenfassung|kurzfassung|einleitung|einführung|vorwort",
    "fr": "résumé|introduction(?: générale)?|avant-propos|préface",
    "es": "resumen|introducción|prefacio|prólogo",
    "pt": "resumo|introdução|prefácio",
    "it": "riassunto|sommario|introduzione|prefazione",
    "ru": "аннотация|введение|предисловие",
    "id": "abstrak|pendahuluan|kata pengantar",
    "zh": "摘\\s*要|引\\s*言|绪\\s*论|前\\s*言|序\\s*言|引论|简介|概述",
    "ja": "はじめに|概要|序論|要旨|まえがき",
    "ar": "ملخص|المستخلص|(?:ال)?مقدمة|تمهيد",
}
_INNER: Words = {
    "en": "related works?|methods?|materials and methods|methodology|results?|"
    "results and discussion|discussion|conclusions?|concluding remarks|"
    "conclusions? and future work|future work|appendix|appendices|glossary|limitations|evaluation",
    "de": "methoden|ergebnisse|diskussion|fazit|schluss|ausblick|zusammenfassung und ausblick|"
    "anhang|anhänge|glossar",
    "fr": "méthodes?|résultats|discussion|conclusion(?: générale)?|annexes?|glossaire",
    "es": "métodos?|metodología|resultados|discusión|conclusión|conclusiones|anexos?|apéndices?|"
    "glosario",
    "pt": "métodos?|metodologia|resultados|discussão|conclusão|conclusões|considerações finais|"
    "anexos?|apêndices?|glossário",
    "it": "metodi|risultati|discussione|conclusioni|appendice|glossario",
    "ru": "методы|результаты|обсуждение|заключение|выводы|приложение",
    "id": "metode|hasil|pembahasan|kesimpulan|penutup|lampiran",
    "zh": "方法|结果|讨论|结\\s*论|总\\s*结|附\\s*录",
    "ja": "方法|結果|考察|おわりに|結論|まとめ|付録",
    "ar": "(?:ال)?خاتمة|(?:ال)?نتائج|(?:ال)?مناقشة|ملحق|(?:ال)?ملاحق",
}
_REFERENCES: Words = {
    "en": "references?(?: and notes| cited)?|bibliography|literature cited|works cited|"
    "cited literature|literature|cited references|selected bibliography",
    "de": "literatur(?:verzeichnis)?|quellen(?:verzeichnis)?|referenzen|bibliografie",
    "fr": "bibliographie|références(?: bibliographiques)?",
    "es": "referencias(?: bibliográficas)?|bibliografía",
    "pt": "referências(?: bibliográficas)?|bibliografia",
    "it": "riferimenti(?: bibliografici)?|bibliografia",
    "ru": "список литературы|литература|библиография",
    "id": "daftar pustaka|referensi",
    "zh": "参\\s*考\\s*文\\s*献|文献",
    "ja": "参考文献|引用文献|参照文献|文献",
    "ar": "(?:ال)?مراجع|(?:ال)?مصادر|قائمة المراجع",
}
_LEFT_OUT: Words = {
    "en": "(?:table of )?contents|list of (?:figures|tables|abbreviations|symbols|algorithms|"
    "listings|acronyms)|(?:subject |author |general )?index|acknowledge?ments?(?: and .*)?|"
    "copyright(?: notice)?|imprint|dedication|about the authors?|"
    "(?:declaration of )?competing interests?|"
    "conflicts? of interests?(?: statement)?|funding(?: information| statement)?|"
    "data availability(?: statement)?|ethics(?: statement| declarations?| approval)?|orcid|"
    "keywords?|key words|ccs concepts|colophon",
    "de": "danksagung(?:en)?|inhalt(?:sverzeichnis)?|abbildungsverzeichnis|tabellenverzeichnis|"
    "stichwortverzeichnis|abkürzungsverzeichnis|impressum|eidesstattliche erklärung|widmung",
    "fr": "remerciements|sommaire|table des matières|table des figures|liste des tableaux|"
    "mots[- ]clés",
    "es": "agradecimientos|índice(?: general| de figuras| de tablas| de cuadros)?|palabras clave",
    "pt": "agradecimentos|sumário|índice|lista de (?:figuras|tabelas|ilustrações|quadros|siglas|"
    "abreviaturas e siglas|símbolos)|palavras-chave|dedicatória|epígrafe",
    "it": "ringraziamenti|indice(?: generale| analitico)?|parole chiave",
    "ru": "содержание|оглавление|благодарности|предметный указатель",
    "id": "daftar isi|daftar gambar|daftar tabel|ucapan terima kasih",
    "zh": "目\\s*录|致\\s*谢|图目录|表目录|插图清单|关键词|索\\s*引",
    "ja": "目次|謝辞|図目次|表目次|索引|キーワード",
    "ar": "(?:ال)?فهرس|(?:ال)?محتويات|شكر وتقدير|شكر وعرفان",
}
_CAPTIONS: Words = {
    "en": "table|figure|fig\\.?|algorithm|listing|scheme|chart|plate|box|exhibit",
    "de": "tabelle|abbildung|abb\\.|tab\\.|bild|quelltext",
    "fr": "tableau|illustration",
    "es": "tabla|cuadro|figura|ilustración|gráfico",
    "pt": "tabela|quadro|ilustração",
    "it": "tabella",
    "ru": "рис(?:унок|\\.)?|табл(?:ица|\\.)?",
    "id": "gambar|tabel",
    "zh": "图|表",
    "ja": "図|表",
    "ar": "شكل|جدول",
}
_THEOREMS: Words = {
    "en": "theorem|lemma|proof|definition|proposition|corollary|remark|example|exercise|claim|"
    "conjecture|axiom|assumption|problem|question|hypothesis",
    "de": "satz|beweis|korollar|bemerkung|beispiel|aufgabe",
    "fr": "théorème|preuve|lemme|définition|remarque|corollaire|exemple",
    "es": "teorema|demostración|lema|definición|corolario|ejemplo|ejercicio",
    "pt": "demonstração|definição|exemplo|exercício",
    "ru": "теорема|лемма|доказательство|определение",
    "zh": "定理|引理|证明|定义|例",
    "ja": "定理|補題|証明|定義|例",
}
_ADMINISTRATIVE = (
    "affiliations?|ccs concepts?|key ?words|keywords?|index terms|pvldb|acm reference|"
    "reference format|additional key|general terms|categories and subject|permission to|copyright|"
    "corresponding author|e-?mail|received|accepted|published|submitted|editor|reviewers?|doi|"
    "software|licen[cs]e|schlüsselwörter|mots[- ]clés|palabras clave|palavras-chave|关键词|"
    "キーワード"
)


def _any(*groups: Words) -> str:
    """All alternatives, the longest first, so that none hides another."""
    words = {word for group in groups for text in group.values() for word in _alternatives(text)}
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def _alternatives(text: str) -> Iterable[str]:
    """Split at the `|` outside brackets."""
    depth, word = 0, ""
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            yield word
            word = ""
        else:
            word += sign
    yield word


def _whole(*groups: Words) -> re.Pattern[str]:
    return re.compile(rf"^(?:{_any(*groups)})\s*[.:：]?$", re.I)


OPENING = re.compile(rf"^(?:{_any(_OPENINGS)})\b", re.I)
SUMMARY = re.compile(
    r"^(?:abstract|summary|executive summary|zusammenfassung|kurzfassung|résumé|resumen|resumo|"
    r"riassunto|sommario|аннотация|abstrak|摘\s*要|概要|要旨|ملخص|المستخلص)\b",
    re.I,
)
REFERENCES = _whole(_REFERENCES)
LEFT_OUT = _whole(_LEFT_OUT)
LISTING = re.compile(
    r"^(?:(?:table of )?contents|list(?:e|a)? (?:of|des|de)\b|.*\bindex|inhalt|.*verzeichnis|"
    r"sommaire|table des|índice|sumário|lista de|indice|содержание|оглавление|предметный|daftar|"
    r"目\s*录|图目录|表目录|插图清单|索\s*引|目次|図目次|表目次|索引|(?:ال)?فهرس|(?:ال)?محتويات)",
    re.I,
)  # of what is left out: what leads to the text, and is no text
KNOWN = _whole(_OPENINGS, _INNER, _REFERENCES, _LEFT_OUT)
KEYWORDS = re.compile(
    r"^(?:key ?words?|keywords and phrases|index terms|schlüsselwörter|schlagwörter|mots[- ]clés|"
    r"palabras clave|palavras-chave|parole chiave|ключевые слова|kata kunci|关键词|关键字|"
    r"キーワード|"
    r"الكلمات المفتاحية)\s*[:：.—–-]",
    re.I,
)
NOTICE = re.compile(
    r"^(?:article (?:history|info)\b|(?:received|accepted|revised|available online|published"
    r"(?: online)?)[:,]? .{0,24}\b(?:19|20)\d\d\b|(?:\*\s*)?corresponding author\b|"
    r"(?:©|\(c\) |copyright (?:©|\(c\)|(?:19|20)\d\d))|"
    r"(?:e-?mail|doi|issn|isbn)\b\s*(?:address(?:es)?)?\s*:|"
    r"contents lists available at\b|journal homepage\s*:)",
    re.I,
)
CONTENTS = re.compile(
    r"^(?:table of contents|contents|inhalt(?:sverzeichnis)?|sommaire|table des matières|índice"
    r"(?: general)?|contenidos?|sumário|indice|sommario|содержание|оглавление|daftar isi|"
    r"inhoud(?:sopgave)?|spis treści|目\s*次|目\s*录|目\s*錄|차례|목차|"
    r"المحتويات|الفهرس|فهرس المحتويات)\s*:?$",
    re.I,
)
CAPTION = re.compile(rf"^(?:{_any(_CAPTIONS)})\s*[A-Z]?\d+", re.I)
CAPTION_LINE = re.compile(
    rf"^(?:{_any(_CAPTIONS)})\s*[A-Z]?\d+(?:[.\-–]\d+)*\s*(?:[.:：|–—-]|$|\s+(?-i:[^\W\da-z_]))",
    re.I,
)
TABLE_CAPTION = re.compile(r"^(?:tab|quadro|cuadro|табл|表|جدول)", re.I)
THEOREM = re.compile(rf"^(?:{_any(_THEOREMS)})\b(?:\s*\d|\s*[.:(]|\s+of\b|$)", re.I)
_NAMES = r"(?:[A-ZÀ-ÞА-ЯЁ][\w’'.-]*\s*){2,4}"
BY_LINE = re.compile(
    r"^(?:[Bb]y|BY|[Ww]ords by|[Tt]ext(?:e|o)?(?: by| ?:)|[Pp]hotographs? by|[Pp]hotos?(?: by| ?:)|"
    r"[Ff]otos?(?: von| ?:)|[Vv]on|VON|[Pp]ar|PAR|[Pp]or|POR|[Dd]i|DI|Текст ?:|Фото ?:)\s+"
    rf"{_NAMES}(?:[.,;|]|$)"
)
_PAGE = (
    r"(?:pages?|seiten?|s\.|página|pág\.|pagina|pag\.|стр\.|странице|str\.|stronie|p\.)"
    r"\s*\w?\d{1,3}"
)
JUMP = re.compile(
    r"^[(\[→►▶]*\s*(?:(?:"
    r"(?:continued|turn|continues) (?:on|to|from)|(?:fortsetzung|weiter) (?:auf|von)|"
    r"(?:la )?suite(?: en| à la| de la)?|contin(?:úa|ua|uação)(?: en| a| na| da)?(?: la)?|"
    r"viene de(?: la)?|segue (?:a|da)|(?:продолжение|начало|окончание) на|"
    r"(?:vervolg|lees verder) (?:op|van)|(?:ciąg dalszy|dokończenie) na"
    rf") {_PAGE}|"
    r"\d{1,3}\s*(?:面|ページ|頁)(?:に|へ)(?:続く|つづく)|(?:下转|上接)(?:第)?\s*\d{1,3}\s*(?:版|页)"
    r")\s*[)\]→►▶.]*$",
    re.I,
)  # "Continued on page 42"
ADMINISTRATIVE = re.compile(rf"^(?:{_ADMINISTRATIVE})\b\s*[:.;]?", re.I)


def caption_label(table: str) -> str:
    """`Table 3`, by which a caption begins, though it be in capitals."""
    found = CAPTION.match(table)
    label = " ".join(found.group().split()) if found else ""
    return label.capitalize() if label.isupper() else label
