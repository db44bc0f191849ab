"""Organisations as workbooks: the template, rows read back with their faults, masked lists."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import xlsxwriter
from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.core.rules.wording import listed
from yiwang.core.workbook import workbook
from yiwang.divisions.models import Division, Level
from yiwang.organizations.actions import NewOrganization
from yiwang.organizations.models import Organization
from yiwang.organizations.reads import holder_of, namesakes
from yiwang.organizations.rules.fields import clean
from yiwang.organizations.rules.kinds import legal_forms
from yiwang.organizations.rules.names import core_of
from yiwang.residents.reads.places import gazetteer, places_under
from yiwang.residents.rules.gazetteer import Doubt, read_address
from yiwang.residents.rules.values import InvalidValue
from yiwang.residents.sheets import RowFault, read_table

MOST: Final = 2000
NAME, FORM, CODE, PLACE, ADDRESS = "名称", "类型", "统一社会信用代码", "社区", "地址"
CONTACT, PHONE, POINT, LOCATED = "联系人", "联系电话", "坐标", "驻社区单位"
COLUMNS: Final = (NAME, FORM, CODE, PLACE, ADDRESS, CONTACT, PHONE, POINT, LOCATED)
_ITEMS: Final = {
    NAME: "name", FORM: "legal_form", CODE: "credit_code", ADDRESS: "address",
    CONTACT: "contact_name", PHONE: "contact_phone", POINT: "point", LOCATED: "located",
}  # fmt: skip


def template() -> bytes:
    """An XLSX with the columns and the legal forms to choose from."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_("单位和组织"))
        head = book.add_format({"bold": True, "bg_color": "#E4EDF8", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet.write_row(0, 0, COLUMNS, head)
        sheet.set_column(0, len(COLUMNS) - 1, 22, text)
        forms = [one.name for one in legal_forms().values()]
        lists = book.add_worksheet("类型清单")
        lists.write_column(0, 0, forms)
        source = f"=类型清单!$A$1:$A${len(forms)}"
        form, located = COLUMNS.index(FORM), COLUMNS.index(LOCATED)
        sheet.data_validation(1, form, MOST, form, {"validate": "list", "source": source})
        yes_no = {"validate": "list", "source": ["是", "否"]}
        sheet.data_validation(1, located, MOST, located, yes_no)
        sheet.freeze_panes(1, 1)
    return buffer.getvalue()


@dataclass
class ReadRows:
    """What a workbook holds: rows that can be taken over, and every fault of the others."""

    rows: list[NewOrganization]
    faults: list[RowFault]
    known: int = 0

    @property
    def failed(self) -> int:
        return len({one.row for one in self.faults})


def read_organizations(data: bytes, place: Division) -> ReadRows:
    """The rows of a workbook for a place. Raises Refused for a file that is none."""
    reader = _Reader(place)
    for number, said in read_table(data, COLUMNS, needed=NAME, most=MOST):
        reader.take(number, said)
    if not reader.found.rows and not reader.found.faults:
        raise Refused("empty", _("表里没有一行内容。"), {"file": _("表里没有一行内容。")})
    return reader.found


class _Reader:
    """Checks one row after the other, each against the register and the rows before it."""

    def __init__(self, place: Division) -> None:
        self.place, self.found = place, ReadRows([], [])
        self.places = places_under(place)
        self.codes: set[str] = set()
        self.names: set[tuple[int, str]] = set()

    def take(self, number: int, said: dict[str, str]) -> None:
        faults: list[RowFault] = []
        values: dict[str, str] = {}
        for column, code in _ITEMS.items():
            try:
                if text := clean(code, said[column]):
                    values[code] = text
            except InvalidValue as fault:
                shown = "" if column in (CONTACT, PHONE) else said[column]
                faults.append(RowFault(number, column, shown, f"{fault.message}{fault.cure}"))
        if not said[NAME]:
            faults.append(RowFault(number, NAME, "", _("没有填写名称。")))
        if not said[FORM]:
            cure = _("没有填写类型，只能是 %(choices)s 之一。") % {
                "choices": listed(one.label for one in legal_forms().values())
            }
            faults.append(RowFault(number, FORM, "", cure))
        where = self._where(number, said, faults)
        if where is not None and not faults:
            self._against_the_rest(number, values, where, faults)
        self.found.faults += faults
        if where is not None and not faults:
            self.found.rows.append(NewOrganization(where, values))

    def _where(self, number: int, said: dict[str, str], faults: list[RowFault]) -> Division | None:
        """The community of a row: as written, else as the address says, else the place itself."""
        text = said[PLACE]
        address = said[ADDRESS]
        if text:
            keys = self.places.get(text, [])
        elif self.place.level == Level.COMMUNITY:
            keys = [self.place.pk]
        else:
            read = read_address(address, gazetteer()).places if address else ()
            keys = [key for key in read if self.place.area.holds(key) and key % 1000]
        if len(keys) != 1:
            cure = _("%(place)s没有这个社区，或有几个同名的；请写全称或 12 位代码。")
            faults.append(RowFault(number, PLACE, text, cure % {"place": self.place.name}))
            return None
        if address and read_address(address, gazetteer(), keys[0]).doubt == Doubt.OTHER_PLACE:
            cure = _("地址写的地方不在这个社区，请核对社区和地址。")
            faults.append(RowFault(number, ADDRESS, address, cure))
        return Division.objects.get(pk=keys[0])

    def _against_the_rest(
        self, number: int, values: dict[str, str], where: Division, faults: list[RowFault]
    ) -> None:
        code, name = values.get("credit_code", ""), values["name"]
        if code and code in self.codes:
            faults.append(RowFault(number, CODE, code, _("代码在表里重复，请只留一行。")))
            return
        if (where.pk, core_of(name)) in self.names and not code:
            faults.append(RowFault(number, NAME, name, _("名称在表里重复，请填代码或只留一行。")))
            return
        self.codes |= {code} - {""}
        self.names.add((where.pk, core_of(name)))
        holder = holder_of(code)
        if holder is not None and not self.place.area.holds(holder.division_id):
            cure = _("这个代码已由%(place)s登记，请联系那里。") % {"place": holder.division.name}
            faults.append(RowFault(number, CODE, code, cure))
        elif holder is not None:
            self.found.known += 1
        elif alike := namesakes(name, where.pk, code=code):
            cure = _("附近已有“%(name)s”。是同一家就填它的代码；是另一家请在网页上登记。") % {
                "name": alike[0].name
            }
            faults.append(RowFault(number, NAME, name, cure))


def organizations_workbook(rows: Iterable[Organization], about: str) -> bytes:
    """The list as shown: contacts masked."""
    heads = [
        _("名称"), _("类型"), _("统一社会信用代码"), _("社区"), _("地址"), _("联系人"),
        _("联系电话"), _("驻社区单位"), _("服务主体"), _("服务类别"), _("状态"), _("最近复核"),
    ]  # fmt: skip
    return workbook(_("单位和组织"), about, heads, [_cells(one) for one in rows])


def _cells(one: Organization) -> list[str]:
    provider = getattr(one, "provider", None)
    return [
        one.name, one.form_label, one.credit_code, one.division.label, one.address,
        one.masked_contact, one.masked_phone, _("是") if one.located else _("否"),
        provider.get_state_display() if provider else "",
        listed(provider.category_labels) if provider else "", one.get_state_display(),
        one.reviewed_on.isoformat() if one.reviewed_on else "",
    ]  # fmt: skip
