"""Official documents as PDF and Word, in the proportions of GB/T 9704-2012 (EXP-03, EXP-04).

A4 with margins of 37, 35, 28 and 26 mm, a type area of 156 x 225 mm, 22 lines of 28 characters of
size 3, page numbers outside, an optional red head, and the place of the seal on name and date.
The PDF is set by Typst with the fonts of the machine, the Word file names the fonts of the
standard (仿宋_GB2312, 方正小标宋简体), which an office has and may not be given away.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import segno
import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

PDF: Final = "application/pdf"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEMPLATE: Final = Path(__file__).parent / "data" / "official.typ"
BODY, HEADING = "仿宋_GB2312", "方正小标宋简体"
SIZE: Final = 16.0
"""Size 3 in points."""
LINES, CHARACTERS = 22, 28
FONTS: Final = (
    "FangSong_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC",
)  # fmt: skip
"""As the template names them, in their order."""
_HEIGHT, _WIDTH = Mm(225), Mm(156)
_RED: Final = RGBColor(0xD7, 0x00, 0x0F)


@dataclass(frozen=True)
class Official:
    """What a document says. `check` stands beside the QR code `address`; `seal` marks its place."""

    issuer: str
    number: str
    title: str
    issued_on: str
    paragraphs: Sequence[str]
    addressee: str = ""
    red_head: bool = False
    address: str = ""
    check: Sequence[str] = ()
    seal: str = ""
    notes: Sequence[str] = ()
    revoked: str = ""


def chinese_font() -> str:
    """The first font of the template that this machine has; empty when it has none."""
    here = set(typst.Fonts().families())
    return next((one for one in FONTS if one in here), "")


def as_pdf(document: Official) -> bytes:
    """The document as PDF/A, for print and archive."""
    said = {**asdict(document), "qr": _qr(document.address), "fonts": FONTS}
    set_: bytes = typst.compile(
        str(TEMPLATE), sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
        pdf_standards="a-2b",
    )  # fmt: skip
    return set_


def _qr(address: str) -> str:
    if not address:
        return ""
    return str(segno.make(address, error="m").svg_inline(border=1, scale=4))


def as_word(document: Official) -> bytes:
    """The document as Word, on a grid of 22 lines of 28 characters, to be sent and edited."""
    file = Document()
    _lay_out(file)
    if document.red_head:
        _head(file, document)
    _line(file, document.title, size=22, font=HEADING, bold=True, align="CENTER")
    if not document.red_head:
        _line(file, document.number, align="CENTER")
    _line(file, "")
    if document.addressee:
        _line(file, f"{document.addressee}：")
    for text in document.paragraphs:
        _line(file, text, indent=True)
    _end(file, document)
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


def _lay_out(file: Any) -> None:
    section, normal = file.sections[0], file.styles["Normal"]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(35 - 7) - Pt(14)
    normal.font.size, normal.font.name = Pt(SIZE), BODY
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    normal.paragraph_format.space_after = Pt(0)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(round(_HEIGHT.twips / LINES)))
    # In 4096ths of a point, what each character is wider or narrower than its size.
    grid.set(qn("w:charSpace"), str(round((_WIDTH.pt / CHARACTERS - SIZE) * 4096)))
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(grid)
    file.settings.odd_and_even_pages_header_footer = True
    _page_number(section.footer, WD_ALIGN_PARAGRAPH.RIGHT)
    _page_number(section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)


def _page_number(footer: Any, side: Any) -> None:
    """— 1 —, one character from the outer edge."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    indent = paragraph.paragraph_format
    indent.left_indent, indent.right_indent = Pt(14), Pt(14)
    _run(paragraph, "— ", 14)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    inner = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    inner.append(text)
    field.append(inner)
    paragraph._p.append(field)
    _run(paragraph, " —", 14)


def _run(
    paragraph: Any, text: str, size: float = SIZE, *, font: str = BODY, bold: bool = False
) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name, run.font.bold = Pt(size), font, bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _line(
    file: Any, text: str, *, size: float = SIZE, font: str = BODY, bold: bool = False,
    align: str = "JUSTIFY", indent: bool = False,
) -> Any:  # fmt: skip
    paragraph = file.add_paragraph()
    paragraph.alignment = getattr(WD_ALIGN_PARAGRAPH, align)
    shape = paragraph.paragraph_format
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(_HEIGHT.pt / LINES * (1.3 if size > SIZE else 1))
    if indent:
        shape.first_line_indent = Pt(2 * SIZE)
    _run(paragraph, text, size, font=font, bold=bold)
    return paragraph


def _head(file: Any, document: Official) -> None:
    """The name of the issuer in red, the number two lines below, and the red line."""
    mark = _line(file, document.issuer, size=30, font=HEADING, bold=True, align="CENTER")
    mark.paragraph_format.space_before = Mm(35 - 25)
    mark.runs[0].font.color.rgb = _RED
    _line(file, "")
    number = _line(file, document.number, align="CENTER")
    borders, below = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "11"), ("color", "D7000F")):
        below.set(qn(f"w:{name}"), value)
    borders.append(below)
    number._p.get_or_add_pPr().append(borders)
    _line(file, "")


def _end(file: Any, document: Official) -> None:
    """Place of the seal, name and date four characters from the right, QR code, notes."""
    _line(file, "")
    for text, size in ((document.seal, 10.5), (document.issuer, SIZE), (document.issued_on, SIZE)):
        if text:
            _line(file, text, size=size, align="RIGHT").paragraph_format.right_indent = Pt(4 * SIZE)
    if document.address:
        picture = io.BytesIO()
        segno.make(document.address, error="m").save(picture, kind="png", scale=6, border=1)
        picture.seek(0)
        file.add_paragraph().add_run().add_picture(picture, width=Mm(24))
        for text in document.check:
            _line(file, text, size=10.5, align="LEFT")
    for text in (*document.notes, document.revoked):
        if text:
            _line(file, f"（{text}）", indent=True)
