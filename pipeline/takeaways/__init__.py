"""What a chapter comes down to, and what a model may say of it.

In: a `domain.Document`, or what a model answered about it. Out: takeaways, a summary, tellings:
extracted, or checked against the document.
May import: `language`, and what it may.
"""
