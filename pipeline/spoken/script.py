"""A chapter → its script: what is said, in breaths of at most 300 characters, with pauses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from pipeline.domain import Chapter, Narration, Passage, PassageKind, Script, Telling, Utterance
from pipeline.language.pace import seconds_to_say
from pipeline.language.sentences import sentence_spans, word_count
from pipeline.spoken import spoken
from pipeline.spoken.alignment import aligned
from pipeline.takeaways.tellings import telling_of
from pipeline.times import Span

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
    """The passages in order. Nothing of the text is dropped; every utterance knows what it says.

    `words`: how this listener wants words said, written → spoken, on top of the lexicon.
    """
    writer = _Writer(language, words or {})
    utterances: list[Utterance] = []
    for paragraph in _joined(telling.passages):
        if paragraph.kind is PassageKind.HEADING and utterances:
            last = utterances[-1]
            utterances[-1] = replace(last, pause_s=last.pause_s + BEFORE_HEADING_S)
        utterances.extend(writer.utterances(paragraph))
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
            text, said = f"{last.text} {utterance.text}", last.said + utterance.said
            joined[-1] = replace(utterance, text=text, said=said)
        else:
            joined.append(utterance)
    return Script(utterances=tuple(joined))


def estimated_seconds(script: Script, speed: float = 1.0, language: str = "en") -> float:
    """How long the track will be; within 5 % on a chapter of some length."""
    voiced = sum(seconds_to_say(utterance.text, language) for utterance in script.utterances)
    pauses = sum(utterance.pause_s for utterance in script.utterances)
    return (voiced + pauses) / speed + LEAD_S


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paragraph:
    """What is read in one go: a passage, or a few words that join the next. `parts`: which passages
    it is made of, and where in its text each begins."""

    text: str
    kind: PassageKind
    language: str
    parts: tuple[tuple[int, int], ...]

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """What signs of its text are in the passages that they come from."""
        borders = pairwise([*self.parts, (-1, len(self.text) + 1)])
        cut = (
            (number, max(start, begins), min(end, ends - 1), begins)
            for (number, begins), (_, ends) in borders
        )
        return tuple(
            Span(passage=number, start=first - begins, end=last - begins)
            for number, first, last, begins in cut
            if first < last
        )


def _joined(passages: Iterable[Passage]) -> Iterator[_Paragraph]:
    """A few words that end in the air ("However," before a formula) join what follows."""
    held: _Paragraph | None = None
    for number, passage in enumerate(passages):
        paragraph = _Paragraph(
            text=passage.text, kind=passage.kind, language=passage.language, parts=((number, 0),)
        )
        if held is not None and held.language == passage.language:
            begins = len(held.text) + 1
            text, parts = f"{held.text} {passage.text}", (*held.parts, (number, begins))
            paragraph = replace(paragraph, text=text, parts=parts)
        elif held is not None:
            yield held
        held = None
        if _is_in_the_air(paragraph):
            held = paragraph
        else:
            yield paragraph
    if held is not None:
        yield held


def _is_in_the_air(paragraph: _Paragraph) -> bool:
    return (
        paragraph.kind is PassageKind.PARAGRAPH
        and word_count(paragraph.text) < FEW_WORDS
        and paragraph.text.rstrip()[-1:] in (",", ";", "")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Breath:
    """What is said, of which signs of its paragraph."""

    text: str
    start: int
    end: int


class _Writer:
    """Turns text into utterances in one language."""

    def __init__(self, language: str, words: Mapping[str, str]) -> None:
        self._language = language
        self._words = words

    def said(self, text: str, language: str = "") -> str:
        return spoken(text, language or self._language, self._words)

    def utterances(self, paragraph: _Paragraph) -> Iterator[Utterance]:
        is_heading = paragraph.kind is PassageKind.HEADING
        said = self._heading(paragraph) if is_heading else self._sentences(paragraph)
        if not said:
            return
        said[-1] = replace(said[-1], text=_closed(said[-1].text))
        breaths = list(_paced(said if is_heading else _merged(said), paragraph.text))
        breaths[-1] = breaths[-1][0], _LAST_PAUSES.get(paragraph.kind, PARAGRAPH_PAUSE_S)
        for breath, pause_s in breaths:
            yield Utterance(
                text=breath.text,
                pause_s=pause_s,
                language=paragraph.language,
                said=paragraph.spans(breath.start, breath.end),
            )

    def _heading(self, paragraph: _Paragraph) -> list[_Breath]:
        """In one go, whatever stops are in it."""
        whole = _Breath(
            text=self.said(paragraph.text, paragraph.language), start=0, end=len(paragraph.text)
        )
        return [whole] if _has_words(whole) else []

    def _sentences(self, paragraph: _Paragraph) -> list[_Breath]:
        text, language = paragraph.text, paragraph.language
        said = (
            _Breath(text=self.said(text[start:end], language), start=start, end=end)
            for start, end in sentence_spans(text)
        )
        return [breath for breath in said if _has_words(breath)]


_LAST_PAUSES = {PassageKind.ITEM: ITEM_PAUSE_S, PassageKind.HEADING: HEADING_PAUSE_S}


def _has_words(breath: _Breath) -> bool:
    return any(sign.isalnum() for sign in breath.text)


def _closed(text: str) -> str:
    """A paragraph ends like one, so that the voice falls and no sentence runs into the next."""
    if text.rstrip("\"'”’»)」』")[-1:] in tuple(ENDS):
        return text
    return text.rstrip(",;:-– ") + "."


def _merged(sentences: Sequence[_Breath]) -> list[_Breath]:
    """Fragments join their neighbour."""
    result: list[_Breath] = []
    for breath in sentences:
        is_short = word_count(breath.text) < FEW_WORDS
        before = result[-1] if result else None
        joins = before and (is_short or word_count(before.text) < FEW_WORDS)
        if before and joins and len(before.text) + len(breath.text) < MAX_CHARACTERS:
            text = f"{_closed(before.text)} {breath.text}"
            result[-1] = _Breath(text=text, start=before.start, end=breath.end)
        else:
            result.append(breath)
    return result


def _paced(sentences: Iterable[_Breath], written: str) -> Iterator[tuple[_Breath, float]]:
    for sentence in sentences:
        pieces = _cut(sentence, written)
        for piece in pieces[:-1]:
            yield piece, CLAUSE_PAUSE_S
        yield pieces[-1], SENTENCE_PAUSE_S


def _cut(sentence: _Breath, written: str) -> list[_Breath]:
    """In breaths, each of what it says of the sentence."""
    texts = _pieces(sentence.text)
    if len(texts) == 1:
        return [sentence]
    origin = written[sentence.start : sentence.end]
    cuts = aligned(origin, sentence.text, _beginnings(sentence.text, texts)[1:])
    borders = [sentence.start, *(sentence.start + cut for cut in cuts), sentence.end]
    return [
        _Breath(text=text, start=start, end=max(end, start + 1))
        for text, (start, end) in zip(texts, pairwise(borders), strict=True)
    ]


def _beginnings(text: str, pieces: Sequence[str]) -> list[int]:
    """Where each piece begins in the text that they were cut from. White space between them may be
    another than there, so what counts is the rest."""
    places = [place for place, sign in enumerate(text) if not sign.isspace()]
    counts = accumulate((len("".join(piece.split())) for piece in pieces[:-1]), initial=0)
    return [places[min(count, len(places) - 1)] for count in counts]


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
    """The same words in two halves: for a voice that failed on the whole. What they say is in
    proportion."""
    pieces = _pieces(utterance.text, max(20, len(utterance.text) // 2 + 1))
    pauses = [CLAUSE_PAUSE_S] * (len(pieces) - 1) + [utterance.pause_s]
    cuts = [*_beginnings(utterance.text, pieces), len(utterance.text)]
    shares = pairwise(cut / max(1, len(utterance.text)) for cut in cuts)
    return [
        replace(utterance, text=text, pause_s=pause_s, said=_shared(utterance.said, *share))
        for text, pause_s, share in zip(pieces, pauses, shares, strict=True)
    ]


def _shared(said: Sequence[Span], first: float, last: float) -> tuple[Span, ...]:
    """From one share of all their signs to another; at least a sign."""
    total = sum(span.end - span.start for span in said)
    start = min(round(first * total), total - 1)
    end = max(round(last * total), start + 1)
    found: list[Span] = []
    before = 0
    for span in said:
        cut = replace(
            span,
            start=max(span.start, span.start + start - before),
            end=min(span.end, span.start + end - before),
        )
        before += span.end - span.start
        if cut.start < cut.end:
            found.append(cut)
    return tuple(found)
