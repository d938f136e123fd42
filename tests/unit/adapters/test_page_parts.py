"""What the local page makes of headers: ranges, names, hosts."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.web.audio import RangeOutside, disposition, wanted_range
from adapters.web.guard import doors_of
from adapters.web.uploads import safe_name


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, None),
        ("bytes=0-", range(100)),
        ("bytes=10-19", range(10, 20)),
        (" bytes=90-200 ", range(90, 100)),
        ("bytes=-10", range(90, 100)),
        ("bytes=-200", range(100)),
        ("bytes=99-99", range(99, 100)),
        ("bytes=5-4", None),  # nonsense is ignored, as RFC 9110 wants
        ("bytes=-", None),
        ("lines=1-2", None),
        ("bytes=0-1,5-6", None),  # several: the whole is a right answer
        ("bytes=٣-", None),
        ("bytes=" + "9" * 40 + "-", None),
    ],
)
def test_a_range_is_understood(header: str | None, wanted: range | None) -> None:
    assert wanted_range(header, 100) == wanted


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_beyond_the_end_is_outside(header: str) -> None:
    with pytest.raises(RangeOutside):
        wanted_range(header, 100)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("bees.pdf", "bees.pdf"),
        ("Über Bienen (2026).pdf", "Über Bienen (2026).pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\bees.pdf", "bees.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("bees\u202efdp.exe", "beesfdp.exe"),
        ("..", "document.pdf"),
        ("  ", "document.pdf"),
        ("", "document.pdf"),
        ("x" * 500, "x" * 200),
    ],
)
def test_a_name_that_was_sent_is_a_name_and_nothing_else(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept


@given(st.text())
def test_a_content_disposition_is_one_line_of_ascii(name: str) -> None:
    header = disposition(safe_name(name))
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


@given(st.text())
@example("[")
@example("")
def test_no_header_is_too_strange_to_be_refused(host: str) -> None:
    doors = doors_of("127.0.0.1", is_loopback=True)
    assert doors.knows(host) in (True, False)
    assert not doors.is_own(f"http://{host}", scheme="http", host="127.0.0.1:1")
