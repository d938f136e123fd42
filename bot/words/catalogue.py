"""Reads a catalogue as translators write it: a `.po` file of sentences and of forms that count.

The library that writes these files brings the calendars of all the world, and is wanted for tests
alone; compiled catalogues would be second copies that nobody can read.
"""

from __future__ import annotations

import gettext
import json
from collections.abc import Iterator

Entry = dict[str, str]  # by keyword: msgid, msgid_plural, msgstr, msgstr[0] …
HEADER = ""


class Catalogue(gettext.NullTranslations):
    """What has no translation is said in the words of the source."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._said: dict[str, str] = {}
        self._counted: dict[str, list[str]] = {}
        for entry in _entries(text):
            forms = [said for key, said in entry.items() if key.startswith("msgstr")]
            if "msgid_plural" in entry:
                self._counted[entry["msgid"]] = forms
            else:
                self._said[entry["msgid"]] = forms[0]
        self._form = gettext.c2py(_rule(self._said.get(HEADER, "")))

    def gettext(self, message: str) -> str:
        return self._said.get(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = dict(enumerate(self._counted.get(msgid1, ())))
        return forms.get(self._form(n)) or super().ngettext(msgid1, msgid2, n)


def _rule(header: str) -> str:
    """Which form a number wants, as the header of the catalogue says it."""
    _, _, rule = header.partition("plural=")
    return rule.partition(";")[0] or "n != 1"


def _entries(text: str) -> Iterator[Entry]:
    """A paragraph each; a text goes on in lines that begin with a quotation mark. Its escapes are
    those of JSON."""
    for paragraph in text.split("\n\n"):
        entry: Entry = {}
        key = ""
        for line in paragraph.splitlines():
            if line.startswith("msg"):
                key, _, line = line.partition(" ")
            if key and line.startswith('"'):
                entry[key] = entry.get(key, "") + json.loads(line)
        if entry:
            yield entry
