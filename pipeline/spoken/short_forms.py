"""Abbreviations and references in papers: "et al.", "Fig. 2a", "Eqs. (3)–(5)", "§ 3.2"."""

from __future__ import annotations

import re

from pipeline.spoken.rules import Rule, applied

_REFERENCE = r"(?=\(?[A-Z]?\.?\d)"
_RULES: tuple[Rule, ...] = (
    (re.compile(r"\bw/o\b"), "without"),
    (re.compile(r"\be\.\s?g\.,?"), "for example,"),
    (re.compile(r"\bi\.\s?e\.,?"), "that is,"),
    (re.compile(r"\bs\.\s?t\.(?=\s)"), "such that"),
    (re.compile(r"\bw\.?\s?l\.?\s?o\.?\s?g\.(?=\s|$)"), "without loss of generality"),
    (re.compile(r"\bw/(?=\s)"), "with"),
    (re.compile(r"\b[Cc]f\.(?=\s)"), "compare"),
    (re.compile(r"\bviz\.,?(?=\s)"), "namely"),
    (re.compile(r"\b(?:ca|c)\.\s?(?=\d)"), "circa "),
    (re.compile(r"\bresp\.(?=[\s),])"), "respectively"),
    (re.compile(r"\bN\.\s?B\.(?=\s)"), "nota bene"),
    (re.compile(r"\ba\.k\.a\.|\baka\b"), "also known as"),
    (re.compile(r"\bet\s+al\.?(?=['’]s\b)"), "and others"),
    (re.compile(r"\bet\s+al\.?(?=\s+[a-z(]|\s+\d|[,;:)'])"), "and others"),
    (re.compile(r"\bet\s+al\.?(?!\w)"), "and others."),
    (re.compile(r"\betc\.(?=\s+[a-z]|[,;:)])"), "et cetera"),
    (re.compile(r"\betc\.?(?!\w)"), "et cetera."),
    (re.compile(r"\bvs\.?(?=\s)"), "versus"),
    (re.compile(r"\bapprox\.(?=\s)"), "approximately"),
    (re.compile(r"\bincl\.(?=\s)"), "including"),
    (re.compile(r"\best\.\s?(?=\d{4})"), "established "),
    (re.compile(r"\b(?:Eqs|Eqns|Eqn|Eq)\.?\s?\((\w+(?:\.\d+)*)\)\s?(?:[–-]|to)\s?"
                r"\((\w+(?:\.\d+)*)\)"), r"Equations \1 to \2"),
    (re.compile(r"\b(?:Eqs|Eqns|Eqn|Eq)\.?\s?\((\w+(?:\.\d+)*)\)\s?and\s?\((\w+(?:\.\d+)*)\)"),
     r"Equations \1 and \2"),
    (re.compile(r"\b(?:Eqs|Eqns)\.\s?"), "Equations "),
    (re.compile(r"\b(?:Eq|Eqn)\.\s?\(?(\d+(?:\.\d+)*[a-z]?)\)?"), r"Equation \1"),
    (re.compile(r"\b([Ee]quations?)\s?\((\d+(?:\.\d+)*[a-z]?)\)"), r"\1 \2"),
    (re.compile(rf"\bFigs\.\s?{_REFERENCE}"), "Figures "),
    (re.compile(rf"\bFig\.\s?{_REFERENCE}"), "Figure "),
    (re.compile(rf"\bTabs?\.\s?{_REFERENCE}"), "Table "),
    (re.compile(rf"\bSec(?:t|s|ts)?\.\s?{_REFERENCE}"), "Section "),
    (re.compile(rf"\bCh(?:ap)?s?\.\s?{_REFERENCE}"), "Chapter "),
    (re.compile(rf"\bRefs?\.\s?{_REFERENCE}"), "Reference "),
    (re.compile(r"\bApp\.\s?(?=[A-Z]\b|\d)"), "Appendix "),
    (re.compile(rf"\bAlg\.\s?{_REFERENCE}"), "Algorithm "),
    (re.compile(rf"\bThm\.\s?{_REFERENCE}"), "Theorem "),
    (re.compile(rf"\bDef\.\s?{_REFERENCE}"), "Definition "),
    (re.compile(rf"\bProp\.\s?{_REFERENCE}"), "Proposition "),
    (re.compile(r"\bNos\.\s?(?=\d)"), "numbers "),
    (re.compile(r"\b[Nn]o\.\s?(?=\d)"), "number "),
    (re.compile(r"\bpp\.\s?(?=\d)"), "pages "),
    (re.compile(r"\bp\.\s?(?=\d)"), "page "),
    (re.compile(r"\b[Vv]ols?\.\s?(?=\d|[IVX])"), "volume "),
    (re.compile(r"\b[Ee]ds?\.(?=[\s),])"), "editors"),
    (re.compile(r"§§\s?(?=\d)"), "sections "),
    (re.compile(r"§\s?(?=\d)"), "section "),
    (re.compile(r"¶\s?(?=\d)"), "paragraph "),
    (re.compile(r"\bSt\.\s(?=[A-Z])"), "Saint "),
    (re.compile(r"\bMt\.\s(?=[A-Z])"), "Mount "),
    (re.compile(r"\bPh\.\s?D\.?s?\b\.?"), "P H D"),
    (re.compile(r"\b([A-Z])\.([A-Z])\.([A-Z])\.(?!\w)"), r"\1 \2 \3"),
    (re.compile(r"\b([A-Z])\.([A-Z])\.(?=\s+[a-z0-9(]|[,;:)'])"), r"\1 \2"),
)  # fmt: skip


def with_short_forms(text: str) -> str:
    return applied(_RULES, text)
