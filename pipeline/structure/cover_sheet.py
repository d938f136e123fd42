"""The sheet that a repository puts before a work: where it is from, how it may be used and cited.

Two witnesses: what the sheet speaks of, three kinds of such things at least, and the work's title
or authors, who stand again at its head on the next page. A sheet with a summary that is missing
there is the work's own first page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.language.vocabulary import SUMMARY
from pipeline.pdf.lines import Line, Page

FEWEST_SIGNS = 3
MOST_WORDS = 450  # of a sheet
HEAD_LINES = 8  # of the next page, among which the work's own title or authors are
FEWEST_LETTERS = 10  # of what stands on both
MOST_LINES = 4  # of a title
PAGE_LINES = 80  # of the next page that are looked at for a summary
_SIGNS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"stable url|persistent (?:link|url|identifier)|permalink|persistente[rn]? link|"
        r"lien (?:permanent|pérenne)|enlace permanente|url (?:permanente|estable)|official url|"
        r"version of record|link to published|hdl\.handle\.net|\bhal-\d|постоянная ссылка|"
        r"https?://|\bdoi\b",
        r"terms (?:&|and|of) (?:conditions|use)|conditions of use|nutzungsbedingungen|"
        r"nutzungsrechte|general rights|take[- ]?down policy|usage policy|rights reserved|"
        r"conditions d.utilisation|condiciones de uso|termos de uso|condizioni d.uso|"
        r"personal(?:,)? (?:and )?non-?commercial|licen[cs]ed? under|urheberrecht|droit d.auteur|"
        r"derechos de autor|direitos autorais|условия использования|copyright|利用規約|著作権",
        r"(?:please|to|how to) cite|cite this|citation (?:for|details|of)|(?:suggested|recommended)"
        r" citation|zitier|pour citer|citer (?:ce|cette)|cómo citar|citar (?:como|este)|"
        r"per citare|для цитирования|引用",
        r"\brepositor|digital(?:e[sn]?)? (?:archiv|librar|bibliothe)|archive ouverte|"
        r"archives? ouvertes?|open access archive|not-for-profit|research portal|eprints|"
        r"researchgate|"
        r"institutional archive|dépôt|repositorio|repositório|archivio|репозиторий|リポジトリ",
        r"downloaded (?:from|on|by)|download date|heruntergeladen|téléchargé|descargado|"
        r"baixado|scaricato|uploaded by|downloaded file|accessed on|abgerufen|"
        r"дата загрузки|ダウンロード",
        r"^(?:author|autor|auteur|source|quelle|published by|publisher|herausgeber|éditeur|"
        r"document version|journal|zeitschrift|revue|title|titel|titre|автор|источник)"
        r"(?:\(s\)|\(en\)|s|en|es|in)?\s*:",
    )
)
_AUTHORS = re.compile(
    r"^(?:author|autor|auteur|verfasser|autore|автор)(?:\(s\)|\(en\)|s|en|es|in|i|ы)?\s*:\s*(.+)$",
    re.I,
)
_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSheet:
    lines: frozenset[int]  # their numbers
    title: str  # empty where the work's own page says it better
    authors: str  # as they are printed behind their label; may be empty


def cover_sheet(
    pages: Sequence[Page], lines: Sequence[Line], repeated: frozenset[int]
) -> CoverSheet | None:
    """The first page, if it is such a sheet."""
    sheet = [line for line in lines if pages and line.page == pages[0].number]
    if len(pages) < 2 or not sheet or sum(line.words for line in sheet) > MOST_WORDS:
        return None
    if sum(any(sign.search(line.text) for line in sheet) for sign in _SIGNS) < FEWEST_SIGNS:
        return None
    work = [line for line in lines if line.page == pages[1].number][:PAGE_LINES]
    head = [line.text for line in work if line.number not in repeated][:HEAD_LINES]
    has_own_summary = _has_summary(sheet) and not _has_summary(work)
    if has_own_summary or not _stands_on_both(_plain(" ".join(line.text for line in sheet)), head):
        return None
    authors = (match[1] for line in sheet if (match := _AUTHORS.match(line.text)))
    return CoverSheet(
        lines=frozenset(line.number for line in sheet),
        title=_title_on_both(sheet, head),
        authors=next(authors, ""),
    )


def _has_summary(lines: Sequence[Line]) -> bool:
    return any(SUMMARY.match(line.text) for line in lines)


def _stands_on_both(sheet: str, head: Sequence[str]) -> bool:
    return any(
        len(_plain(text)) >= FEWEST_LETTERS and _plain(text) in sheet
        for text in head
        if len(text.split()) >= 2
    )


def _title_on_both(sheet: Sequence[Line], head: Sequence[str]) -> str:
    """The words set biggest on the sheet, if they stand at the work's head by themselves."""
    big = max(line.size for line in sheet)
    words = " ".join(line.text for line in sheet if line.size == big)
    texts = [_plain(text) for text in head]
    heads = {
        "".join(texts[start:end])
        for start in range(len(texts))
        for end in range(start + 1, start + 1 + MOST_LINES)
    }
    return words if _plain(words) in heads else ""


def _plain(text: str) -> str:
    return _LETTERS.sub("", text).casefold()
