"""Lines → clean passages: paragraphs, lists, citations, tables, and what is left out and why.

In: `pdf.lines.Line`s and what `structure` says of them. Out: `domain.Passage`s, and a `Reason` for
each line that is not read.
May import: `structure`, `pdf`, `language`, and what they may.
"""
