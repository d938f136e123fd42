"""Wordings that make a sentence stand alone or lean on others, and what they are worth."""

from __future__ import annotations

import re


def _any(words: str) -> re.Pattern[str]:
    return re.compile(words, re.I | re.X)


WEAK_START = _any(
    r"""^(?:this|it|these|those|they|however|moreover|furthermore|also|but|and|so|then|here|such|he|
    she|his|her|for\ example|for\ instance|in\ addition|on\ the\ other\ hand|similarly|thus|hence|
    therefore|again|note\ that|recall|see|let|if\ we|as\ shown|despite\ this|dies|diese|es|sie|
    jedoch|cela|ce|cette|esto|este|esta|sin\ embargo)\b"""
)
POINTER = _any(
    r"""\b(?:fig(?:ure|\.)?|tab(?:le|\.)?|section|sec\.|eq(?:uation|\.)?|appendix|chapter|listing|
    algorithm)\s*\(?\d|\bbelow\b|\babove\b|\bfollowing\b|\bas\ follows\b"""
)
# What a chapter comes down to is more often found than announced …
FINDING = _any(
    r"""\b(?:show(?:s|ed|n)?\ that|ha(?:ve|s)\ shown|demonstrat\w+|suggests?|indicates?|
    f(?:ind|ound)\ that|conclude|achiev\w+|improv\w+|outperform\w*|better\ than|easier|faster|
    works?\ (?:best|well)|success\w+|effective(?:ly)?|enables?|allows?|makes?\ it\ possible|
    equivalent\ to|important|advantage|the\ (?:main|key)|because|significant(?:ly)?|
    we\ (?:propose|introduce|present)|zeigt|zeigen|ermöglich\w+|montre\w*|permet\w*|muestra\w*|
    permite\w*|mostra\w*)\b"""
)
# … and hardly ever is it what was done, or will be.
SETUP = _any(
    r"""^(?:in\ this\ (?:section|chapter|subsection)|in\ section|in\ order\ to|before|
    to\ (?:see|test|evaluate|investigate|check|derive)|for\ (?:our|this|these)|
    we\ (?:trained|used|wanted|decided|tried|ran|started|now|next|first|then|will|have\ explored|
    consider|assume|begin)|consider|suppose|assume|in\ diesem\ (?:abschnitt|kapitel)|
    dans\ (?:cette\ section|ce\ chapitre)|en\ esta\ sección|nesta\ seção)\b|
    \bwe\ (?:trained|used|wanted\ to|decided\ to)\b"""
)
# A sentence that leans on another one in its middle.
LEANING = _any(
    r""",\s(?:however|therefore|thus|hence|then|instead|moreover|though)\b,|\?$|
    \bthis\ (?:is|was|means)\b|
    \b(?:the\ other\ two|the\ former|the\ latter|these\ two|this\ type\ of|such\ an?)\b"""
)
# What says in one sentence what a document does.
THESIS = _any(
    r"""\b(?:this|the\ present|our)\ (?:paper|article|work|study|report|book|guide|thesis|vignette|
    document|manual|survey|review|tutorial|note|package|course|volume)\b|
    \bwe\ (?:\w+\ )?(?:introduce|propose|present|show|develop|describe|report|study|prove|give|
    investigate|demonstrate)\b|\bdiese[rs]?\ (?:arbeit|artikel|beitrag|studie|buch)\b|
    \b(?:cet\ article|ce\ document|ce\ livre|cette\ étude|ce\ travail)\b|
    \best[ea]\ (?:artículo|trabajo|documento|libro|estudio|artigo|trabalho|livro|estudo|gu[íi]a)\b|
    \bquesto\ (?:articolo|lavoro|documento|libro|studio)\b|本文|本论文|本論文|本稿|本書|本书|
    هذا\ البحث|هذه\ الدراسة"""
)
# What says in one sentence what is new: of a whole document more than what was found by it.
NEW = _any(
    r"""\bwe\ (?:\w+\ )?(?:introduce|propose|present|develop|describe)\b|
    \b(?:paper|article|work|report|book|thesis)\ (?:\w+\ )?(?:introduces|proposes|presents|develops|
    describes|gives|provides)\b"""
)
TORN = _any(r"\b(?:in|by|from|of|see|with|and|to)\s*[.)]$|\(\s*\)")  # a citation was taken out
SIGN = re.compile(
    r"[=<>≤≥∑∫\\{}|^_\ufffd\u0370-\u03ff]|\b[a-zA-Z]\b\s*\(|\(\w\)|\b[b-zB-HJ-Z]\b(?!\.)|"
    r"\b\w{1,2}/\w{1,4}\b"
)
SHORT_WORDS = frozenset(
    """a i an as at be by do go he if in is it me my no of on or so to up us we am ad vs de la le un
    et du en au ou ce se sa il ne y el lo su es al e o os da ao na em um zu im ob er wo di ed si ma
    va ni te tu ti li re è à ó op je""".split()
)
_SHORT = re.compile(r"(?<![\w’'-])[a-z]{1,2}(?![\w’'.-])")


def symbols(sentence: str) -> int:
    """How many signs and names of quantities, such as zi and pm, a sentence holds: very short
    words that no language has."""
    names = sum(word not in SHORT_WORDS for word in _SHORT.findall(sentence))
    return len(SIGN.findall(sentence)) + names
