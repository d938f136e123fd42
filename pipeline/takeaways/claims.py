"""May this sentence stand on a card? What a model wrote is checked here before anybody sees it.

A model is a stranger that has read a stranger's document: a sentence counts if it has the form of
a takeaway, is about that chapter, and says nothing that the chapter does not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.domain import Chapter, Document
from pipeline.language.sentences import sentences_of, word_count
from pipeline.language.terms import terms, tfidf
from pipeline.takeaways.agreement import is_said
from pipeline.takeaways.bilingual import has_only_amounts_of
from pipeline.takeaways.injection import is_order, seen, without_orders
from pipeline.takeaways.lures import adds_a_request, has_pictures

FEWEST_WORDS, MOST_WORDS, MOST_SUMMARY_WORDS = 8, 45, 60
FEWEST_TITLE_WORDS, MOST_TITLE_WORDS, LONGEST_TITLE = 2, 10, 80
LONGEST_WORD = 45
NEAREST = 3  # among all chapters, the one that it speaks of must be one of so many,
LEAST_LIKENESS = 0.5  # and nearly as like it as the one most like it; 16 of 17 good ones: .61 up
LEAST_SUPPORT = 0.45  # of its words that the chapter has too; 16 of 17 good ones: .50 to .92
_MARKUP = re.compile(r"[<>`*|~{}\[\]\\^#@_\ufffd]|&#?\w+;|^\s*[-•–—]\s")
_LINK = re.compile(
    r"\b(?:https?|ftp|file|javascript|data|tg|slack|mailto|tel)\s*:|\bwww\b|//|"
    r"\b[\w-]+\s?(?:\.|\[dot]|\(dot\)|\s+dot\s+)\s?(?:com|org|net|info|biz|xyz|top|site|online|"
    r"shop|link|click|live|app|dev|ly|gg|tk|ru|cn|de|uk)\b|"
    r"[a-z0-9-]\.[a-z]{2,}(?:[/:?]|\.[a-z]{2,}|\s|$)",
    re.I,
)
_COMMAND = re.compile(r"(?:^|\s)/[a-z]\w*", re.I)
_PHONE = re.compile(r"\+?\d[\d\s().-]{7,}\d")
_PREAMBLE = re.compile(
    r"^(?:in (?:this|the) (?:passage|chapter|section|text|paper|document),?\s*)?"
    r"(?:(?:this|the) )?(?:passage|chapter|section|text|paper|document|authors?|excerpt|article)s? "
    r"(?:also |then |further )?(?:discuss|describe|explain|state|argue|show|say|note|report|find|"
    r"conclude|present|introduce|explore|examine|highlight|emphasi[sz]e|outline|cover|summari[sz]e|"
    r"suggest|demonstrate|propose)(?:s|es|ed)?\s+(?P<that>that\s+)?",
    re.I,
)
_ABOUT_ITSELF = re.compile(
    r"^(?:sorry|i'?m (?:sorry|unable|an?)|i (?:can(?:no|')t|cannot|am|will)|as an? (?:ai|assistant|"
    r"language model)|here (?:is|are)|sure[,!]|certainly|takeaway\s*:|summary\s*:|"
    r"(?:der|dieser|das) (?:text|abschnitt|artikel|kapitel) (?:beschreibt|behandelt|erklärt)|"
    r"(?:ce|le) (?:texte|chapitre|passage) (?:décrit|explique|présente)|"
    r"(?:este|el) (?:texto|capítulo|pasaje) (?:describe|explica|presenta))",
    re.I,
)
_ASKS = re.compile(
    r"\b(?:click|visit|subscribe|buy|download|call|e-?mail|contact|pay|donate|vote|transfer|send|"
    r"enter|share)\b.{0,40}\b(?:now|here|us|me|today|link|site|website|your|password|account|"
    r"bitcoin|card|code|money|this number)\b|\bpasswords?\b(?: \w+)? (?:to|at)\b",
    re.I,
)
_NUMBER = re.compile(r"\d+(?:[.,'’\u202f\u00a0 ](?=\d)\d+)*")
_WORDS_FOR = {
    "1": "one first", "2": "two second twice both pair", "3": "three third", "4": "four fourth",
    "5": "five fifth", "6": "six sixth", "7": "seven seventh", "8": "eight eighth",
    "9": "nine ninth", "10": "ten tenth", "11": "eleven", "12": "twelve dozen", "20": "twenty",
    "50": "half fifty", "100": "hundred",
}  # fmt: skip
_LITTLE = frozenset(
    """abstract introduction background motivation overview preliminaries method methods methodology
    materials approach approaches experiment experiments experimental setup result results finding
    findings evaluation analysis discussion conclusion conclusions summary remarks concluding future
    work related limitations implementation details data dataset datasets model models and or of the
    our proposed main general part chapter section appendix einleitung methoden ergebnisse
    diskussion fazit zusammenfassung schluss méthodes résultats conclusion discussion introducción
    métodos resultados discusión conclusiones""".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a model wrote about a chapter; empty where it wrote nothing, or nothing that counts."""

    takeaway: str = ""
    title: str = ""


