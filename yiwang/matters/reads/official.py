"""The other official documents of a matter: acceptance, correction, extension (EXP-03, SV-1, SV-2)."""

from collections.abc import Callable
from typing import Final

from django.utils import timezone

from yiwang.core.official import Official
from yiwang.core.reads import parameter
from yiwang.matters.models import Extension, Matter

from .results import chinese_day

SEAL: Final = "（加盖公章处）"
CHECK: Final = ("扫码查办理进度", "凭编号和电话末四位")


def _notice(matter: Matter, title: str, day: str, paragraphs: list[str], address: str) -> Official:
    """In the name of the unit that accepted, to the applicant; always Chinese."""
    unit = matter.acceptor_unit
    phone = unit.phone if unit else ""
    return Official(
        issuer=unit.name if unit else matter.division.name,
        number=matter.display_number, title=title, issued_on=day,
        addressee=matter.resident.name, paragraphs=paragraphs,
        red_head=bool(parameter("matters.red_head")), address=address, check=CHECK, seal=SEAL,
        notes=[f"联系电话：{phone}"] if phone else [],
    )  # fmt: skip


def _applied(matter: Matter) -> str:
    day = chinese_day(timezone.localdate(matter.accepted_at))
    return f"您于{day}提出的“{matter.item.title}”申请（编号{matter.display_number}）"


def _acceptance(matter: Matter, address: str) -> Official:
    due = chinese_day(timezone.localdate(matter.due_at))
    said = [f"{_applied(matter)}，经审查符合受理条件，现予受理。", f"承诺于{due}前办结。"]
    if matter.statutory_due_at:
        last = chinese_day(timezone.localdate(matter.statutory_due_at))
        said.append(f"法定办理期限至{last}。")
    day = chinese_day(timezone.localdate(matter.accepted_at))
    return _notice(matter, "受理通知书", day, said, address)


def _correction(matter: Matter, address: str) -> Official | None:
    found = getattr(matter, "correction", None)
    if found is None:
        return None
    items = [f"{number}. {one['name']}；" for number, one in enumerate(found.items, 1)]
    said = [
        f"{_applied(matter)}，还需要补正以下全部内容：", *items,
        *([found.reason] if found.reason else []),
        "本机关只告知这一次。补正期间不计入办理时限，补齐后按剩余时间继续办理。",
    ]  # fmt: skip
    day = chinese_day(timezone.localdate(found.asked_at))
    return _notice(matter, "一次性补正告知书", day, said, address)


def _extension(matter: Matter, address: str) -> Official | None:
    granted = matter.extensions.filter(state=Extension.State.GRANTED)
    found = granted.order_by("-decided_at").first()
    if found is None or found.due_after is None or found.decided_at is None:
        return None
    before, after = (
        chinese_day(timezone.localdate(one)) for one in (found.due_before, found.due_after)
    )
    said = [
        f"{_applied(matter)}，因{found.reason}，不能在原定期限{before}前办结。",
        f"经本机关负责人批准，办理期限延长至{after}。",
    ]  # fmt: skip
    day = chinese_day(timezone.localdate(found.decided_at))
    return _notice(matter, "延期办理告知书", day, said, address)


NOTICES: Final[dict[str, Callable[[Matter, str], Official | None]]] = {
    "acceptance": _acceptance, "correction": _correction, "extension": _extension,
}  # fmt: skip
"""By kind; None where there is nothing to tell. A refusal is the result itself."""


def official_notice(matter: Matter, kind: str, address: str) -> Official | None:
    """One notice as an official document, or None."""
    make = NOTICES.get(kind)
    return make(matter, address) if make else None
