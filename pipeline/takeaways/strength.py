"""How surely, how many, how often: a claim may say less than its text, and not more.

"May cause" is no "causes", "some patients" are not all, "once a year" is not "at any time", and who
merely claims something has not shown it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.takeaways.nearness import Scale
from pipeline.takeaways.tokens import Token
from pipeline.takeaways.wording import Sentence

SURELY_HEDGED = 0.6  # of a claim's words that stand best in clauses that only suppose
FEWEST = 2
_HEDGES = re.compile(
    r"\b(?:may|might|could|can|possib\w+|potential\w*|probab\w+|perhaps|maybe|likely|unlikely|"
    r"suggest\w*|suspect\w*|suppos\w+|assum\w+|believ\w*|thought|thinks?|seems?|seemed|"
    r"appears?|appeared|apparent\w*|claim\w*|alleg\w*|report\w*|rumou?r\w*|hypothes\w+|"
    r"speculat\w*|expect\w*|estimat\w*|doubt\w*|uncertain\w*|unclear|unproven|would|should|"
    r"risks?|capable|able|allow\w*|permit\w*|tend\w*|often|sometimes|usually|predict\w*|hop\w+|"
    r"fear\w*|according|legend\w*|said to|whether|if|candidates?|consider\w*|argu\w+|propos\w+|"
    r"undecided|unresolved|disagree\w*|attribut\w*|credit\w*|up to|at times|some|certain cases|"
    r"controvers\w*|disput\w*)\b",
    re.I,
)
_SUPPOSES = re.compile(  # of the hedges, those that leave open whether it is so
    r"\b(?:(?<!nobody )(?<!no one )may(?! (?:not|only)\b)|might|could|possibly|"
    r"probably|perhaps|suggests?|suggested|"
    r"suspects?|suspected|seems?|seemed|appears? to|appeared to|allegedly|claims?|claimed|"
    r"rumou?rs?|hypothesi[sz]ed?|speculated?|(?:is|are|was|were) said to|"
    r"(?:is|was|be|seems|remains) (?:possible|probable|likely|conceivable|thinkable|uncertain|"
    r"unclear|doubtful) (?:that|whether)|whether|left open|undecided|unresolved|attributed to|"
    r"(?:some|many|several|few|most|certain|other) (?:\w+ )?(?:thinks?|thought|believed?|says?|"
    r"said|holds?|held|argued?|maintain(?:ed)?|considers?|considered))\b",
    re.I,
)
_PROOF = re.compile(
    r"\b(?:proves?|proved|proven|proofs?|shows?|showed|shown|demonstrat\w+|establish\w*|"
    r"confirm\w*|certain|certainly|definite\w*|undoubted\w*|undeniabl\w*|always|guarantee\w*|"
    r"found|finds?|evidence|discover\w*|clear|clearly|beyond doubt|indisputabl\w*|reveal\w*)\b",
    re.I,
)
_SURE = re.compile(
    r"\b(?:proves?|proved|proven|shows? that|showed that|shown|demonstrated|established|confirmed|"
    r"certainly|definitely|undoubtedly|always|guarantees?|guaranteed|beyond doubt)\b",
    re.I,
)
_SWORN = re.compile(
    r"\b(?:certainly|definitely|undoubtedly|undeniably|unquestionably|inevitably|invariably|"
    r"for certain|for sure|without (?:any )?doubt|beyond (?:any )?doubt|guarantee[sd]?|sure to|"
    r"certain to|bound to)\b",
    re.I,
)

# How many of something: 0 none … 4 all. What stands between is not told apart.
_MANY = {
    0: "no none neither",
    1: "few hardly rarely",
    2: "some several certain",
    3: "most many majority often usually",
    4: "all every each any both always entire whole",
}
_SHARE = {word: share for share, words in _MANY.items() for word in words.split()}
_COUNTED = re.compile(
    rf"\b(?P<share>{'|'.join(_SHARE)})\b(?: of)?(?: the| these| those| its| their| his| her)?"
    r"(?: [a-z-]+(?:al|ic|ed|ive|ous|ish|ern|ary)\b)? (?P<what>[a-z][a-z-]+)",
    re.I,
)
ALL, SOME, LEAST_OF_ALL = 4, 2, 3
_EVER = re.compile(
    r"\b(?:always|at (?:any|all) times?|in (?:all|every|any) cases?|every time|for ?ever|"
    r"everywhere|under (?:all|any) (?:conditions?|circumstances)|in any way|whenever|regardless|"
    r"no matter|without (?:exception|limits?|restrictions?|conditions?)|unconditional\w*|"
    r"unlimited\w*|anyone|anybody|everyone|everybody|anything|everything|entirely|completely|"
    r"totally|wholly)\b",
    re.I,
)
_EVER_THERE = re.compile(
    r"\b(?:always|any|all|every|each|whenever|never|none|nobody|nothing|no one|both|only|must|"
    r"who(?:so)?ever|what(?:so)?ever|entire\w*|complete\w*|total\w*|whole|wholly|full\w*|anyone|"
    r"anybody|everyone|everybody|anything|everything|everywhere|ever|forever|regardless)\b",
    re.I,
)


def is_surer(scale: Scale) -> bool:
    """Whether a claim asserts what its text only supposes."""
    claim = scale.claim.text
    if _SWORN.search(claim) and not any(_SWORN.search(s.text) for s in scale.source.sentences):
        return True
    if _HEDGES.search(claim) and not _SURE.search(claim):
        return False
    places = [_best_clause(scale, word) for word in scale.claim.tokens]
    known = [clause for clause in places if clause]
    supposed = [clause for clause in known if _SUPPOSES.search(clause)]
    if len(supposed) < max(FEWEST, SURELY_HEDGED * len(known)):
        return False
    return not any(_PROOF.search(clause) for clause in known) or not _HEDGES.search(claim)


def _best_clause(scale: Scale, word: Token) -> str:
    """Where in the text it stands best, with the clause before: "suggest that" stands there."""
    best = scale.best(word, scale.like(word))
    if not best:
        return ""
    sentence = scale.sentence_of(best[0])
    clauses, place = sentence.clauses, best[0].clause
    return " ".join(clause.text for clause in clauses[max(0, place - 1) : place + 1])


def counts_more(scale: Scale) -> bool:
    """Whether it says of all what the text says of some, or of most, or the other way round."""
    counted = _counted(scale.claim)
    return any(
        _is_counted_otherwise(share, _shares_of(scale, word))
        for word in scale.claim.tokens
        if (share := counted.get(word.start)) is not None
    )


def _is_counted_otherwise(share: int, there: Sequence[int]) -> bool:
    if share == ALL:
        return bool(there) and all(0 < one < ALL for one in there)
    if share == LEAST_OF_ALL:
        return bool(there) and all(one in (1, SOME) for one in there)
    return share == SOME and bool(there) and all(one in (0, ALL) for one in there)


def _shares_of(scale: Scale, word: Token) -> list[int]:
    """How many of it the text speaks of, where the word fits best."""
    found = []
    for token in scale.best(word, scale.like(word)):
        share = _counted(scale.sentence_of(token)).get(token.start)
        if share is None:
            return []
        found.append(share)
    return found


def _counted(sentence: Sentence) -> dict[int, int]:
    """Where words begin that tell how many of something there are."""
    return {
        match.start("what"): _SHARE[match.group("share").lower()]
        for match in _COUNTED.finditer(sentence.text)
    }


def is_wider(scale: Scale) -> bool:
    """Whether it holds always, or for everybody, where the text has no word of that kind near."""
    if not _EVER.search(scale.claim.text) or any(t.is_denied for t in scale.claim.tokens):
        return False
    near = scale.nearest_sentences()
    return bool(near) and not any(_EVER_THERE.search(one.text) for one in near)
