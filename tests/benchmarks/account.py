"""What becomes of every word of many documents, audited; and what the guard says of them.

usage: python -m tests.benchmarks.account FILE_OR_FOLDER...

Words are extracted once more, apart from reading, and each is looked for in the document's account.
Prints a line a file, each finding, and the sums. Ends with 1 if a word is unexplained.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from pipeline.domain import Document
from pipeline.errors import UserError
from tests.auditing import Audit, audit
from tests.reading import read_pdf

MAX_PAGES = 2000


def files_in(names: list[str]) -> list[Path]:
    paths = [Path(name) for name in names]
    return [f for path in paths for f in (sorted(path.rglob("*.pdf")) if path.is_dir() else [path])]


def told(file: Path, document: Document, found: Audit) -> None:
    account = document.account
    share = account.spoken / max(1, account.words)
    unexplained = len(found.unexplained) + account.unexplained
    print(f"{file.name}: {found.words} words, {share:.0%} spoken, {unexplained} unexplained")
    for word in found.unexplained[:5]:
        print(f"    page {word.page} at {word.x0:.0f}, {word.y0:.0f}: {word.text!r}")
    for finding in account.findings:
        print(f"    {finding.reason}, page {finding.page}, {finding.words} words: {finding.text!r}")
    if account.missing_pages:
        print(f"    told on the card: pages {', '.join(map(str, account.missing_pages))}")


def main(names: list[str]) -> int:
    sums: Counter[str] = Counter()
    files = files_in(names)
    if not files or not all(file.is_file() for file in files):
        print("needs FILE_OR_FOLDER..., PDFs that are there")
        return 0
    for file in files:
        try:
            document = read_pdf(file, max_pages=MAX_PAGES)
        except UserError as err:
            sums[f"refused: {err.kind}"] += 1
            continue
        found = audit(file, document)
        told(file, document, found)
        sums["words"] += found.words
        sums["unexplained"] += len(found.unexplained) + document.account.unexplained
        sums["findings"] += len(document.account.findings)
        sums["told on the card"] += bool(document.account.missing_pages)
        sums["documents"] += 1
    print(dict(sums))
    return 1 if sums["unexplained"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