def accepted(
    document: Document, drafts: Mapping[int, Draft], *, language: str = ""
) -> dict[int, Draft]:
    """Of the drafts, by chapter number, what may be shown.

    `language`: theirs. In another than the document's its words cannot speak for them; form,
    numbers and what is wanted of a listener still count.
    """
    own = document.language
    language = language or own
    known = [chapter for chapter in document.chapters if chapter.number in drafts]
    sentences = {c.number: takeaway_from(drafts[c.number].takeaway) for c in known}
    titles = {c.number: title_from(drafts[c.number].title) for c in known if says_little(c.title)}
    shown = {chapter.number: without_orders(chapter.text) for chapter in document.chapters}
    near = None if language != own else _near(document.chapters, shown, sentences)

    def kept(text: str, chapter: Chapter) -> str:
        body = f"{shown[chapter.number]}\n{chapter.title}"
        return text if text and is_of(text, body, source=own, language=language) else ""

    return {
        chapter.number: Draft(
            takeaway=kept(sentences[chapter.number], chapter)
            if near is None or chapter.number in near
            else "",
            title=kept(titles.get(chapter.number, ""), chapter),
        )
        for chapter in known
    }


def accepted_summary(document: Document, text: str, *, language: str = "") -> str:
    """A sentence about the whole document, or nothing."""
    sentence = takeaway_from(text, most_words=MOST_SUMMARY_WORDS)
    whole = "\n".join([document.title, *(without_orders(c.text) for c in document.chapters)])
    own = document.language
    is_so = bool(sentence) and is_of(sentence, whole, source=own, language=language or own)
    return sentence if is_so else ""


# --- form ---------------------------------------------------------------------------------------


def takeaway_from(
    text: str, *, fewest_words: int = FEWEST_WORDS, most_words: int = MOST_WORDS
) -> str:
    """One plain sentence out of what a model wrote; empty if it is none."""
    sentence = _without_preamble(plain(text))
    if not sentence or not fewest_words <= word_count(sentence) <= most_words:
        return ""
    if len(sentences_of(sentence)) != 1 or sentence[-1] not in ".!。！":
        return ""
    return "" if _ABOUT_ITSELF.match(sentence) or _ASKS.search(sentence) else sentence


def title_from(text: str) -> str:
    """A plain title, or nothing."""
    title = plain(text).rstrip(".:;,")
    is_title = (
        FEWEST_TITLE_WORDS <= word_count(title) <= MOST_TITLE_WORDS and len(title) <= LONGEST_TITLE
    )
    return title if is_title and len(sentences_of(title)) == 1 and not _ASKS.search(title) else ""


def plain(text: str) -> str:
    """The text in one line; empty if it holds a link, a mention, markup, a command, a telephone
    number, words said to a machine, or signs that only hide something."""
    if any(unicodedata.category(sign) in ("Cf", "Co", "Cs", "Cn") for sign in text):
        return ""
    if any(unicodedata.category(sign) == "Cc" and not sign.isspace() for sign in text):
        return ""
    text = " ".join(seen(text).split())
    if suspicious(text):
        return ""
    if has_pictures(text):
        return ""
    return "" if is_order(text) or any(len(w) > LONGEST_WORD for w in _spaced(text)) else text


