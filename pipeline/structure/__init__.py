"""Lines → headings, title, outline: what a document is made of, before anything of it is text.

In: `pdf.lines.Line`s, labels of the layout model, the file's outline. Out: `headings.Heading`s,
title and authors, the lines that repeat on pages.
May import: `pdf`, `language`, and what they may.
"""
