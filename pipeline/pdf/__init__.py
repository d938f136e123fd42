"""Bytes → pages → lines: opening a file, the text that can be seen, the layout model, recognition
of scans, unlocking.

In: the path of a PDF or EPUB. Out: `lines.Page`s of `lines.Line`s, and `layout.Label`s.
May import: `language`, `process`, and what they may. The only room that loads PyMuPDF.
"""

import sys

# As soon as PyMuPDF is loaded it would load these, the first with a model of its own: a second of a
# processor and 60 MB in each reading child. `layout` loads it as we want it, when it is needed; the
# other one is for markdown.
for _package in ("pymupdf.layout", "pymupdf4llm"):
    sys.modules.setdefault(_package, None)  # type: ignore[arg-type] # "not to be found"
