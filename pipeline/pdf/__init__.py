"""Bytes → pages → lines: opening a file, the text that can be seen, the layout model, recognition
of scans, unlocking.

In: the path of a PDF or EPUB. Out: `lines.Page`s of `lines.Line`s, and `layout.Label`s.
May import: `language`, `process`, and what they may. The only room that loads PyMuPDF.
"""