def suspicious(text: str) -> set[str]:
    """What in a text is a link, a mention, markup, a command or a telephone number."""
    patterns = (_MARKUP, _LINK, _COMMAND, _PHONE)
    return {match.group() for pattern in patterns for match in pattern.finditer(text)}


def _spaced(text: str) -> Sequence[str]:
    """Words between spaces; scripts that use none have no long ones."""
    return [word for word in text.split() if word.isascii()]


def _without_preamble(sentence: str) -> str:
    """ "The passage explains that bees dance." → "Bees dance."; without "that" nothing is left
    that is a sentence."""
    match = _PREAMBLE.match(sentence)
    if match is None:
        return sentence
    rest = sentence[match.end() :]
    return rest[:1].upper() + rest[1:] if match.group("that") else ""


# --- content ------------------------------------------------------------------------------------


def says_little(title: str) -> bool:
    """Whether a title says nothing about its chapter: "Results", "Part 3: models", "IV."."""
    if re.match(r"part \d+\b", title, re.I):
        return True
    words = re.findall(r"[^\W\d_]+", title.lower())
    meaning = [w for w in words if w not in _LITTLE and not re.fullmatch(r"[ivxlc]+", w)]
    return not meaning and title.strip().lower() != "abstract"


def numbers_of(text: str) -> set[str]:
    """The numbers in figures, without what only groups their digits: `1,000` is `1000`."""
    plain_digits = unicodedata.normalize("NFKC", text)
    return {_ungrouped(match.group()) for match in _NUMBER.finditer(plain_digits)}


def _ungrouped(number: str) -> str:
    if re.fullmatch(r"\d{1,3}(?:[,.'’\u202f\u00a0 ]\d{3})+", number):
        return re.sub(r"\D", "", number)
    return number.replace(",", ".").replace(" ", "")


def has_only_numbers_of(sentence: str, text: str) -> bool:
    """Whether every number of the sentence stands in the text, in figures or, small, in words."""
    there = numbers_of(text)
    words = set(re.findall(r"[a-z]+", text.lower()))
    return all(
        number in there or not words.isdisjoint(_WORDS_FOR.get(number, "").split())
        for number in numbers_of(sentence)
    )


def is_of(sentence: str, text: str, *, source: str, language: str) -> bool:
    """Whether a text in the language `source` says what a sentence in `language` says."""
    if source != language:
        return has_only_amounts_of(sentence, text, source=source, language=language) and not (
            adds_a_request(sentence, text)
        )
    return (
        has_only_numbers_of(sentence, text)
        and is_supported(sentence, text)
        and is_said(sentence, text, language)
    )


def is_supported(sentence: str, text: str) -> bool:
    """Whether enough of the words that carry meaning stand in the text as well."""
    said = set(terms(sentence))
    return bool(said) and support(sentence, text) >= LEAST_SUPPORT


def support(sentence: str, text: str) -> float:
    """The share of the sentence's words that the text has, 0 to 1."""
    said = set(terms(sentence))
    return len(said & set(terms(text))) / len(said) if said else 0.0


def _near(
    chapters: Sequence[Chapter], shown: Mapping[int, str], sentences: Mapping[int, str]
) -> set[int]:
    """The chapters whose sentence is about them rather than about others."""
    numbers = [number for number, sentence in sentences.items() if sentence]
    if not numbers:
        return set()
    rows = {chapter.number: row for row, chapter in enumerate(chapters)}
    bodies = [f"{chapter.title}\n{shown[chapter.number]}" for chapter in chapters]
    vectors = tfidf([*bodies, *(sentences[number] for number in numbers)])
    likeness = vectors[len(bodies) :] @ vectors[: len(bodies)].T
    nearest: dict[str, tuple[float, int]] = {}  # the same sentence counts once, where it fits best
    for row, number in enumerate(numbers):
        own, others = likeness[row, rows[number]], likeness[row]
        is_near = own > 0 and (others > own).sum() < NEAREST and own >= LEAST_LIKENESS * max(others)
        if is_near:
            sentence = sentences[number]
            nearest[sentence] = max(nearest.get(sentence, (0.0, 0)), (float(own), number))
    return {number for _, number in nearest.values()}
