"""Addresses in what a listener writes, and where the file lies behind a page of a known site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

LONGEST = 4000  # characters
_ARXIV_ID = r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]+)?"
_ADDRESS = re.compile(
    rf"""
      <(?P<wrapped>https?://[^\s<>|]+)(?:\|[^<>]*)?>
    | (?<![a-z0-9+.-])(?P<open>https?://[^\s<>"。，、；！？“”«»（）「」『』《》【】]+)
    | (?<![a-z0-9_./@-])
      (?P<bare>(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/{_ARXIV_ID}(?:\.pdf)?)
    | (?<![a-z0-9_])arxiv:\s?(?P<number>{_ARXIV_ID})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_ENDING = ".,;:!?'\"*…’”"

# (what a page's address looks like, where its file lies); the first that fits is taken
_DIRECT = tuple(
    (re.compile(pattern, re.IGNORECASE), place)
    for pattern, place in (
        (
            rf"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|html)/({_ARXIV_ID})/?(?:\?.*)?",
            r"https://arxiv.org/pdf/\1",
        ),
        (
            r"https?://(?:www\.)?openreview\.net/forum\?(?:.*&)?id=([\w-]+)(?:&.*)?",
            r"https://openreview.net/pdf?id=\1",
        ),
        (
            r"https?://(?:www\.)?aclanthology\.org/([a-z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)/?(?:\?.*)?",
            r"https://aclanthology.org/\1.pdf",
        ),
        (
            r"https?://(?:www\.)?(bio|med)rxiv\.org/content/(10\.\d+/[\d.]+v\d+)"
            r"(?:\.full|\.abstract|\.full-text)?/?(?:\?.*)?",
            r"https://www.\1rxiv.org/content/\2.full.pdf",
        ),
        (
            r"https?://(?:www\.)?github\.com/([^/]+/[^/]+)/blob/([^?]+\.(?:pdf|epub))(?:\?.*)?",
            r"https://github.com/\1/raw/\2",
        ),
        (
            r"https?://(?:www\.)?dropbox\.com/([^?]*)\?(|.*&)dl=0(|&.*)",
            r"https://www.dropbox.com/\1?\2dl=1\3",
        ),
        (
            r"https?://drive\.google\.com/(?:file/(?:u/\d+/)?d/|open\?id=)([\w-]+)(?:[/?&].*)?",
            r"https://drive.google.com/uc?export=download&id=\1",
        ),
    )
)


def address_in(text: str) -> str | None:
    """The first http(s) address in a message, as it was written there; None if it has none.

    `arXiv:1503.02531` and `arxiv.org/abs/1503.02531` are addresses too.
    """
    return next((address for address in _addresses(text) if _is_whole(address)), None)


def direct(address: str) -> str:
    """Where the file itself lies, for a page of a site that we know; else the same address,
    without what leads to a place inside the page."""
    whole = urldefrag(address).url
    for pattern, place in _DIRECT:
        if found := pattern.fullmatch(whole):
            return found.expand(place)
    return whole


def _addresses(text: str) -> Iterator[str]:
    for found in _ADDRESS.finditer(text):
        if wrapped := found["wrapped"]:
            yield wrapped
        elif number := found["number"]:
            yield f"https://arxiv.org/abs/{number}"
        elif bare := found["bare"]:
            yield f"https://{bare}"
        elif len(found["open"]) <= LONGEST:
            yield _without_ending(found["open"])


def _without_ending(address: str) -> str:
    """A sentence's full stop is not part of the address, nor is the bracket that it stands in."""
    while address[-1] in _ENDING or _closes_more_than_it_opens(address):
        address = address[:-1]
    return address


def _closes_more_than_it_opens(address: str) -> bool:
    closing = address[-1]
    return closing in _CLOSING and address.count(closing) > address.count(_CLOSING[closing])


def _is_whole(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and parts.port != 0 and len(address) <= LONGEST
    except ValueError:  # a bracket that stays open, a port that is none
        return False
