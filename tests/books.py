"""Small real EPUBs."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""
PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title>
<dc:creator>Ada Meyer</dc:creator><dc:language>en</dc:language>
<dc:identifier id="id">bees</dc:identifier></metadata>
<manifest>{items}<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>
<spine toc="ncx">{spine}</spine></package>"""
CONTENTS = """<?xml version="1.0"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><head/>
<docTitle><text>{title}</text></docTitle><navMap>{points}</navMap></ncx>"""
POINT = (
    '<navPoint id="n{n}" playOrder="{n}"><navLabel><text>{name}</text></navLabel>'
    '<content src="{n}.xhtml"/></navPoint>'
)
PAGE = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{name}</title></head>
<body><h1>{name}</h1>{paragraphs}</body></html>"""


def an_epub(path: Path, chapters: Mapping[str, Sequence[str]], *, title: str = "On Bees") -> Path:
    """Chapters, each of some paragraphs, with a table of contents."""
    names = dict(enumerate(chapters, start=1))
    items = (
        f'<item id="c{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in names
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in names)
    points = "".join(POINT.format(n=n, name=name) for n, name in names.items())
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", CONTAINER)
        book.writestr("book.opf", PACKAGE.format(title=title, items="".join(items), spine=spine))
        book.writestr("toc.ncx", CONTENTS.format(title=title, points=points))
        for n, name in names.items():
            paragraphs = "".join(f"<p>{text}</p>" for text in chapters[name])
            book.writestr(f"{n}.xhtml", PAGE.format(name=name, paragraphs=paragraphs))
    return path
