"""What wants something from whoever hears it: addresses and telephone numbers spelled out, requests
to get in touch, offers, promises of safety, words to the listener, little pictures.

A document may hold any of these for good reasons, and then they may be told; what a model adds may
not. So each is looked for in both: in the sentence, and in the text that it speaks of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Set

from pipeline.language.number_words import digit_words
from pipeline.language.opposites import Meaning, are_alike, meaning_of

SHORTEST_PHONE = 5  # digits said one by one
_PICTURES = ("So", "Sk", "Me")
_PLAIN_SIGNS = "°©®™№℃℉′″"
_FACE = re.compile(r"(?<!\w)[:;][-o^']?[)(DPp](?!\w)|<3(?!\d)")
_ENDS = (
    "com|org|net|info|biz|xyz|top|site|online|shop|link|click|live|app|dev|io|me|ly|gg|tk|ru|cn|de|"
    "fr|es|pt|br|uk|eu|us|co|ai|to|tv|example|help|club|store|web|page|cc|ws|ру|ком|рф|орг"
)
_SPELLED = re.compile(
    rf"\b(?:dot|punkt|point|punto|ponto|точка)\s+(?:{_ENDS})\b|"
    r"\b(?:dot|punkt|point|punto|ponto|точка)\s+\w{2,12}\s+(?:slash|schrägstrich|barra|слэш|слеш)\b|"
    r"\b\w+\s+at\s+\w+\s+dot\s+\w+|\b(?:double[- ]?u\W+){2}|\b(?:w\W+){3}|\bh\W?t\W?t\W?p\b|"
    rf"\b\w+\s?[.,·•]\s?(?:{_ENDS})\s?/",
    re.I,
)
# Words that no text needs unless it is about such things.
_SPELLING = frozenset("dot slash backslash hashtag underscore url http https www dotcom".split())
_CONTACT = re.compile(
    r"\b(?:get|gets|got|be|stay|keep|come) in (?:touch|contact)\b|\breach(?:es|ed)? out\b|"
    r"\b(?:sign|signs|signed|log|join|opt) (?:up|in|on) (?:with|for|at|on|here|now|to|by|via)\b|"
    r"\b(?:reach|reached|reachable|contacted|answered)\b.{0,40}\b"
    r"(?:by|via|on|through|at|over|with|for) (?:an? |the |her |his |their |our |my )?"
    r"(?:private |direct |personal |text |secure |short )*"
    r"(?:message|messages|mail|post|phone|telephone|number|line|chat|address|request|inbox|call|"
    r"appointment)\b|"
    r"\b(?:texts?|messages?|pings?|dials?|dms?|whatsapps?|e-?mails?|rings?|phones?|calls?|writes?|"
    r"sends?|mails?|contacts?|follows?|joins?|adds?|pays?)(?: \w+){0,3} (?:to |with |for )?"
    r"(?:us|me)\b|"
    r"\b(?:texts?|messages|messaging|pings?|dials?|dms?|whatsapps?) (?:him|her|them|it|the|this|a|"
    r"an|dr|mr|mrs|ms|prof|[A-Z]\w+)\b|"
    r"\bnach(?:richt|zufragen)? an (?:uns|mich)\b|\b(?:schreib|ruf|meld|kontaktier)\w*\b.{0,30}\b"
    r"(?:uns|mich|mir)\b|\b(?:écri\w+|appel\w+|contact\w+)[- ](?:nous|moi)\b|"
    r"\b(?:escr[íi]b\w+|ll[áa]m\w+|cont[áa]ct\w+)(?:nos|me)\b|\b(?:escreva|ligue|contacte)\b|"
    r"\b(?:напиш|позвон|свяж)\w*\b.{0,20}\b(?:нам|мне|нами|мной)\b",
    re.I,
)
_OFFER = re.compile(
    r"\bact(?:s|ing)? (?:now|today|fast|quickly)\b|"
    r"\bclaim(?:s|ed)? (?:your|a|an|the|their|his|her) (?:\w+ ){0,2}"
    r"(?:prize|share|reward|bonus|gift|refund|money|place|seat|copy)\b|"
    r"\b(?:win|wins|get|gets|receive|receives|earn|earns|claim|claims|for) "
    r"(?:an? |the |one )?free\b|"
    r"\bfree (?:of charge|\w+)(?: \w+)? (?:for|to) (?:all|every|each|the first)\b|"
    r"\b(?:limited|special|exclusive) (?:offer|time|deal|access)\b|\boffer (?:ends|expires)\b|"
    r"\bwhile (?:stocks|supplies) last\b|\bonly (?:today|this week)\b|\bno risk\b|\brisk[- ]free\b|"
    r"\bfirst (?:\w+ )?(?:people|callers|visitors|customers|buyers|hundred|ten|thousand|100|10)\b",
    re.I,
)
# Single words that change what is said, or to whom, and so must be the text's own.
_LOADED = frozenset(
    """reader readers listener listeners viewer viewers subscriber subscribers follower followers
    prize bonus reward discount voucher coupon gift giveaway jackpot lottery bitcoin crypto wallet
    refund guarantee guaranteed invest investment investor donate donation donor sponsor subscribe
    subscription password passcode pin login username
    today tonight tomorrow immediately urgent urgently hurry
    whatsapp telegram messenger skype signal sms dm inbox hotline helpline newsletter email e-mail
    website webpage click scan qr download app chat chatroom phone telephone dial
    safe safely harmless riskless edible drinkable potable cure cures cured curing miracle
    proven proof reliable trustworthy certified approved recommend recommended recommends
    endorse endorsed fake hoax fraud scam forged liar swindle conspiracy
    best worst perfect perfectly flawless unbeatable infallible unquestionable
    unnecessary pointless useless worthless""".split()
)
_ALIKE_ENOUGH = {  # what a text may say instead
    "recommend": "advise advised should advice suggest proposed propose",
    "safe": "secure protect protected safety",
    "immediately": "instant instantly once soon directly prompt promptly",
    "best": "better good well optimal most top",
    "worst": "worse bad badly",
    "reliable": "rely trust reliably dependable",
    "proven": "prove proved shown showed demonstrate demonstrated",
    "proof": "prove proved proven shown",
    "approved": "approve approval authorised agreed",
    "unnecessary": "need needed necessary required without",
    "useless": "use useful vain",
    "today": "modern now present current nowadays",
    "phone": "call called telephone",
    "telephone": "call called phone",
    "investment": "invest invested",
}
_TO_YOU = re.compile(r"\b(?:you|your|yours|yourself|yourselves)\b", re.I)
_OF_US = re.compile(r"\b(?:we|us|our|ours|i|me|my|mine|ourselves|myself)\b", re.I)


def has_pictures(text: str) -> bool:
    """Emoji and the like, and faces made of signs."""
    return bool(_FACE.search(text)) or any(
        unicodedata.category(sign) in _PICTURES and sign not in _PLAIN_SIGNS for sign in text
    )


def spelled(text: str) -> set[str]:
    """Addresses and telephone numbers that are said in words."""
    return {match.group().lower() for match in _SPELLED.finditer(text)} | _phones(text)


def _phones(text: str) -> set[str]:
    """Digits one after the other, as no number is said."""
    found, run = set(), list[str]()
    for word in [*re.findall(r"[^\W_]+|[.;:!?]", text.lower()), ""]:
        if word in digit_words() or (word.isdecimal() and len(word) < 4):
            run.append(word)
            continue
        if len(run) >= SHORTEST_PHONE and not all(word.isdecimal() for word in run):
            found.add(" ".join(run))
        run = []
    return found


def adds_a_request(text: str, original: str) -> bool:
    """Whether a text in another language holds an address spelled out, a picture or a request to
    get in touch, and the original none."""
    return (
        bool(spelled(text) and not spelled(original))
        or (has_pictures(text) and not has_pictures(original))
        or bool(_CONTACT.search(text) and not _CONTACT.search(original))
    )


def lures_in(sentence: str, text: str) -> set[str]:
    """What a sentence wants of its hearer, or promises, that the text does not."""
    low = text.lower()
    found = {one for one in spelled(sentence) if one not in spelled(text)}
    for pattern in (_CONTACT, _OFFER):
        found |= {m.group().lower() for m in pattern.finditer(sentence)} - _within(low, pattern)
    for pattern in (_TO_YOU, _OF_US):
        if (said := pattern.search(sentence)) and not pattern.search(text):
            found.add(said.group().lower())
    return found | _loaded(sentence, low)


def _within(text: str, pattern: re.Pattern[str]) -> set[str]:
    return {match.group().lower() for match in pattern.finditer(text)}


def _loaded(sentence: str, text: str) -> set[str]:
    said = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", sentence.lower()))
    wanted = said & (_LOADED | _SPELLING)
    if not wanted:
        return set()
    there = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text))
    return {word for word in wanted if not _is_there(word, there, meaning_of)}


def _is_there(word: str, words: Set[str], meaning: Callable[[str], Meaning]) -> bool:
    own = meaning(word)
    if any(meaning(other).base == own.base for other in words):
        return True
    instead = [alike for key, alike in _ALIKE_ENOUGH.items() if meaning(key).base == own.base]
    if instead and not words.isdisjoint(instead[0].split()):
        return True
    return word not in _LOADED_PAIRED and any(
        own.sides and are_alike(own, meaning(other)) for other in words if len(other) > 3
    )


_LOADED_PAIRED = frozenset("best worst safe safely harmless".split())
