"""A sentence without what it can spare: its frame, asides, and clauses that only add to it.

Only words are taken away, and only where what is left is a whole sentence that says what the longer
one said. English; sentences of other languages lose their asides.
"""

from __future__ import annotations

import re

from pipeline.language.sentences import word_count

ENOUGH_WORDS = 14  # fewer say too little by themselves
WHOLE_WORDS = 7  # of a sentence that has lost nothing but a word that joins it to the one before
MOST_WORDS = 31


def condensed(sentence: str) -> str:
    """The sentence, at best of 20 to 31 words; unchanged where nothing can be spared."""
    short = _without_asides(sentence)
    short = _beheaded(_beheaded(short, _CONNECTIVE, WHOLE_WORDS), _FRAME)
    while word_count(short) > MOST_WORDS:
        shorter = _shorter(short)
        if shorter == short:
            break
        short = shorter
    return short


def _shorter(sentence: str) -> str:
    """Without one thing more; the same if there is nothing."""
    for pattern in (_FOUND, _CONCESSION):
        rest = _beheaded(sentence, pattern)
        if rest != sentence:
            return rest
    for found in reversed(list(_ADDED.finditer(sentence))):
        head = sentence[: found.start()].rstrip(" ,;:–—-")
        if word_count(head) >= ENOUGH_WORDS:
            return head + "."
    return sentence


def _without_asides(sentence: str) -> str:
    bare = _ASIDE.sub("", sentence)
    return bare if word_count(bare) >= WHOLE_WORDS else sentence


def _beheaded(sentence: str, pattern: re.Pattern[str], enough: int = ENOUGH_WORDS) -> str:
    """Without what the pattern finds at its beginning, if what is left stands by itself."""
    found = pattern.match(sentence)
    rest = sentence[found.end() :] if found else ""
    if word_count(rest) < enough or _POINTING.match(rest):
        return sentence
    if _POINTING.match(sentence) and _REFERRING.search(rest):  # both to what stood before
        return sentence
    return rest[0].upper() + rest[1:]


# --- what can go ----------------------------------------------------------------------------------


def _any(words: str) -> re.Pattern[str]:
    return re.compile(words, re.I | re.X)


_HERE = r"in\ this\ (?:paper|work|article|section|subsection|chapter|report|thesis|book)"
_SHOW = r"(?:shows?|showed|demonstrates?|demonstrated|confirms?|confirmed)"
_POINTING = _any(r"\b(?:it|its|this|these|that|those|they|them|their|he|she|his|her|there|such)\b")
_REFERRING = _any(r"\b(?:it|its|this|these|those|they|them|their)\b")

# What stands in brackets between words, unless the words lean on it ("as in (Smith)"); no formula.
_ASIDE = _any(
    rf"""(?<!\bof)(?<!\bin)(?<!\bby)(?<!\bto)(?<!\bsee)(?<!\bfrom)(?<!\bwith)
    \s\([^()]{{0,40}}[^\W\d_]{{3}}[^()]{{0,120}}\)(?=[\s.,;:])|
    (?:\sthat\ we\ (?:propose|present|describe|introduce|use|study))?,?\s{_HERE}\b(?:,(?=\s))?"""
)
_CONNECTIVE = _any(
    rf"""^(?:however|moreover|furthermore|in\ addition|additionally|in\ particular|finally|also|
    in\ fact|indeed|therefore|thus|hence|consequently|as\ a\ result|nevertheless|nonetheless|
    of\ course|in\ general|in\ practice|in\ summary|in\ conclusion|to\ summarize|overall|
    (?:more\ )?importantly|interestingly|(?:not\ )?surprisingly|notably|for\ example|for\ instance|
    first|second|third|lastly|in\ short|in\ other\ words|{_HERE}),\s+"""
)
# Who says it, where it is what the author says anyway.
_FRAME = _any(
    rf"""^(?:
    (?:{_HERE},?\ |here,?\ )?(?:we|i)\ (?:(?:have|also|now|first|then|here|will|can)\ )*
    (?:show(?:ed|n)?|f(?:ind|ound)|demonstrated?|prove[dn]?|concluded?|establish(?:ed)?|see|saw|
    observed?)\ (?:here\ )?that\s+(?!(?:fact|result|claim|property|case|statement|part|way|one)\b)|
    (?:this|that|it)\ (?:also\ |clearly\ )?(?:{_SHOW}|means|proves|implies)\ that\s+|
    (?:this|it)\ (?:turns\ out|is\ clear|is\ (?:well\ )?known|can\ be\ seen|has\ been\ shown)\s
    that\s+|
    one\ of\ (?:our|the)\ (?:main|key|most\ important)\ (?:claims|findings|results|points|insights|
    ideas|observations|conclusions|contributions)\b[^,.]{{0,80}}?\ is\ that\s+|
    (?:as\ )?(?:table|figure|fig\.|tab\.)\ ?\d+[a-z]?\ {_SHOW}\ that,?\s+(?:indeed,?\s+)?|
    (?:our|the|these)\ (?:results?|findings?|experiments?|analys[ie]s|evaluation|data|study)\s
    (?:(?:clearly|also|strongly)\ )?{_SHOW}\ that\s+)"""
)
# "We did this and that, and we find that …": what was found.
_FOUND = _any(
    r"""^(?:in\ this\ \w+,?\ )?(?:we|i)\b.{8,160}?,?\ and\ we\ (?:also\ )?
    (?:(?:show|find|found|demonstrate)\ that|show\ how(?=[^,;:]+\bcan\b))\s+"""
)
_CONCESSION = _any(r"""^(?:although|even\ though|though|whereas|while)\s[^,]{10,200},\s+(?=\w)""")
# A clause that only adds to what is said: from here on it can go. Not "but", "or", "unless" and
# the like, without which the rest would say something else.
_ADDED = _any(
    r""",\s(?:which|where|since|because|so\ that|so|although|even\ though|though|while|whereas|
    and\ (?:we|it|they|this|that|these|the|thus|therefore|hence|in)|thus|thereby|making|allowing|
    leading|resulting|giving|suggesting|indicating|such\ as|e\.g|i\.e|with|as|especially|
    particularly|including|in\ order\ to)\b|
    \sand\ we\s|
    \swhich\ (?:strongly\ |clearly\ )?(?:suggests?|indicates?|means?|shows?)\b|
    \seven\ though\b|;\s|\s[–—]\s"""
)
