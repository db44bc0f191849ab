"""Calendar and parameters as CSV files: read with row-level errors, written for download."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.rules.wording import listed

from .actions import load_calendar_days, load_parameter_rows
from .acts import Actor
from .errors import Refused
from .models import CalendarDay, JournalLine, Parameter
from .models.law import Confidence, DayKind
from .rules.chinese import clean_text
from .rules.rights import name_of

Progress = Callable[[int, int | None], None]
Row = dict[str, str]
T = TypeVar("T")

DATA: Final = Path(__file__).parent / "data"
CALENDAR_COLUMNS: Final = ("date", "kind", "name", "name_en", "provisional", "source")
PARAMETER_COLUMNS: Final = (
    "rule_id", "jurisdiction", "effective_from", "effective_to", "value", "unit", "source",
    "confidence", "name", "name_en", "note",
)  # fmt: skip
MOST_FAULTS: Final = 20
LARGEST: Final = 10 * 1024 * 1024  # bytes: a century of holidays is under one


@dataclass(frozen=True)
class CommandLine:
    """Whoever sits at the server's own command line: journaled as the system."""

    user_id: int | None = None
    post_id: int | None = None
    label: str = "系统"

    def must(self, permission: str, subject: Any) -> None:
        """May: who reaches the server's shell reaches the database too."""


class _Unreadable(ValueError):
    """One cell that cannot be taken over: column, value, cure."""

    def __init__(self, column: str, value: str, cure: str) -> None:
        super().__init__(cure)
        self.column, self.value, self.cure = column, value, cure


def load_calendar(
    path: Path | str, progress: Progress | None = None, *, by: Actor | None = None
) -> int:
    """Take over a calendar file; gives the number of days. Raises Refused naming each bad row."""
    rows = read_calendar(Path(path).read_bytes(), progress)
    load_calendar_days(CalendarDay(), rows=rows, by=by or CommandLine())
    return len(rows)


def load_parameters(
    path: Path | str, progress: Progress | None = None, *, by: Actor | None = None
) -> int:
    """Add the values of a parameter file; gives the rows read. Raises Refused naming each bad row."""
    rows = read_parameters(Path(path).read_bytes(), progress)
    load_parameter_rows(Parameter(), rows=rows, by=by or CommandLine())
    return len(rows)


def read_calendar(data: bytes, progress: Progress | None = None) -> list[CalendarDay]:
    """The days of a CSV file in UTF-8 or GBK. Raises Refused naming row, column, value and cure."""
    days = _read(data, CALENDAR_COLUMNS[:2], _day, progress)
    seen: set[date] = set()
    for day in days:
        if day.date in seen:
            raise Refused("twice", _("%(day)s 在文件中出现两次，请删去一行。") % {"day": day.date})
        seen.add(day.date)
    return days


def read_parameters(data: bytes, progress: Progress | None = None) -> list[Parameter]:
    """The values of a CSV file, as `read_calendar`."""
    return _read(data, ("rule_id", "effective_from", "value", "source", "name"), _value, progress)


def write_calendar(days: Iterable[CalendarDay]) -> str:
    """CSV with a byte order mark, so that spreadsheet programs read the Chinese."""
    return _write(
        CALENDAR_COLUMNS,
        ([d.date, d.kind, d.name, d.name_en, int(d.provisional), d.source] for d in days),
    )


def write_parameters(rows: Iterable[Parameter]) -> str:
    """CSV of parameter rows, values as JSON."""
    cells = (
        [
            json.dumps(row.value, ensure_ascii=False) if column == "value"
            else getattr(row, column) or ""
            for column in PARAMETER_COLUMNS
        ]
        for row in rows
    )  # fmt: skip
    return _write(PARAMETER_COLUMNS, cells)


def write_journal(lines: Iterable[JournalLine]) -> str:
    """CSV of journal lines; text that a spreadsheet would run as a formula is made harmless."""
    heads = ("id", "at", "act", "by", "subject", "number", "division", "facts", "reason", "address")
    cells = (
        [
            line.pk,
            timezone.localtime(line.at).isoformat(timespec="seconds"),
            name_of(line.act),
            *(
                _harmless(str(part or ""))
                for part in (
                    line.by, line.subject_model, line.subject_id, line.division_key,
                    json.dumps(line.facts, ensure_ascii=False), line.reason, line.address,
                )
            ),
        ]
        for line in lines
    )  # fmt: skip
    return _write(heads, cells)


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t" and text else text


