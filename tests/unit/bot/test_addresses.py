"""Addresses in messages, and where the file lies behind known pages."""

from __future__ import annotations

import time

import pytest

from bot.addresses import LONGEST, address_in, direct

PLAIN = "https://example.org/a.pdf"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (PLAIN, PLAIN),
        ("HTTP://Example.org/A.PDF", "HTTP://Example.org/A.PDF"),
        (f"read this: {PLAIN}.", PLAIN),
        (f"({PLAIN})", PLAIN),
        (f"[the paper]({PLAIN}), please", PLAIN),
        (f"“{PLAIN}”!", PLAIN),
        (f"**{PLAIN}**", PLAIN),
        (f"<{PLAIN}>", PLAIN),
        (f"<{PLAIN}|a paper>", PLAIN),
        (f"请看{PLAIN},谢谢", f"{PLAIN},谢谢"),
        (f"请看{PLAIN},谢谢。", f"{PLAIN},谢谢"),
        (f"请看{PLAIN}。谢谢", PLAIN),
        (f"{PLAIN}\u3000と", PLAIN),
        ("https://example.org/Bee_(insect)", "https://example.org/Bee_(insect)"),
        ("(https://example.org/Bee_(insect))", "https://example.org/Bee_(insect)"),
        ("https://bücher.example/über bees", "https://bücher.example/über"),
        ("https://example.org/a?b=c&d=e|f#page=3", "https://example.org/a?b=c&d=e|f#page=3"),
        ("http://[2001:db8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
        (f"{PLAIN} and https://example.org/b.pdf", PLAIN),
        (f"http://[ is broken, {PLAIN} is not", PLAIN),
        ("see arxiv.org/abs/1503.02531v2.", "https://arxiv.org/abs/1503.02531v2"),
        ("www.arxiv.org/pdf/1503.02531.pdf", "https://www.arxiv.org/pdf/1503.02531.pdf"),
        ("arXiv:1503.02531 [stat.ML]", "https://arxiv.org/abs/1503.02531"),
        ("arxiv: hep-th/9901001", "https://arxiv.org/abs/hep-th/9901001"),
        ("论文arXiv:1503.02531", "https://arxiv.org/abs/1503.02531"),
        ("", None),
        ("next", None),
        ("https://", None),
        ("https://...", None),
        ("http://[::1", None),
        ("http://example.org:99999/", None),
        ("ftp://example.org/a.pdf", None),
        ("file:///etc/passwd", None),
        ("example.org/a.pdf", None),
        ("ada@arxiv.org/abs/1503.02531", None),
        ("arXiv:soon", None),
        ("https://example.org/" + "a" * LONGEST, None),
    ],
)
def test_the_address_in_a_message(text: str, address: str | None) -> None:
    assert address_in(text) == address


@pytest.mark.parametrize(
    "piece", ["http://(", "<http://", "arxiv:", "https://a)", ")", "arxiv.org/"]
)
def test_a_long_message_of_nearly_addresses_is_read_at_once(piece: str) -> None:
    begun = time.process_time()
    address_in("https://a" + piece * 20_000)
    address_in((piece + " ") * 20_000)
    assert time.process_time() - begun < 2


ARXIV = "https://arxiv.org/pdf/1503.02531"
OPENREVIEW = "https://openreview.net/pdf?id=rkE3y85ee"
DRIVE = "https://drive.google.com/uc?export=download&id=1a-B_c"
PREPRINT = "10.1101/2020.03.22.002386v3"


@pytest.mark.parametrize(
    ("page", "file"),
    [
        ("https://arxiv.org/abs/1503.02531", ARXIV),
        ("http://www.arxiv.org/abs/1503.02531/", ARXIV),
        ("https://export.arxiv.org/abs/1503.02531?context=cs", ARXIV),
        ("https://ARXIV.org/html/1503.02531v1#S2", f"{ARXIV}v1"),
        ("https://arxiv.org/abs/hep-th/9901001", "https://arxiv.org/pdf/hep-th/9901001"),
        ("https://arxiv.org/abs/math.GT/0309136v1", "https://arxiv.org/pdf/math.GT/0309136v1"),
        (ARXIV, ARXIV),
        ("https://openreview.net/forum?id=rkE3y85ee", OPENREVIEW),
        ("https://openreview.net/forum?noteId=x&id=rkE3y85ee&referrer=y", OPENREVIEW),
        ("https://aclanthology.org/P17-1001/", "https://aclanthology.org/P17-1001.pdf"),
        (
            "https://aclanthology.org/2020.acl-main.1",
            "https://aclanthology.org/2020.acl-main.1.pdf",
        ),
        ("https://aclanthology.org/P17-1001.pdf", "https://aclanthology.org/P17-1001.pdf"),
        ("https://aclanthology.org/events/acl-2020/", "https://aclanthology.org/events/acl-2020/"),
        (
            f"https://www.biorxiv.org/content/{PREPRINT}",
            f"https://www.biorxiv.org/content/{PREPRINT}.full.pdf",
        ),
        (
            f"https://medrxiv.org/content/{PREPRINT}.full",
            f"https://www.medrxiv.org/content/{PREPRINT}.full.pdf",
        ),
        (
            "https://github.com/ada/bees/blob/main/papers/bees.pdf?plain=1",
            "https://github.com/ada/bees/raw/main/papers/bees.pdf",
        ),
        (
            "https://github.com/ada/bees/blob/main/bees.py",
            "https://github.com/ada/bees/blob/main/bees.py",
        ),
        (
            "https://www.dropbox.com/scl/fi/x/bees.pdf?rlkey=y&dl=0",
            "https://www.dropbox.com/scl/fi/x/bees.pdf?rlkey=y&dl=1",
        ),
        ("https://www.dropbox.com/s/x/bees.pdf?dl=0", "https://www.dropbox.com/s/x/bees.pdf?dl=1"),
        ("https://drive.google.com/file/d/1a-B_c/view?usp=sharing", DRIVE),
        ("https://drive.google.com/file/u/0/d/1a-B_c", DRIVE),
        ("https://drive.google.com/open?id=1a-B_c", DRIVE),
        ("https://example.org/a.pdf#page=3", "https://example.org/a.pdf"),
        (
            "https://example.org/?https://arxiv.org/abs/1503.02531",
            "https://example.org/?https://arxiv.org/abs/1503.02531",
        ),
        (
            "https://arxiv.org.example/abs/1503.02531",
            "https://arxiv.org.example/abs/1503.02531",
        ),
    ],
)
def test_the_file_behind_a_page(page: str, file: str) -> None:
    assert direct(page) == file
    assert direct(file) == file
