"""What can be said of any text before anybody knows where it stands: its sentences and words, its
language, how long it takes to say, and our own phrases in that language.

In: strings. Out: strings, numbers, vectors. May import: `domain`, `errors`.
"""
