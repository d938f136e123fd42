"""Links, e-mail addresses, files and code, as one would say them to a person."""

from __future__ import annotations

import re

from pipeline.spoken.rules import Rule, applied

_EXTENSIONS = (
    "py|pdf|txt|csv|json|js|html|xml|exe|zip|tex|cpp|java|com|org|net|io|edu|gov|sh|md|yml|yaml|"
    "toml|cfg|ini|log|dat|mp3|ai|uk|de|fr|eu|dev"
)


def _dotted(match: re.Match[str]) -> str:
    return match.group(1).replace(".", " dot ").replace("-", " ")


def _address(match: re.Match[str]) -> str:
    name = re.sub(r"[._+-]+", lambda m: " dot " if m.group(0) == "." else " ", match.group(1))
    return f"{name} at {match.group(2).replace('.', ' dot ')}"


def _snake(match: re.Match[str]) -> str:
    return match.group(0).replace("_", " ").strip()


def _camel(match: re.Match[str]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", match.group(0))


_RULES: tuple[Rule, ...] = (
    (re.compile(r"(?:https?://)?(?:dx\.)?doi(?:\.org/|:\s?)10\.\d{4,}/[^\s,;)\]]+"), "a D O I"),
    (re.compile(r"\barXiv:\s?\d{4}\.\d{4,5}(?:v\d+)?"), "an archive preprint"),
    (re.compile(r"\b([\w.+-]{1,64})@([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"), _address),
    (re.compile(r"(?:https?://|www\.)(?:www\.)?([\w-]+(?:\.[\w-]+)+)"
                r"(?:[/?#:][^\s,;)\]<>\"]*)?(?<![.!?])"), _dotted),
    (re.compile(r"\b([a-z][\w-]{0,60}(?:\.[a-z][\w-]{0,60}){0,4}\.(?:com|org|net|io|edu|gov|ai|dev))"
                r"(?:/[^\s,;)\]]*(?<![.!?]))?(?!\w)"), _dotted),
    (re.compile(rf"(?<![\w.])([\w-]{{0,60}}[A-Za-z_]\.(?:{_EXTENSIONS}))\b(?!\.\w)"),
     lambda m: m.group(1).replace(".", " dot ").replace("_", " ")),
    (re.compile(r"\b(\w+)\(\)"), r"\1"),
    (re.compile(r"(?<![\w-])--?([a-z][\w-]+)(?=[\s,.;)]|$)"), r"\1"),
)  # fmt: skip
_CODE: tuple[Rule, ...] = (
    (re.compile(r"\b_*[A-Za-z]{2,}[A-Za-z0-9]*(?:_+[A-Za-z0-9]+)+_*\b|\b_+[A-Za-z]\w*?_+\b"),
     _snake),
    (re.compile(r"\b[a-z]{2,}(?:[A-Z][a-z]+)+\b"), _camel),
)  # fmt: skip


def with_addresses(text: str) -> str:
    return applied(_RULES, text)


def with_code_words(text: str) -> str:
    return applied(_CODE, text)
