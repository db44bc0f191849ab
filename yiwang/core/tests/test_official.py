"""The proportions of GB/T 9704-2012, measured in the files themselves (EXP-03)."""

import io
from ctypes import c_double

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdfium2 import raw

from yiwang.core.official import Official, as_pdf, as_word

MM = 72 / 25.4
LONG = "经入户核实部门会审和公示你户符合住房修缮困难补助的条件准予一次性补助人民币六千元整" * 60
PAPER = Official(
    issuer="南通市崇川区民政局", number="崇川区民政局〔2026〕17号", title="住房修缮困难补助批准通知书",
    issued_on="2026年11月30日", addressee="徐凤楼", paragraphs=[LONG], red_head=True,
    address="https://yiwang.example/verify/ABCDEFGHJKLM/", check=("扫码核验真伪", "核验码 ABCD"),
    seal="（加盖公章处）",
)  # fmt: skip


@pytest.fixture(scope="module")
def pdf() -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(as_pdf(PAPER))


def lines_of(page) -> dict[int, list[tuple[float, float]]]:
    """Left and right edge of every character of 16 pt in mm, by its baseline in mm from the top."""
    text = page.get_textpage()
    found: dict[int, list[tuple[float, float]]] = {}
    for at in range(text.count_chars()):
        left, _bottom, right, _top = text.get_charbox(at, loose=True)
        if text.get_text_range(at, 1).strip() and 15 < right - left < 17:
            x, y = c_double(), c_double()
            raw.FPDFText_GetCharOrigin(text, at, x, y)
            line = round((page.get_height() - y.value) / MM)
            found.setdefault(line, []).append((left / MM, right / MM))
    return found


def test_a_page_has_22_lines_of_28_characters_inside_its_margins(pdf):
    page = pdf[1]  # all text: the head stands on the first
    assert [round(side / MM) for side in page.get_size()] == [210, 297]
    lines = lines_of(page)
    assert len(lines) == 22
    assert {len(line) for line in lines.values()} == {28}
    chars = [char for line in lines.values() for char in line]
    assert min(left for left, _right in chars) == pytest.approx(28, abs=0.5)
    assert max(right for _left, right in chars) == pytest.approx(210 - 26, abs=0.5)
    baselines = sorted(lines)
    assert (baselines[-1] - baselines[0]) / 21 == pytest.approx(225 / 22, abs=0.1)
    assert 37 < baselines[0] < 37 + 225 / 22
    assert 297 - 35 - 225 / 22 < baselines[-1] < 297 - 35


def test_the_pages_are_numbered_outside_and_the_head_is_red(pdf):
    first, second = pdf[0], pdf[1]
    for page, outside, number in ((first, True, "1"), (second, False, "2")):
        text = page.get_textpage()
        left, bottom, *_rest = text.get_charbox(text.get_text_range().rindex(number))
        assert (left / MM > 105) is outside
        assert bottom / MM < 35
    # Of all pixels, those of the head and its line are red.
    picture = first.render(scale=1).to_pil().convert("RGB")
    counted = picture.getcolors(picture.width * picture.height)
    assert sum(many for many, (red, *others) in counted if red > 180 and max(others) < 60) > 400


def test_word_has_the_same_sheet_margins_and_grid():
    file = Document(io.BytesIO(as_word(PAPER)))
    section = file.sections[0]
    sheet = (section.page_width, section.page_height)
    margins = (
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin
    )  # fmt: skip
    assert [round(one.mm) for one in sheet if one] == [210, 297]
    assert [round(one.mm) for one in margins if one] == [37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    width = 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert round(225 * MM / pitch, 1) == 22
    assert round(156 * MM / width, 1) == 28
    assert [one.text for one in file.paragraphs if "六千元" in one.text] == [LONG]
    assert file.styles["Normal"].font.size.pt == 16
