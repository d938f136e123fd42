"""Script → sound → MP3: speech that was checked, tags, audiobooks, files to take along.

In: a `domain.Script` and voices. Out: MP3 with its times, captions, M4B, ZIP.
May import: `spoken`, `language`, `process`, and what they may.
"""
