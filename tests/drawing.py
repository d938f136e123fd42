"""Small real PDFs, drawn with PyMuPDF as a test needs them. Coordinates in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pymupdf

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 72.0
BODY_PT, LEADING = 10.0, 1.25
REGULAR, BOLD, ITALIC, MONO = "helv", "hebo", "heit", "cour"


@dataclass(slots=True)
class Sheet:
    """A document that is written from top to bottom; text wraps, pages break."""

    header: str = ""  # a running head
    has_page_numbers: bool = False
    outline: list[list[Any]] = field(default_factory=list)
    pdf: Any = field(default_factory=pymupdf.open)
    page: Any = None
    y: float = 0.0

    def __post_init__(self) -> None:
        self.new_page()

    def new_page(self) -> None:
        self.page = self.pdf.new_page(width=WIDTH, height=HEIGHT)
        self.y = MARGIN
        if self.header:
            self.page.insert_text((MARGIN, 40), self.header, fontsize=8, fontname=REGULAR)
        if self.has_page_numbers:
            number = str(self.pdf.page_count)
            self.page.insert_text((WIDTH / 2, HEIGHT - 36), number, fontsize=8, fontname=REGULAR)

    def line(
        self, text: str, *, size: float = BODY_PT, font: str = REGULAR, x: float = MARGIN
    ) -> None:
        """One line as it stands."""
        if self.y > HEIGHT - MARGIN:
            self.new_page()
        self.page.insert_text((x, self.y), text, fontsize=size, fontname=font)
        self.y += size * LEADING

    def space(self, points: float) -> None:
        self.y += points

    def heading(self, text: str, *, size: float = 14.0, font: str = BOLD, level: int = 0) -> None:
        """`level` > 0 puts it into the outline too."""
        if self.y > HEIGHT - 2 * MARGIN:
            self.new_page()
        self.space(10)
        if level:
            self.outline.append(
                [level, text, self.pdf.page_count, {"kind": 1, "to": pymupdf.Point(0, self.y - 14)}]
            )
        self.line(text, size=size, font=font)
        self.space(4)

    def paragraph(
        self,
        text: str,
        *,
        size: float = BODY_PT,
        font: str = REGULAR,
        x: float = MARGIN,
        width: float = WIDTH - 2 * MARGIN,
    ) -> None:
        for line in wrapped(text, width, size, font):
            self.line(line, size=size, font=font, x=x)
        self.space(6)

    def columns(self, left: Sequence[str], right: Sequence[str]) -> None:
        """Two columns of paragraphs from here to the page's end."""
        top, width = self.y, (WIDTH - 2 * MARGIN - 24) / 2
        for x, paragraphs in ((MARGIN, left), (MARGIN + width + 24, right)):
            self.y = top
            for paragraph in paragraphs:
                self.paragraph(paragraph, x=x, width=width)

    def run_in(self, head: str, text: str, *, font: str = BOLD) -> None:
        """A heading that its paragraph follows on the same line."""
        used = pymupdf.get_text_length(f"{head} ", fontname=font, fontsize=BODY_PT)
        first, *rest = wrapped(f"{head} {text}", WIDTH - 2 * MARGIN)
        self.page.insert_text((MARGIN, self.y), head, fontsize=BODY_PT, fontname=font)
        self.page.insert_text((MARGIN + used, self.y), first[len(head) + 1 :], fontsize=BODY_PT)
        self.y += BODY_PT * LEADING
        for line in rest:
            self.line(line)
        self.space(6)

    def box(self, *, height: float, fill: tuple[float, float, float]) -> None:
        """A filled rectangle over the width of the text, behind what is written next."""
        area = pymupdf.Rect(MARGIN, self.y - 12, WIDTH - MARGIN, self.y - 12 + height)
        self.page.draw_rect(area, color=None, fill=fill)

    def picture(self, area: tuple[float, float, float, float]) -> None:
        """An opaque picture."""
        pixels = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 40, 40))
        pixels.set_rect(pixels.irect, (90, 140, 90))
        self.page.insert_image(pymupdf.Rect(area), pixmap=pixels, keep_proportion=False)

    def save(self, path: Path, **options: Any) -> Path:
        if self.outline:
            self.pdf.set_toc(self.outline)
        self.pdf.save(path, **options)
        self.pdf.close()
        return path


