"""A result as a document, its code at the window, and what stands behind its QR code (SVC-07)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.official import Official
from yiwang.core.reads import parameter
from yiwang.core.rules.wording import grouped
from yiwang.core.vault import keyed_hash
from yiwang.matters.models import Matter, Result
from yiwang.matters.rules.delivery import DIGITS


def pickup_code(result: Result) -> str:
    """What a person says to collect a result: six digits, made from its code and a secret key."""
    digest = keyed_hash("matters.pickup", result.code)
    return f"{int.from_bytes(digest, 'big') % 10**DIGITS:0{DIGITS}d}"


def is_locked(result: Result, now: datetime) -> bool:
    """Whether too many wrong codes were said lately."""
    until = result.pickup_locked_until
    return until is not None and until > now


def result_by_code(code: str) -> Result | None:
    """The result behind a verification code, as printed: case and dashes do not matter."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    rows = Result.objects.select_related("unit", "matter__resident")
    return rows.filter(code=plain).first()


@dataclass(frozen=True)
class Verified:
    """What everybody may know of a result who holds its code: never the text."""

    number: str
    title: str
    unit: str
    issued_on: date
    name: str
    granted: bool
    revoked_on: date | None
    reason: str

    @property
    def valid(self) -> bool:
        return self.revoked_on is None


def verified(result: Result) -> Verified:
    """Number, kind, unit, date and masked name; and whether it still holds."""
    revoked = result.revoked_at
    return Verified(
        result.number, result.title, result.unit.label, result.issued_on,
        result.matter.resident.masked_name, result.granted,
        timezone.localdate(revoked) if revoked else None, result.revoked_why,
    )  # fmt: skip


def chinese_day(day: date) -> str:
    """As an official document writes it, whatever the reader's language."""
    return f"{day.year}年{day.month}月{day.day}日"


def official_result(matter: Matter, address: str, name: str) -> Official:
    """The result as an official document; always Chinese. `name` is who it is addressed to."""
    result: Any = matter.result
    accepted = chinese_day(timezone.localdate(matter.accepted_at))
    asked = (
        f"您于{accepted}提出的“{matter.item.title}”申请"
        f"（编号{matter.display_number}），现作出如下决定："
    )
    said = [line.strip() for line in result.text.splitlines() if line.strip()]
    decided = "准予办理。" if result.granted else "不予办理。"
    remedy = (
        "如对本决定不服，可以自收到本决定书之日起依法申请行政复议，或者向人民法院提起行政诉讼。"
    )
    phone = result.unit.phone
    return Official(
        issuer=result.unit.name,
        number=result.number,
        title=result.title,
        issued_on=chinese_day(result.issued_on),
        addressee=name,
        paragraphs=[asked, decided, *said, *([] if result.granted else [remedy])],
        red_head=bool(parameter("matters.red_head")),
        address=address,
        check=("扫码核验真伪", f"核验码 {grouped(result.code)}"),
        seal="（加盖公章处）",
        notes=[f"联系电话：{phone}"] if phone else [],
        revoked="已撤销" if result.revoked_at else "",
    )


def file_name(result: Result) -> str:
    """What the document is called when it is saved."""
    return _("结果文书 %(number)s") % {"number": result.number}
