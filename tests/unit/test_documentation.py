"""README is short, its links and those of docs/ lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]  # fmt: skip
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
LONGEST_README = 600  # words; 2,000 were read by nobody


def broken_links(page: Path) -> list[str]:
    targets = LINK.findall(without_code(page.read_text(encoding="utf-8")))
    return [target for target in targets if not leads_somewhere(page, target)]


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.S | re.M)


def leads_somewhere(page: Path, target: str) -> bool:
    """Addresses elsewhere are not asked."""
    if re.match(r"[a-z]+:", target):
        return True
    name, _, anchor = target.partition("#")
    file = page.parent / name if name else page
    if not file.exists() or not file.resolve().is_relative_to(ROOT):
        return False
    return not anchor or anchor in anchors(file)


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = ROOT / "docs" / "settings.md"
    assert leads_somewhere(page, "with-a-key.md#which-text-leaves-the-machine-and-when")
    for nowhere in ("no-such.md", "with-a-key.md#no-such", "../../outside.md", "#no-such"):
        assert not leads_somewhere(page, nowhere)
    (tmp_path / "page.md").write_text("See ![a picture](none.png) and `[code](x)`.", "utf-8")
    assert broken_links(tmp_path / "page.md") == ["none.png"]


def test_the_readme_is_short_and_leads_to_every_page_for_users() -> None:
    """Who changes the program finds the others from where that is explained."""
    readme, contributing = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")
    )
    assert len(readme.split()) <= LONGEST_README
    pages = {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md")}
    assert pages <= {*LINK.findall(readme), *LINK.findall(contributing)}


@pytest.mark.parametrize(
    "page", sorted((ROOT / "docs" / "contributing").glob("*.md")), ids=lambda page: page.stem
)
def test_the_files_that_a_contributor_is_sent_to_are_there(page: Path) -> None:
    named = files_named(page.read_text(encoding="utf-8"))
    assert len(named) >= 5
    assert [name for name in named if not (ROOT / name).exists()] == []


def files_named(text: str) -> list[str]:
    """What stands between backquotes and is a path, without those that are to be made."""
    quoted = re.findall(r"`([\w./<>…-]+)`", text)
    return [name for name in quoted if re.search(r"/|\.(?:md|toml|py)$", name) and "<" not in name
            and not name.startswith("/")]  # fmt: skip


def test_a_file_that_is_not_there_would_be_found() -> None:
    text = "`bot/no_such.py`, `/help`, `setting`, `adapters/<chat>/…` and `pyproject.toml`"
    assert files_named(text) == ["bot/no_such.py", "pyproject.toml"]
