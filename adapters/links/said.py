"""What pages and headers say: where the PDF of a page lies, what a file is called."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from yarl import URL

LONGEST_NAME = 120

_META = re.compile(r"<meta\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w:-])([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_NAME_CODED = re.compile(r"filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^;\s]+)", re.IGNORECASE)
_NAME = re.compile(r"""filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]+))""", re.IGNORECASE)
_ENDINGS = (".pdf", ".epub", ".html", ".htm", ".php", ".asp", ".aspx", ".jsp")


def pdf_named_in(page: str) -> str | None:
    """What a web page of a paper says of its PDF: `<meta name="citation_pdf_url" content=…>`."""
    for meta in _META.finditer(page):
        said = {
            name.lower(): double or single or plain
            for name, double, single, plain in _ATTRIBUTE.findall(meta[1])
        }
        if said.get("name", "").lower() == "citation_pdf_url" and said.get("content"):
            return html.unescape(said["content"]).strip()
    return None


def file_name(disposition: str, url: URL, ending: str) -> str:
    """What to call it, by the header, else by the end of the address, else by the server: no
    folders, nothing invisible, not endless, and with the ending of what it is."""
    names = (_name_said(disposition), url.name, url.host or "")
    stem = next(filter(None, map(_stem, names)), "document")
    return stem[: LONGEST_NAME - len(ending)].rstrip(" .") + ending


def _name_said(disposition: str) -> str:
    if coded := _NAME_CODED.search(disposition):
        return unquote(coded[2], coded[1], "replace")
    if plain := _NAME.search(disposition):
        return unquote(re.sub(r"\\(.)", r"\1", plain[1]) if plain[1] else plain[2] or "")
    return ""


def _stem(name: str) -> str:
    shown = "".join(sign for sign in name if sign.isprintable())  # no controls, no halves of signs
    last = shown.replace("\\", "/").rstrip("/").rpartition("/")[2].strip(" .")
    for ending in _ENDINGS:
        if last.lower().endswith(ending):
            return last[: -len(ending)].rstrip(" .")
    return last
