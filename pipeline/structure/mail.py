"""Printed mail: where each message of a thread begins, and what it repeats of those before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from pipeline.pdf.lines import Line

FEWEST_MESSAGES = 2
HEADER_LINES = 6  # below the sender's, among which the rest of the header stands
SAME_ROW = 0.5  # of a line's height
SHINGLE = 4  # words in a row that tell whether a text is said again
SAID_AGAIN = 0.6  # of a quotation's words
QUOTED_INDENT_PT = 6.0
_ADDRESS = r"<?[\w.+-]+@[\w-]+(?:\.[\w-]+)+>?"
_SENDER_ADDRESS = re.compile(rf"\s*[<(\[]?\s*(?:mailto:)?{_ADDRESS}\s*[>)\]]?.*$")
_SENDER = re.compile(rf"^(?P<name>[^<>@:]{{2,60}}?)\s*[<(\[]\s*(?:mailto:)?{_ADDRESS}\s*[>)\]]?")
_FROM = re.compile(
    r"^(?:from|von|de|da|от|van|od|från|fra|发件人|差出人)\s*[:：]\s*(?P<name>\S.{1,80})$", re.I
)
_SENT = re.compile(
    r"^(?:sent|date|gesendet|datum|envoyé|fecha|enviado|data|inviato|отправлено|дата|verzonden|"
    r"wysłano|skickat|发送时间|送信日時|日時)\s*[:：]\s*(?P<date>\S.{4,60})$",
    re.I,
)
_LABEL = re.compile(
    r"^(?:to|an|à|para|a|кому|aan|do|till|til|cc|kopie|subject|betreff|objet|asunto|assunto|oggetto|"
    r"тема|onderwerp|temat|ämne|emne|收件人|主题|宛先|件名)\s*[:：]\s*\S",
    re.I,
)
_DATED = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b(?:19|20)\d\d\b")
_ATTRIBUTION = re.compile(
    r"(?:\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|napisał(?:\(a\)|a)?|"
    r"пишет|писал[а]?|написал[а]?)\b.{0,60}|写道|のメール|書きました)\s*[:：]\s*$",
    re.I,
)
_MARK = re.compile(r"^(?:[>|]\s?)+")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    lines: tuple[Line, ...]  # the sender, and the date that stands beside or below
    title: str


def messages_in(lines: Sequence[Line], repeated: frozenset[int]) -> list[Message]:
    """The messages of a thread, if there are two at least that say who sent them, and to whom or
    when: one alone is a letter."""
    own = [line for line in lines if line.number not in repeated]
    found = [
        message
        for place, line in enumerate(own)
        if (message := _message(line, own[place + 1 : place + 1 + HEADER_LINES])) is not None
    ]
    return found if len(found) >= FEWEST_MESSAGES else []


def _message(line: Line, below: Sequence[Line]) -> Message | None:
    labelled = _FROM.match(line.text)
    sender = labelled or ("@" in line.text and _SENDER.match(line.text)) or None
    if sender is None:
        return None
    date, beside = _date(line, sender.end("name"), below)
    has_rest = any(_LABEL.match(each.text) for each in below)
    if not (date and has_rest) and not (labelled and has_rest):
        return None
    name = _SENDER_ADDRESS.sub("", sender["name"]).strip(" \"'") or sender["name"]
    return Message(lines=(line, *beside), title=f"{name}, {date}" if date else name)


def _date(line: Line, end: int, below: Sequence[Line]) -> tuple[str, tuple[Line, ...]]:
    """When a message was sent, and the line that says so beside the sender."""
    behind = _SENDER_ADDRESS.sub("", line.text[end:]).strip(" <>[]()")
    if _DATED.search(behind):
        return behind, ()
    for each in below[:1]:
        is_beside = each.page == line.page and abs(each.y0 - line.y0) < SAME_ROW * line.height
        if is_beside and _DATED.search(each.text):
            return each.text, (each,) if each.number == line.number + 1 else ()
    labelled = (_SENT.match(each.text) for each in below)
    return next((found["date"] for found in labelled if found), ""), ()


def quoted_lines(
    lines: Sequence[Line], messages: Sequence[Message], repeated: frozenset[int]
) -> frozenset[int]:
    """The numbers of the lines of quotations that say again what other messages say: behind
    "On Tuesday … wrote:", and mostly in words that stand elsewhere in the thread too."""
    if not messages:
        return frozenset()
    own = [line for line in lines if line.number not in repeated]
    starts = {message.lines[0].number for message in messages}
    quotations = list(_quotations(own, starts))
    inside = {line.number for quotation in quotations for line in quotation}
    said = set(_shingles([line for line in own if line.number not in inside]))
    return frozenset(
        line.number
        for quotation in quotations
        if _is_said_again(quotation, said)
        for line in quotation
    )


def _quotations(lines: Sequence[Line], starts: Set[int]) -> Iterator[Sequence[Line]]:
    """Each from the line that says who wrote it to where its indent or its marks end, or the next
    message begins."""
    place = 0
    while place < len(lines):
        if not _ATTRIBUTION.search(lines[place].text):
            place += 1
            continue
        end = place + 1
        while end < len(lines) and _goes_on(lines[place + 1], lines[end], starts):
            end += 1
        yield lines[_attributed_from(lines, place) : end]
        place = end


def _goes_on(first: Line, line: Line, starts: Set[int]) -> bool:
    if line.number in starts:
        return False
    if _MARK.match(first.text):
        return _MARK.match(line.text) is not None
    return line.x0 > first.x0 - QUOTED_INDENT_PT


def _attributed_from(lines: Sequence[Line], place: int) -> int:
    """ "On Tuesday … Marta <marta@…>" may break before "wrote:"."""
    is_rest = place > 0 and lines[place].words <= 3 and _DATED.search(lines[place - 1].text)
    return place - 1 if is_rest else place


def _is_said_again(quotation: Sequence[Line], said: Set[tuple[str, ...]]) -> bool:
    shingles = list(_shingles(quotation[1:]))
    return bool(shingles) and sum(each in said for each in shingles) >= SAID_AGAIN * len(shingles)


def _shingles(lines: Sequence[Line]) -> Iterator[tuple[str, ...]]:
    words = [word for line in lines for word in _WORD.findall(line.text.casefold())]
    return (tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))
