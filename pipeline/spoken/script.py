"""A chapter → its script: what is said, in breaths of at most 300 characters, with pauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.domain import Chapter, Narration, Passage, PassageKind, Script, Telling, Utterance
from pipeline.language.pace import seconds_to_say
from pipeline.language.sentences import sentences_of, word_count
from pipeline.spoken import spoken
from pipeline.takeaways.tellings import telling_of

MAX_CHARACTERS = 300
FEW_WORDS = 6  # a fragment this short sounds bad alone
# What a reader of audiobooks does; the voice's own silence is cut off (pipeline/audio/sound.py).
HEADING_PAUSE_S, PARAGRAPH_PAUSE_S, ITEM_PAUSE_S, SENTENCE_PAUSE_S = 0.9, 0.7, 0.5, 0.35
CLAUSE_PAUSE_S = 0.12
BEFORE_HEADING_S = 0.5  # on top of the paragraph's pause
LEAD_S = 0.75  # of silence around a track
ENDS = ".!?。！？؟।…"
_CLAUSE = re.compile(r"(?<=[;:])\s+|(?<=,)\s+|\s+(?=\()|(?<=[、，；：。！？])")


def script_of(
    chapter: Chapter, narration: Narration, words: Mapping[str, str] | None = None
) -> Script:
    """A chapter told in its own words. `words`: as below."""
    return script_from(telling_of(chapter, narration.mode), narration.language, words)


def script_from(telling: Telling, language: str, words: Mapping[str, str] | None = None) -> Script:
    """The passages in order. Nothing of the text is dropped.

    `words`: how this listener wants words said, written → spoken, on top of the lexicon.
    """
    writer = _Writer(language, words or {})
    utterances: list[Utterance] = []
    for passage in _joined(telling.passages):
        if passage.kind is PassageKind.HEADING and utterances:
            last = utterances[-1]
            utterances[-1] = replace(last, pause_s=last.pause_s + BEFORE_HEADING_S)
        utterances.extend(writer.utterances(passage))
    return Script(utterances=tuple(utterances))


def in_longer_pieces(script: Script, longest: int) -> Script:
    """The same words in fewer utterances, for a voice that reads a paragraph better than a
    sentence: what only a sentence's pause parts is joined up to `longest` characters."""
    joined: list[Utterance] = []
    for utterance in script.utterances:
        last = joined[-1] if joined else None
        fits = last is not None and len(last.text) + len(utterance.text) < longest
        is_alike = last is not None and last.language == utterance.language
        if last is not None and fits and is_alike and last.pause_s <= SENTENCE_PAUSE_S:
            joined[-1] = replace(utterance, text=f"{last.text} {utterance.text}")
        else:
            joined.append(utterance)
    return Script(utterances=tuple(joined))


def estimated_seconds(script: Script, speed: float = 1.0, language: str = "en") -> float:
    """How long the track will be; within 5 % on a chapter of some length."""
    voiced = sum(seconds_to_say(utterance.text, language) for utterance in script.utterances)
    pauses = sum(utterance.pause_s for utterance in script.utterances)
    return (voiced + pauses) / speed + LEAD_S


def _joined(passages: Iterable[Passage]) -> Iterator[Passage]:
    """A few words that end in the air ("However," before a formula) join what follows."""
    held: Passage | None = None
    for passage in passages:
        if held is not None and held.language == passage.language:
            passage = replace(passage, text=f"{held.text} {passage.text}")
        elif held is not None:
            yield held
        held = None
        if _is_in_the_air(passage):
            held = passage
        else:
            yield passage
    if held is not None:
        yield held


def _is_in_the_air(passage: Passage) -> bool:
    return (
        passage.kind is PassageKind.PARAGRAPH
        and word_count(passage.text) < FEW_WORDS
        and passage.text.rstrip()[-1:] in (",", ";", "")
    )


class _Writer:
    """Turns text into utterances in one language."""

    def __init__(self, language: str, words: Mapping[str, str]) -> None:
        self._language = language
        self._words = words

    def said(self, text: str, language: str = "") -> str:
        return spoken(text, language or self._language, self._words)

    def heading(self, title: str, language: str) -> Iterator[Utterance]:
        text = self.said(title, language)
        if any(sign.isalnum() for sign in text):
            pieces = _pieces(_closed(text))
            for piece in pieces[:-1]:
                yield Utterance(text=piece, pause_s=CLAUSE_PAUSE_S, language=language)
            yield Utterance(text=pieces[-1], pause_s=HEADING_PAUSE_S, language=language)

    def utterances(self, passage: Passage) -> Iterator[Utterance]:
        if passage.kind is PassageKind.HEADING:
            yield from self.heading(passage.text, passage.language)
            return
        language = passage.language
        said = [self.said(sentence, language) for sentence in sentences_of(passage.text)]
        said = [text for text in said if any(sign.isalnum() for sign in text)]
        if not said:
            return
        said[-1] = _closed(said[-1])
        pieces = list(_paced(_merged(said)))
        last_pause = ITEM_PAUSE_S if passage.kind is PassageKind.ITEM else PARAGRAPH_PAUSE_S
        for text, pause_s in pieces[:-1]:
            yield Utterance(text=text, pause_s=pause_s, language=language)
        yield Utterance(text=pieces[-1][0], pause_s=last_pause, language=language)


def _closed(text: str) -> str:
    """A paragraph ends like one, so that the voice falls and no sentence runs into the next."""
    if text.rstrip("\"'”’»)」』")[-1:] in tuple(ENDS):
        return text
    return text.rstrip(",;:-– ") + "."


def _merged(sentences: Sequence[str]) -> list[str]:
    """Fragments join their neighbour."""
    result: list[str] = []
    for text in sentences:
        is_short = word_count(text) < FEW_WORDS
        before = result[-1] if result else ""
        joins = before and (is_short or word_count(before) < FEW_WORDS)
        if joins and len(before) + len(text) < MAX_CHARACTERS:
            result[-1] = f"{_closed(before)} {text}"
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


def _short_parts(text: str, limit: int) -> Iterator[tuple[str, str]]:
    """Each part with what stood before it: a space, or nothing inside a word."""
    for clause in _CLAUSE.split(text):
        if len(clause) <= limit:
            yield " ", clause
            continue
        for word in clause.split(" "):
            for start in range(0, max(1, len(word)), limit):
                yield "" if start else " ", word[start : start + limit]


def _packed(parts: Iterable[tuple[str, str]], limit: int) -> list[str]:
    packed: list[str] = []
    for gap, part in parts:
        if packed and len(packed[-1]) + len(gap) + len(part) <= limit:
            packed[-1] = f"{packed[-1]}{gap}{part}"
        elif part:
            packed.append(part)
    return packed


def smaller(utterance: Utterance) -> list[Utterance]:
    """The same words in two halves: for a voice that failed on the whole."""
    pieces = _pieces(utterance.text, max(20, len(utterance.text) // 2 + 1))
    pauses = [CLAUSE_PAUSE_S] * (len(pieces) - 1) + [utterance.pause_s]
    return [
        replace(utterance, text=text, pause_s=pause_s)
        for text, pause_s in zip(pieces, pauses, strict=True)
    ]
