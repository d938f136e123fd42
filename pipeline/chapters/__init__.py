"""Headings and passages → the chapters that a person would choose.

In: pages of lines, labels, an outline. Out: a `domain.Document` without takeaways.
May import: `text`, `structure`, `pdf`, `language`, and what they may.
"""