def _write(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return "\ufeff" + out.getvalue()


def _read(
    data: bytes, needed: Iterable[str], make: Callable[[Row], T], progress: Progress | None
) -> list[T]:
    rows = _rows(_text(data), set(needed))
    made: list[T] = []
    faults: list[str] = []
    for number, row in enumerate(rows, 2):
        try:
            made.append(make(row))
        except _Unreadable as fault:
            faults.append(
                _("第 %(row)s 行“%(column)s”列的“%(value)s”：%(cure)s")
                % {"row": number, "column": fault.column, "value": fault.value[:40],
                   "cure": fault.cure}
            )  # fmt: skip
            if len(faults) >= MOST_FAULTS:
                break
    if faults:
        raise Refused("rows", "\n".join(faults))
    if progress:
        progress(len(made), len(made))
    return made


def _text(data: bytes) -> str:
    if len(data) > LARGEST:
        raise Refused("too_large", _("文件太大，请确认选对了文件。"))
    if data[:4] == b"PK\x03\x04" or b"\0" in data[:4096]:
        raise Refused("not_csv", _("这不是 CSV 文件。请在表格软件里另存为 CSV 再上传。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("encoding", _("文字编码无法识别，请另存为 UTF-8 编码的 CSV。"))


def _rows(text: str, needed: set[str]) -> list[Row]:
    reader = csv.DictReader(io.StringIO(text))
    missing = needed - {(name or "").strip() for name in reader.fieldnames or []}
    if missing:
        raise Refused(
            "columns",
            _("缺少列：%(names)s。请用下载的文件作模板。") % {"names": listed(sorted(missing))},
        )
    try:
        return [
            {(key or "").strip(): clean_text(str(value or "")) for key, value in row.items()}
            for row in reader
        ]
    except csv.Error:
        raise Refused("not_csv", _("这不是 CSV 文件。请在表格软件里另存为 CSV 再上传。")) from None


def _date(row: Row, column: str) -> date:
    try:
        return date.fromisoformat(row.get(column, "").replace("/", "-"))
    except ValueError:
        cure = _("请写成 2026-10-01 的样子。")
        raise _Unreadable(column, row.get(column, ""), cure) from None


def _choice(row: Row, column: str, choices: Iterable[str]) -> str:
    value = row.get(column, "")
    allowed = list(choices)
    if value not in allowed:
        cure = _("只能是 %(choices)s 之一。") % {"choices": listed(allowed)}
        raise _Unreadable(column, value, cure)
    return value


def _day(row: Row) -> CalendarDay:
    return CalendarDay(
        date=_date(row, "date"),
        kind=_choice(row, "kind", (DayKind.HOLIDAY, DayKind.MAKEUP)),
        name=row.get("name", "")[:40],
        name_en=row.get("name_en", "")[:60],
        provisional=row.get("provisional", "") in ("1", "true", "TRUE", "是"),
        source=row.get("source", "")[:300],
    )


def _value(row: Row) -> Parameter:
    try:
        value = json.loads(row.get("value", ""))
    except ValueError:
        cure = _("文字请加英文双引号，数字直接写。")
        raise _Unreadable("value", row.get("value", ""), cure) from None
    if not row.get("rule_id"):
        raise _Unreadable("rule_id", "", _("请填写规则编号。"))
    return Parameter(
        rule_id=row["rule_id"][:60],
        jurisdiction=row.get("jurisdiction", "")[:12],
        effective_from=_date(row, "effective_from"),
        effective_to=_date(row, "effective_to") if row.get("effective_to") else None,
        value=value,
        unit=row.get("unit", "")[:30],
        source=row["source"][:300],
        confidence=_choice(row, "confidence", Confidence.values),
        name=row["name"][:200],
        name_en=row.get("name_en", "")[:200],
        note=row.get("note", "")[:500],
    )
