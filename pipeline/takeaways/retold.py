"""What a model made of a chapter, in brief or in another language: what of it may be spoken.

A brief is measured sentence by sentence, as takeaways are. A translation has none of the words that
could speak for it, so it must be as long to say as the original, carry the same numbers, and
hold nothing that only a trick puts there; a passage that does not is spoken as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.domain import Chapter, Passage, PassageKind, Telling
from pipeline.language.identification import language_of
from pipeline.language.pace import seconds_to_say
from pipeline.language.sentences import sentences_of, word_count
from pipeline.language.vocabulary import caption_label
from pipeline.takeaways.bilingual import denies_alike, keeps_amounts
from pipeline.takeaways.claims import (
    has_only_numbers_of,
    is_of,
    suspicious,
    takeaway_from,
)
from pipeline.takeaways.injection import is_order, visible, without_orders
from pipeline.takeaways.lures import adds_a_request
from pipeline.takeaways.tellings import FEWEST_BRIEF, MOST_BRIEF, heading_of
from pipeline.times import WHOLE_CHAPTER

FEWEST_WORDS = 5  # of a sentence of a brief
MOST_TABLES = 4  # of a chapter, told in brief
LEAST_LENGTH, MOST_LENGTH, SLACK_S = 0.5, 2.0, 3.0  # of a translation, in seconds to say it
SURE_LETTERS = 80  # from which on a text tells its language
MOST_MISSING = 0.2  # of a chapter may be without an answer,
LEAST_TRANSLATED = 0.5  # and so much must be translated, for it to be called a translation
_ABOUT_ITSELF = re.compile(
    r"^(?:sorry|i'?m (?:sorry|unable)|i (?:can(?:no|')t|cannot) (?:help|assist|translate|comply)|"
    r"as an? (?:ai|assistant|language model)|(?:sure|certainly)\W+here|"
    r"here (?:is|are) (?:the|a|your) translat|translation\s*:|(?:hier ist die )?übersetzung\s*:|"
    r"(?:voici la )?traduction\s*:|(?:aquí está la )?traducción\s*:)",
    re.I,
)

# --- in brief -----------------------------------------------------------------------------------


def tables_of(chapter: Chapter) -> Sequence[tuple[str, int]]:
    """Tables of the chapter as they are printed, each with the page of its note."""
    return [(table, note.page) for note in chapter.passages for table in note.tables][:MOST_TABLES]


def shown_table(table: str) -> str:
    """What a model gets of a table."""
    return "\n".join(without_orders(line) for line in table.splitlines())


def brief_from(
    chapter: Chapter, text: str, tables: Sequence[str] = (), language: str = "en"
) -> Telling | None:
    """Three to six sentences that say only what the chapter says; None if fewer do. Behind them
    what was written of its tables, in their order, as far as it may be spoken."""
    shown = f"{without_orders(chapter.text)}\n{chapter.title}"
    said: dict[str, None] = {}  # each once, in order
    for written in sentences_of(" ".join(text.split())):
        sentence = takeaway_from(written, fewest_words=FEWEST_WORDS)
        if sentence and is_of(sentence, shown, source=language, language=language):
            said[sentence] = None
    brief = " ".join(list(said)[:MOST_BRIEF])
    if len(said) < FEWEST_BRIEF or word_count(brief) >= word_count(chapter.text):
        return None
    told = Passage(text=brief, page=chapter.page)
    tables_told = tuple(_tables_told(chapter, tables, language))
    return Telling(
        passages=(heading_of(chapter), told, *tables_told),
        sources=(0, *[WHOLE_CHAPTER] * (1 + len(tables_told))),
    )


def _tables_told(chapter: Chapter, written: Sequence[str], language: str) -> Iterator[Passage]:
    for (table, page), text in zip(tables_of(chapter), written, strict=False):
        shown = shown_table(table)
        sentence = takeaway_from(" ".join(text.split()), fewest_words=FEWEST_WORDS)
        words = f"{shown}\n{without_orders(chapter.text)}"
        is_told = sentence and has_only_numbers_of(sentence, shown)
        if is_told and is_of(sentence, words, source=language, language=language):
            label = caption_label(table)
            spoken = f"{label}: {sentence}" if label else sentence
            yield Passage(text=spoken, page=page, kind=PassageKind.CAPTION)


# --- in another language ------------------------------------------------------------------------


def translatable(telling: Telling, language: str) -> dict[int, str]:
    """What is to be translated, by place. Sentences that speak to a machine are not shown to one:
    a passage with such a sentence stays as it is."""
    return {
        place: " ".join(visible(passage.text).split())
        for place, passage in enumerate(telling.passages)
        if passage.language != language
        and _has_letters(passage)
        and not any(is_order(sentence) for sentence in sentences_of(passage.text))
    }


def translation_from(
    telling: Telling, answers: Mapping[int, str], *, source: str, target: str
) -> Telling | None:
    """The chapter with the translations that may be spoken; all else in its own language. None if
    too little of it was translated.

    `answers`: by place; where there is none, nobody was asked in time.
    """
    wanted = translatable(telling, target)
    accepted = {
        place: accepted_translation(
            original,
            answers.get(place, ""),
            source=telling.passages[place].language or source,
            target=target,
        )
        for place, original in wanted.items()
    }
    total = sum(map(len, wanted.values()))
    missing = sum(len(text) for place, text in wanted.items() if place not in answers)
    done = sum(len(text) for place, text in wanted.items() if accepted[place])
    if missing > MOST_MISSING * total or done < LEAST_TRANSLATED * total:
        return None
    return Telling(
        passages=tuple(
            _told(passage, accepted.get(place, ""), source)
            for place, passage in enumerate(telling.passages)
        ),
        sources=telling.sources or tuple(range(len(telling.passages))),
    )


def _told(passage: Passage, translation: str, source: str) -> Passage:
    if translation:
        return replace(passage, text=translation, language="")
    return replace(passage, language=passage.language or source)


def _has_letters(passage: Passage) -> bool:
    return any(sign.isalpha() for sign in passage.text)


def accepted_translation(original: str, text: str, *, source: str, target: str) -> str:
    """A translated passage in one line, or nothing."""
    text = " ".join(visible(text).split())
    is_one = (
        _is_plain(original, text)
        and keeps_amounts(original, text, source=source, language=target)
        and denies_alike(original, text, source=source, language=target)
        and not adds_a_request(text, original)
        and _is_as_long(original, text, source=source, target=target)
        and _is_translated(original, text, source)
    )
    return text if is_one else ""


def _is_plain(original: str, text: str) -> bool:
    """Nothing hidden, nothing said to or by a machine, and no link, mention, markup, command or
    telephone number that does not stand in the original."""
    if any(unicodedata.category(sign) in ("Cf", "Co", "Cs", "Cn") for sign in text):
        return False
    sentences = sentences_of(text)
    if _ABOUT_ITSELF.match(text) or any(is_order(sentence) for sentence in sentences):
        return False
    there = _bare(suspicious(original))
    return all(_bare(suspicious(sentence)) <= there for sentence in sentences)


def _bare(found: set[str]) -> set[str]:
    return {"".join(text.lower().split()) for text in found}


def _is_as_long(original: str, text: str, *, source: str, target: str) -> bool:
    before, after = seconds_to_say(original, source), seconds_to_say(text, target)
    return LEAST_LENGTH * before - SLACK_S <= after <= MOST_LENGTH * before + SLACK_S


def _is_translated(original: str, text: str, source: str) -> bool:
    """Short texts may be alike in both languages; nothing is gained by calling them translated."""
    if not text or text == original:
        return False
    is_sure = sum(sign.isalpha() for sign in text) >= SURE_LETTERS
    return not is_sure or language_of(text) != source