def wrapped(text: str, width: float, size: float = BODY_PT, font: str = REGULAR) -> list[str]:
    """Lines no wider than `width`."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and pymupdf.get_text_length(longer, fontname=font, fontsize=size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


BEES = (
    "Honey bees find their way home over many kilometres. They remember the sun, the wind and the "
    "shape of the hills they have crossed. A young worker learns the way on a few short flights "
    "and never forgets it afterwards."
)
DANCE = (
    "On the comb a returning bee dances for her sisters. The angle of her run tells the direction "
    "of the flowers, and the length of it tells how far away they are. Others follow her closely "
    "and then leave the hive to look for themselves."
)
HONEY = (
    "What they bring home is thin at first and full of water. The bees fan it with their wings "
    "until it is thick enough to keep through the winter. A strong colony may store more than "
    "thirty kilograms in a single good summer."
)
WINTER = (
    "In the cold months the colony hangs together in a ball and keeps its queen warm. Each bee "
    "spends a while at the outside and then moves inward again. When the first warm day comes "
    "they fly out together and the year begins anew."
)


def a_paper(
    path: Path, *, title: str = "How Bees Find Their Way Home", is_short: bool = False
) -> Path:
    """Title, authors, abstract, five numbered headings, references; no outline. On three pages, a
    short one on two."""
    sheet = Sheet(header="Journal of Small Animals 12 (2026)", has_page_numbers=True)
    sheet.line(title, size=20, font=BOLD)
    sheet.space(8)
    sheet.line("Ada Meyer, Tom Baker", size=11)
    sheet.space(10)
    parts: Sequence[tuple[str, str]] = (
        ("Abstract", BEES),
        ("1 Introduction", f"{DANCE} {HONEY}"),
        ("2 The dance", f"{DANCE} {WINTER} {BEES}"),
        ("2.1 Direction and distance", f"{DANCE} {BEES}"),
        ("3 Honey and winter", f"{HONEY} {WINTER} {DANCE}"),
        ("4 Discussion", f"{BEES} {HONEY}"),
    )
    for heading, text in parts:
        sheet.heading(heading)
        for paragraph in (text,) if is_short else (text, f"{WINTER} {text}"):
            sheet.paragraph(paragraph)
    sheet.heading("References")
    for number, who in enumerate(("Frisch", "Seeley", "Lindauer"), start=1):
        sheet.paragraph(f"[{number}] K. {who}. The language of bees. Press, {1950 + number}.")
    return sheet.save(path)


def a_locked(
    path: Path,
    *,
    password: str = "bees",
    owner: str = "queen",
    encryption: int = pymupdf.PDF_ENCRYPT_AES_256,
) -> Path:
    """Without a user's password (""), only what may be done with it is restricted."""
    sheet = Sheet()
    sheet.paragraph(BEES)
    sheet.paragraph(DANCE)
    return sheet.save(path, encryption=encryption, user_pw=password, owner_pw=owner, permissions=0)


def a_scan(path: Path, pages: int = 2) -> Path:
    """Pages that are pictures of text."""
    drawn = Sheet()
    drawn.paragraph(f"{BEES} {DANCE}")
    picture = drawn.page.get_pixmap(dpi=72).tobytes("png")
    pdf = pymupdf.open()
    for _ in range(pages):
        page = pdf.new_page(width=WIDTH, height=HEIGHT)
        page.insert_image(page.rect, stream=picture)
    pdf.save(path)
    pdf.close()
    return path


def an_empty(path: Path) -> Path:
    """A page, and nothing on it."""
    return Sheet().save(path)


def a_gibberish(path: Path) -> Path:
    """Text whose characters mean nothing: as from a font without a map to Unicode."""
    sheet = Sheet()
    cipher = str.maketrans("aeiouthnsrdlcmbfgpwvyk", "qxzkjbcdfghlmnpqrstvwx")
    sheet.paragraph(" ".join([BEES, DANCE, HONEY, WINTER]).lower().translate(cipher))
    return sheet.save(path)


def a_truncated(path: Path, size: int = 400) -> Path:
    """The beginning of a PDF: the rest did not come through."""
    whole = a_paper(path).read_bytes()
    path.write_bytes(whole[:size])
    return path


def rasterised(
    path: Path, *, only: set[int] | None = None, dpi: int = 200, degrees: float = 0.0
) -> Path:
    """The same file with its pages (or `only` some, from 0) as pictures, turned by `degrees`."""
    zoom = dpi / 72
    out = path.with_name(f"scanned-{path.name}")
    with pymupdf.open(path) as drawn, pymupdf.open() as pdf:
        for page in drawn:
            if only is not None and page.number not in only:
                pdf.insert_pdf(drawn, from_page=page.number, to_page=page.number)
                continue
            turned = pymupdf.Matrix(zoom, zoom).prerotate(degrees)
            pixels = page.get_pixmap(matrix=turned, colorspace=pymupdf.csGRAY)
            sheet = pdf.new_page(width=pixels.width / zoom, height=pixels.height / zoom)
            sheet.insert_image(sheet.rect, stream=pixels.tobytes("png"))
        pdf.save(out)
    return out
