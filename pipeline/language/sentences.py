"""Where sentences end, in any script that marks it."""

from __future__ import annotations

import re
from itertools import pairwise

ABBREVIATIONS = frozenset(
    """al approx art assoc ave avg ca cap cf ch chap cit co col comp conf corp def dept diff div dr
    ed eds eg e.g eq eqn eqs esp est etc ex fig figs ff fn gen hon ibid ie i.e inc incl jan feb mar
    apr jun jul aug sep sept oct nov dec jr lit ltd max min misc mr mrs ms mt n.b no nos nr op orig
    p para pp prof pt ref refs reg rep resp rev sec sect secs sen ser sr st suppl tab tabs temp thm
    univ v var viz vol vols vs w.r.t wrt yr abb abs allg anm aufl bd bsp bspw bzgl bzw d.h ders
    dgl ebd einschl engl etw evtl ggf hg hrsg i.d.r inkl insb jh kap m.e mind nrn o.ä o.g s sog u.a
    usw vgl z.b z.t zit zzgl av bull env fasc m mme mlle p.ex art.cit núm pág sr sra dra ud
    uds""".split()
)
_END = re.compile(r"([.!?…]+)([\"”’»)\]]*)(?=\s+\S)|[。！？]+[」』”’）]*|[؟۔।]+(?=\s|$)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_INITIAL = re.compile(r"(?:^|[\s(\"“‘'.-])[^\W\d_]$")


def sentences_of(text: str) -> list[str]:
    """The sentences of a paragraph, in order, nothing lost but the white space between them.

    A period behind an abbreviation, an initial or a lone number of a list, or before a lower-case
    word, ends none.
    """
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a paragraph stand in it: [start, end) without white space around."""
    ends = [match.end() for match in _END.finditer(text) if _ends(text, match)]
    spans = (_trimmed(text, *cut) for cut in pairwise([0, *ends, len(text)]))
    return [(start, end) for start, end in spans if start < end]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _ends(text: str, match: re.Match[str]) -> bool:
    sign = match.group(1)
    if sign is None:
        return True
    after = text[match.end() : match.end() + 40].lstrip()
    if after[:1] in (".", ",", ";"):
        return False  # ". . . , x": dots that leave something out
    first = re.sub(r"^[\"“‘'«(\[]+", "", after)[:1]
    if first.islower():
        return False
    if sign != ".":
        return True
    before = text[max(0, match.start() - 24) : match.start()]
    word = before.split()[-1].lstrip("(\"“‘'[") if before.split() else ""
    if word.lower() in ABBREVIATIONS:
        return _may_end_anyway(word, first)
    if _INITIAL.search(before) and word[-1:].isupper():
        return len(word) > 2 and "." in word and first.isupper() and _is_common_start(after)
    return not (word.isdecimal() and match.start() <= len(word) + 1)


def _may_end_anyway(word: str, first: str) -> bool:
    """ "etc." and "al." do end sentences when a capital follows."""
    return word.lower() in ("etc", "al", "usw", "inc", "ltd", "co", "jr") and first.isupper()


def _is_common_start(after: str) -> bool:
    """Behind "U.S." only a word that begins sentences begins one."""
    word = re.match(r"[A-Za-z]+", after)
    return word is not None and word.group(0) in _STARTERS


_STARTERS = frozenset(
    """The This That These Those It We They He She You There Here In On At For From With By To As If
    When While After Before However Moreover Thus Hence Our Their His Her Its A An And But Or So
    Many Most Some All Both Each Such Then Although Because Since Finally First Second""".split()
)


def word_count(text: str) -> int:
    """Words; scripts without spaces count two signs as a word."""
    if text.isascii():
        return len(text.split())
    signs = len(_CJK.findall(text))
    return len(_CJK.sub(" ", text).split()) + (signs + 1) // 2
