"""Sentences in a document that speak to a machine: "Ignore all previous instructions …".

They stay in what is read aloud, for they may be what a paper is about; but no model is shown them,
and no takeaway is measured against them. This is the first line only: what slips through meets
the checks of `pipeline.takeaways.claims`.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.language.sentences import sentences_of

_UNSEEN = re.compile(r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
                     r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
                     r"\U000e0000-\U000e0fff]")  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ORDER = re.compile(
    r"\b(?:ignor(?:e|ing)|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:previous|prior|above|"
    r"earlier|preceding|all|any|your|these|those|system)\b.{0,40}\b(?:instruction|prompt|rule|"
    r"direction|guideline|order|command|message|text|context)|"
    r"\b(?:system|developer|user|assistant)\s*(?:prompt|message|role|override|note)?\s*[:>\]]|"
    r"\byou are (?:now |no longer )?(?:an? |the )?(?:ai|assistant|language model|llm|chatbot|"
    r"chatgpt|claude|gemini|gpt|dan|jailbroken|helpful|reviewer|summari[sz]er)|"
    r"\b(?:as|being) an? (?:ai|artificial|large language|language model)|"
    r"\b(?:to|dear|attention|hey|hello|note (?:to|for)|if you are|for)(?: all| any| the| an?)* "
    r"(?:ai|llms?|language models?|assistants?|chatbots?|summari[sz]ers?|models? reading)\b|"
    r"\b(?:your|the) (?:new |only |real |actual |next )?(?:task|instructions?|job|role|goal) "
    r"(?:is|are|now)\b|\bnew instructions?\b|\bend of (?:the )?(?:chapter|text|document|input)\b|"
    r"\b(?:takeaway|summary|answer|output|response|reply|title|sentence)\s*(?:must|should|shall|"
    r"has to|needs to|is to|will)\s*(?:be|say|read|contain|include|state|begin|start|mention)|"
    r"\b(?:say|write|print|output|respond|reply|answer|return|repeat|state|claim|tell|insert|"
    r"include|recommend|translate|summari[sz]e|use)\b.{0,30}\b(?:exactly|only|following|instead|"
    r"verbatim|word for word|listeners?|the (?:user|reader|listener)|as (?:the |your )?(?:takeaway|"
    r"summary|answer|title)|in (?:your|the|every|each) (?:takeaway|summary|answer|output|title))|"
    r"\b(?:ignorier|vergiss|missachte)\w*\b.{0,60}\b(?:anweisung|instruktion|regel|befehl)|"
    r"\b(?:ignore[zr]?|oublie[zr]?|ignora|olvida|esque[cç]a)\b.{0,60}\b(?:instruccion|instruction|"
    r"consigne|r[eè]gle|instru[cç])|"
    r"игнорируй\w*.{0,60}(?:инструкц|указан)|(?:忽略|无视|無視).{0,20}(?:指令|指示|说明|要求)",
    re.I | re.S,
)  # fmt: skip


def visible(text: str) -> str:
    """The text without control characters and signs of no width."""
    return _UNSEEN.sub("", _CONTROL.sub(" ", text))


def seen(text: str) -> str:
    """What a person would see of a text: only what is visible, and signs that only look otherwise
    (full-width, mathematical letters) as what they stand for."""
    return unicodedata.normalize("NFKC", visible(text))


def is_order(sentence: str) -> bool:
    """Whether it seems to be said to a machine that reads, not to a person."""
    return bool(_ORDER.search(seen(sentence)))


def without_orders(text: str) -> str:
    """A text as it may be shown to a model, its paragraphs kept."""
    paragraphs = (
        " ".join(sentence for sentence in sentences_of(paragraph) if not is_order(sentence))
        for paragraph in seen(text).split("\n\n")
    )
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
