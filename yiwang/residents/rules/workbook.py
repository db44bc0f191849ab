"""Spreadsheets as files: their sheets as text, and the cells that hold no usable value."""

import io
import re
import zipfile
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import fastexcel
import polars as pl

ZIP: Final = b"PK\x03\x04"
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MOST_UNPACKED: Final = 600 * 1024 * 1024
_MOST_MERGED: Final = 20000

_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*[^/]>')
_FORMULA_WITHOUT_VALUE = re.compile(
    rb'<c r="([A-Z]+)(\d+)"[^>]*><f(?:>[^<]*</f>|[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>'
)
_FORMULA_ERROR = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]* t="e"')
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_SHEET = re.compile(rb'<sheet [^>]*?name="[^"]*"[^>]*?r:id="([^"]+)"')
_TARGET = re.compile(rb"<Relationship [^>]*?>")


class NotAWorkbook(ValueError):
    """Bytes that hold no readable workbook; `code` is password, damaged or other."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True)
class Cells:
    """Where the used part of a sheet begins, and the cells (row, position, why) without value."""

    first_row: int
    spoilt: list[tuple[int, int, str]]


@dataclass(frozen=True)
class Book:
    """An opened workbook."""

    reader: Any
    parts: list[bytes]

    @property
    def names(self) -> list[str]:
        return list(self.reader.sheet_names)

    def rows(self, at: int) -> pl.DataFrame:
        """A sheet as text, from the first used row and column on."""
        try:
            sheet = self.reader.load_sheet(at, header_row=None, dtypes="string")
            frame: pl.DataFrame = sheet.to_polars()
        except Exception as fault:
            raise NotAWorkbook("damaged") from fault
        return frame

    def cells(self, at: int) -> Cells:
        """What the plain text of a sheet does not tell; nothing for the old binary format."""
        if at >= len(self.parts):
            return Cells(1, [])
        part = self.parts[at]
        first = _CELL.search(part)
        first_row = int(first[2]) if first else 1
        if b"<f" not in part and b"<mergeCell " not in part and b't="e"' not in part:
            return Cells(first_row, [])
        left = min((_position(found[1]) for found in _CELL.finditer(part)), default=0)
        spoilt = [
            *_faults(part, _FORMULA_WITHOUT_VALUE, "formula"),
            *_faults(part, _FORMULA_ERROR, "error"),
        ]
        spoilt += _merged(part)
        return Cells(first_row, [(row, column - left, why) for row, column, why in spoilt])


def open_book(data: bytes) -> Book:
    """The workbook in these bytes. Raises NotAWorkbook."""
    if data.startswith(OLE) and _ENCRYPTED in data:
        raise NotAWorkbook("password")
    parts = _parts(data) if data.startswith(ZIP) else []
    try:
        return Book(fastexcel.read_excel(data), parts)
    except Exception as fault:
        code = "password" if "password" in str(fault).lower() else "damaged"
        raise NotAWorkbook(code) from fault


def _parts(data: bytes) -> list[bytes]:
    """The XML of each sheet, in the order of the sheets."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = {entry.filename: entry for entry in archive.infolist()}
            if sum(entry.file_size for entry in entries.values()) > _MOST_UNPACKED:
                raise NotAWorkbook("damaged")
            if "xl/workbook.xml" not in entries:
                raise NotAWorkbook("other")
            targets = _targets(archive.read("xl/_rels/workbook.xml.rels"))
            wanted = _SHEET.findall(archive.read("xl/workbook.xml"))
            names = [targets.get(relation, "") for relation in wanted]
            return [archive.read(name) if name in entries else b"" for name in names]
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError) as fault:
        raise NotAWorkbook("damaged") from fault


def _targets(relations: bytes) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for tag in _TARGET.findall(relations):
        key = re.search(rb'Id="([^"]+)"', tag)
        target = re.search(rb'Target="([^"]+)"', tag)
        if key and target:
            path = target[1].decode().lstrip("/")
            found[key[1]] = path if path.startswith("xl/") else f"xl/{path}"
    return found


def _faults(part: bytes, pattern: re.Pattern[bytes], why: str) -> list[tuple[int, int, str]]:
    return [(int(hit[2]), _position(hit[1]), why) for hit in pattern.finditer(part)]


def _merged(part: bytes) -> list[tuple[int, int, str]]:
    """Every cell that a merge swallowed: all of the area but its first."""
    swallowed = (
        (row, column, "merged")
        for left, top, right, bottom in _MERGED.findall(part)
        for row in range(int(top), int(bottom) + 1)
        for column in range(_position(left), _position(right) + 1)
        if (row, column) != (int(top), _position(left))
    )
    return list(islice(swallowed, _MOST_MERGED))


def _position(letters: bytes) -> int:
    """The number of a column: A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
