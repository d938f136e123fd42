"""A chapter → its script: what is said, in breaths of at most 300 characters, with pauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.domain import Chapter, Mode, Narration, Passage, PassageKind, Script, Utterance
from pipeline.lines import word_count
from pipeline.sentences import sentences_of
from pipeline.spoken import spoken
from pipeline.takeaways import brief

MAX_CHARACTERS = 300
FEW_WORDS = 6  # a fragment this short sounds bad alone
HEADING_PAUSE_S, PARAGRAPH_PAUSE_S, ITEM_PAUSE_S, SENTENCE_PAUSE_S = 0.7, 0.5, 0.35, 0.15
CLAUSE_PAUSE_S = 0.05
CHARACTERS_PER_SECOND = 15.6  # of script, measured on hibari:heart without pauses
_CLAUSE = re.compile(r"(?<=[;:])\s+|(?<=,)\s+|\s+(?=\()|(?<=[、，；])")
_BRIEF_SENTENCES = 5


def script_of(chapter: Chapter, narration: Narration) -> Script:
    """The heading, then the passages in order. Nothing of the text is dropped."""
    if narration.mode is Mode.BRIEF:
        chapter = replace(chapter, passages=brief(chapter, _BRIEF_SENTENCES))
    utterances = list(_heading(chapter.title, narration.language))
    for passage in chapter.passages:
        utterances.extend(_utterances(passage, narration.language))
    return Script(utterances=tuple(utterances))


def estimated_seconds(script: Script, speed: float = 1.0) -> float:
    """How long it will be, within a few percent on a text of some length."""
    voiced = len(script.text) / CHARACTERS_PER_SECOND / speed
    return voiced + sum(utterance.pause_s for utterance in script.utterances)


def _heading(title: str, language: str) -> Iterator[Utterance]:
    text = spoken(title, language)
    if any(sign.isalnum() for sign in text):
        if text[-1] not in ".!?。！？":
            text += "."
        for piece in _pieces(text):
            yield Utterance(text=piece, pause_s=HEADING_PAUSE_S)


def _utterances(passage: Passage, language: str) -> Iterator[Utterance]:
    if passage.kind is PassageKind.HEADING:
        yield from _heading(passage.text, language)
        return
    said = [spoken(sentence, language) for sentence in sentences_of(passage.text)]
    said = [text for text in said if any(sign.isalnum() for sign in text)]
    pieces = list(_paced(_merged(said)))
    last_pause = ITEM_PAUSE_S if passage.kind is PassageKind.ITEM else PARAGRAPH_PAUSE_S
    for place, (text, pause_s) in enumerate(pieces):
        is_last = place == len(pieces) - 1
        yield Utterance(
            text=_closed(text) if is_last else text, pause_s=last_pause if is_last else pause_s
        )


def _closed(text: str) -> str:
    """A paragraph ends like one, so that the voice falls."""
    return text if text[-1] in ".!?。！？؟…\"')" else text.rstrip(",;:-") + "."


def _merged(sentences: Sequence[str]) -> list[str]:
    """Fragments join their neighbour."""
    result: list[str] = []
    for text in sentences:
        is_short = word_count(text) < FEW_WORDS
        before = result[-1] if result else ""
        joins = before and (is_short or word_count(before) < FEW_WORDS)
        if joins and len(before) + len(text) < MAX_CHARACTERS:
            result[-1] = f"{before} {text}"
        else:
            result.append(text)
    return result


def _paced(sentences: Iterable[str]) -> Iterator[tuple[str, float]]:
    for text in sentences:
        pieces = _pieces(text)
        for piece in pieces[:-1]:
            yield piece, CLAUSE_PAUSE_S
        yield pieces[-1], SENTENCE_PAUSE_S


def _pieces(text: str, limit: int = MAX_CHARACTERS) -> list[str]:
    """At most `limit` characters each: cut at clauses, else between words, else anywhere."""
    if len(text) <= limit:
        return [text]
    even = 1.15 * len(text) / -(-len(text) // limit)  # two halves sound better than all and a rest
    return _packed(_short_parts(text, limit), min(limit, max(round(even), 20)))


def _short_parts(text: str, limit: int) -> Iterator[str]:
    for clause in _CLAUSE.split(text):
        if len(clause) <= limit:
            yield clause
            continue
        for word in clause.split(" "):
            for start in range(0, max(1, len(word)), limit):
                yield word[start : start + limit]


def _packed(parts: Iterable[str], limit: int) -> list[str]:
    packed: list[str] = []
    for part in parts:
        if packed and len(packed[-1]) + 1 + len(part) <= limit:
            packed[-1] = f"{packed[-1]} {part}"
        elif part:
            packed.append(part)
    return packed


def smaller(utterance: Utterance) -> list[Utterance]:
    """The same words in two halves: for a voice that failed on the whole."""
    pieces = _pieces(utterance.text, max(20, len(utterance.text) // 2 + 1))
    pauses = [CLAUSE_PAUSE_S] * (len(pieces) - 1) + [utterance.pause_s]
    return [
        Utterance(text=text, pause_s=pause_s) for text, pause_s in zip(pieces, pauses, strict=True)
    ]
