"""The self-check: what is wrong with a filled form, marked at the person and the field (INF-06)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.identity import InvalidIdentity, check_identity
from yiwang.residents.rules.values import InvalidValue, clean_value

from .asking import GONE, Status

MOST_NEWCOMERS: Final = 20
LONGEST_NOTE: Final = 500


@dataclass(frozen=True)
class Said:
    """What was said about one person; `same` holds the codes whose value has not changed."""

    status: str
    on: str
    values: dict[str, str]
    same: list[str]


@dataclass
class Checked:
    """The form in the shape it is kept in, and the faults by `person.field`."""

    people: dict[str, Said] = field(default_factory=dict)
    newcomers: list[dict[str, str]] = field(default_factory=list)
    note: str = ""
    marks: dict[str, str] = field(default_factory=dict)

    def answers(self) -> dict[str, Any]:
        """The form as it is stored."""
        people = {
            key: {"status": one.status, "on": one.on, "values": one.values, "same": one.same}
            for key, one in self.people.items()
        }
        return {"people": people, "newcomers": self.newcomers, "note": self.note}


def mark_of(person: object, code: str) -> str:
    """Where a fault is marked: the person's number (or newN) and the field."""
    return f"{person}.{code}"


def read_form(
    answers: Mapping[str, Any],
    asked: Mapping[str, Field],
    needed: Mapping[str, Collection[str]],
    today: date,
) -> Checked:
    """Clean a form and mark every fault; nothing that was typed is lost.

    `needed` names for each person of the item the fields that must be answered. People who are
    not of the item are left out.
    """
    found = Checked(note=str(answers.get("note") or "")[:LONGEST_NOTE])
    people = answers.get("people") or {}
    for key, codes in needed.items():
        said = _read_person(found, key, people.get(key) or {}, asked, today)
        found.people[key] = said
        if said.status == Status.HERE:
            _must_be_whole(found, key, said, codes)
    for number, one in enumerate((answers.get("newcomers") or [])[:MOST_NEWCOMERS], start=1):
        found.newcomers.append(_read_newcomer(found, f"new{number}", one, asked, today))
    _must_differ(found)
    return found


def _read_person(
    found: Checked, key: str, said: Mapping[str, Any], asked: Mapping[str, Field], today: date
) -> Said:
    status = said.get("status") if said.get("status") in Status.values else Status.HERE
    values = _clean(found, key, said.get("values") or {}, asked, today)
    same = [code for code in said.get("same") or [] if code in asked and code not in values]
    on = str(said.get("on") or "")[:10]
    if status in GONE:
        _must_be_past(found, key, on, today)
    return Said(str(status), on, values, same)


def _read_newcomer(
    found: Checked, key: str, said: Mapping[str, Any], asked: Mapping[str, Field], today: date
) -> dict[str, str]:
    name = str(said.get("name") or "").strip()[:100]
    if not name:
        found.marks[mark_of(key, "name")] = _("没有填写姓名。")
    values = {code: text for code, text in said.items() if code not in ("name", "relation")}
    relation = str(said.get("relation") or "")[:11]
    return {"name": name, "relation": relation, **_clean(found, key, values, asked, today)}


def _clean(
    found: Checked, key: str, values: Mapping[str, Any], asked: Mapping[str, Field], today: date
) -> dict[str, str]:
    """Clean values; a faulty one stays as typed, with its mark."""
    kept: dict[str, str] = {}
    for code, text in values.items():
        plain = str(text or "").strip()[:500]
        if code not in asked or not plain:
            continue
        kept[code] = plain
        try:
            kept[code] = clean_value(asked[code], plain)
        except InvalidValue as fault:
            found.marks[mark_of(key, code)] = f"{fault.message}{fault.cure}"
    _must_agree(found, key, kept, today)
    return kept


def _must_be_whole(found: Checked, key: str, said: Said, codes: Iterable[str]) -> None:
    for code in codes:
        if code not in said.values and code not in said.same:
            found.marks.setdefault(mark_of(key, code), _("没有填写。"))


def _must_be_past(found: Checked, key: str, on: str, today: date) -> None:
    try:
        day = date.fromisoformat(on)
    except ValueError:
        found.marks[mark_of(key, "on")] = _("请填写日期。")
        return
    if day > today:
        found.marks[mark_of(key, "on")] = _("日期还没有到。")


def _must_agree(found: Checked, key: str, values: Mapping[str, str], today: date) -> None:
    """Birth date and sex are those the identity number tells."""
    if mark_of(key, "identity_number") in found.marks or "identity_number" not in values:
        return
    try:
        told = check_identity(values["identity_number"], today)
    except InvalidIdentity as fault:
        found.marks[mark_of(key, "identity_number")] = f"{fault.message}{fault.cure}"
        return
    expected = {"born_on": told.born_on.isoformat(), "sex": str(told.sex)}
    for code, value in expected.items():
        if values.get(code, value) != value:
            found.marks.setdefault(mark_of(key, code), _("与身份证号不一致，请核对。"))


def _must_differ(found: Checked) -> None:
    """One identity number belongs to one person of the form."""
    seen: set[str] = set()
    people = {key: one.values for key, one in found.people.items()}
    people |= {f"new{number}": one for number, one in enumerate(found.newcomers, start=1)}
    for key, values in people.items():
        number = values.get("identity_number", "")
        if number and number in seen:
            found.marks[mark_of(key, "identity_number")] = _("这张表里有两个人的身份证号相同。")
        seen.add(number)
