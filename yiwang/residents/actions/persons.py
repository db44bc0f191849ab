"""Entering people, correcting and confirming what is known of them, and looking behind the mask."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division, Level
from yiwang.residents.models import (
    BIRTH_YEAR,
    Household,
    ImportBatch,
    Nature,
    Resident,
    Source,
    SourceKind,
    SourceRecord,
    Standing,
    StatusChange,
    all_fields,
)
from yiwang.residents.reads.duplicates import holder_of, likely_duplicates
from yiwang.residents.reads.known import known_fields
from yiwang.residents.rules.identity import InvalidIdentity, check_identity
from yiwang.residents.rules.values import InvalidValue, clean_value

from .settling import already_collected, keep, save_person, source_of


@act("residents.add")
def add_resident(
    division: Division,
    *,
    name: str,
    values: Mapping[str, str] = MappingProxyType({}),
    birth_year: int | None = None,
    standing: str = Standing.REGISTERED,
    household: Household | None = None,
    relation: str = "",
    source: str = SourceKind.WINDOW,
    source_label: str = "",
    surely_new: bool = False,
    by: Actor,
) -> Resident:
    """Enter someone who lives in a community; a telephone number is enough to know them by.

    `values` holds any fields of the dictionary by code (identity_number, phone, home_address ...).
    `surely_new` answers the question whether a likeness is another person. Raises Refused:
    invalid, not_a_community, too_little, already_collected, maybe_collected, other_place.
    """
    _must_be_community(division)
    clean = _with_identity(_clean({**values, "name": name}))
    _must_be_knowable(clean, birth_year)
    _must_be_new(clean, division, surely_new=surely_new)
    resident = Resident(
        division=division,
        standing=Standing(standing),
        household=_of_same_place(household, division),
        relation=relation,
    )
    return _enter(resident, clean, birth_year, source_of(source, source_label, by))


@act("residents.change")
def change_resident(
    resident: Resident,
    *,
    changes: Mapping[str, str],
    source: str = SourceKind.WINDOW,
    source_label: str = "",
    standing: str = "",
    by: Actor,
) -> Resident:
    """Correct what is known; an empty text means: known to be none.

    A source that is trusted more for a field goes on standing; the correction is kept beside it
    until somebody decides (`decide_field`). Raises Refused.
    """
    lock(resident)
    must_be_live(resident)
    values = _changed(resident, _clean(changes))
    if standing and standing != resident.standing:
        note(standing=[resident.standing, standing])
        resident.standing = Standing(standing)
        resident.save(update_fields=["standing", "updated_at"])
    if values:
        must_stay_one(resident, values)
        _write(resident, values, source_of(source, source_label, by))
    return resident


@act("residents.confirm")
def record_facts(
    resident: Resident,
    *,
    values: Mapping[str, str],
    source_kind: str,
    source_label: str = "",
    owner: Unit | None = None,
    collected_on: date | None = None,
    purpose: str = "",
    reference: str = "",
    batch: ImportBatch | None = None,
    by: Actor,
) -> Resident:
    """Keep what was collected once, wherever it was asked, so that nobody asks again.

    `owner` is the unit that answers for the values when it is not the actor's own: the department
    whose file it is. `collected_on` is the day of that file or visit. Fields that are not of the
    register are left out. Raises Refused.
    """
    lock(resident)
    must_be_live(resident)
    kept = {
        code: text
        for code, text in values.items()
        if code in all_fields() and all_fields()[code].register
    }
    clean = {code: text for code, text in _clean(kept).items() if text}
    if not clean:
        return resident
    must_stay_one(resident, clean)
    source = source_of(
        source_kind, source_label, by,
        on=collected_on, purpose=purpose, reference=reference, batch=batch,
    )  # fmt: skip
    if owner is not None:
        source = replace(source, owner=owner.pk, owner_code=owner.code)
    _write(resident, clean, source)
    return resident


@act("residents.confirm")
def confirm_field(
    resident: Resident, *, field: str, source: str = SourceKind.WINDOW, by: Actor
) -> Resident:
    """The value held is still right: it is fresh again from today.

    `source` is who says so; a resident confirms what has been verified before, and does not verify
    what she told herself. Raises Refused nothing_held.
    """
    lock(resident)
    must_be_live(resident)
    today = timezone.localdate(moment())
    known = known_fields(resident, [field], today).get(field)
    if known is None:
        raise Refused("nothing_held", _("这一项还没有内容，请直接填写。"))
    note(field=field)
    about = SourceRecord.objects.get(pk=known.record)
    verified = known.verified or source != SourceKind.RESIDENT
    told = replace(
        source_of(about.source_kind, about.source_label, by, verified=verified),
        owner=about.owner_id,
        owner_code=about.owner_code,
    )
    keep(resident, {field: known.value}, told, nature=Nature.CONFIRMED, about=about)
    return resident


@act("residents.reveal")
def reveal_field(
    resident: Resident, *, field: str, reason: str, record: int | None = None, by: Actor
) -> str:
    """The whole value of a masked field; the journal keeps who looked, at what and why.

    With `record` the value as that source record told it. Raises Refused: reason_needed,
    nothing_held.
    """
    shortest = parameter("residents.reveal_reason_length")
    if len(reason.strip()) < shortest:
        sentence = _("请写明查看的原因，至少 %(shortest)s 个字。") % {"shortest": shortest}
        raise Refused("reason_needed", sentence, {"reason": sentence})
    note(field=field, record=record)
    if record is not None:
        told = SourceRecord.objects.of([resident]).filter(pk=record).first()
        value = told.says(field) if told else None
    else:
        known = known_fields(resident, [field], timezone.localdate(moment())).get(field)
        value = known.value if known else None
    if not value:
        raise Refused("nothing_held", _("这一项没有内容。"))
    return value


# ---------- checks ----------


def _clean(values: Mapping[str, str]) -> dict[str, str]:
    """Every value in its kept form; all faults are named at once. Raises Refused invalid."""
    clean: dict[str, str] = {}
    faults: dict[str, str] = {}
    for code, text in values.items():
        field = all_fields().get(code)
        if field is None:
            faults[code] = _("没有“%(code)s”这一项信息。") % {"code": code}
            continue
        try:
            clean[code] = clean_value(field, str(text or ""))
        except InvalidValue as fault:
            faults[code] = f"{fault.message}{fault.cure}"
    if "name" in clean and not clean["name"]:
        faults["name"] = _("没有填写姓名。")
    if faults:
        raise Refused("invalid", " ".join(faults.values()), faults)
    return clean


def _with_identity(values: dict[str, str]) -> dict[str, str]:
    """Birth date and sex as the identity number tells them. Raises Refused when they differ."""
    if not values.get("identity_number"):
        return values
    try:
        told = check_identity(values["identity_number"], timezone.localdate(moment()))
    except InvalidIdentity as fault:
        sentence = f"{fault.message}{fault.cure}"
        raise Refused("invalid", sentence, {"identity_number": sentence}) from fault
    expected = {"born_on": told.born_on.isoformat(), "sex": str(told.sex)}
    for code, value in expected.items():
        if values.get(code) and values[code] != value:
            label = all_fields()[code].label
            sentence = _("%(field)s与身份证号不一致，请核对。") % {"field": label}
            raise Refused("invalid", sentence, {code: sentence})
    return {**values, **expected}


def _must_be_community(division: Division) -> None:
    if division.level != Level.COMMUNITY or division.placeholder or division.valid_to:
        raise Refused(
            "not_a_community",
            _("居民要登记在一个村（居）里；“%(name)s”不是现有的村（居）。")
            % {"name": division.name},
        )


def _must_be_knowable(values: Mapping[str, str], birth_year: int | None) -> None:
    told = (values.get("identity_number"), values.get("born_on"), values.get("phone"), birth_year)
    if not any(told):
        sentence = _("只有姓名认不出是谁：请再填身份证号、出生日期、联系电话中的一项。")
        raise Refused("too_little", sentence, {"identity_number": sentence})
    if values.get("born_on", "") > timezone.localdate(moment()).isoformat():
        sentence = _("出生日期还没有到。")
        raise Refused("invalid", sentence, {"born_on": sentence})


def must_be_live(resident: Resident) -> None:
    """Ended records are looked at only. Raises Refused not_live."""
    if not resident.is_live:
        raise Refused(
            "not_live",
            _("这份档案已是“%(state)s”，不能再改。") % {"state": resident.get_state_display()},
        )


def _must_be_new(values: Mapping[str, str], division: Division, *, surely_new: bool) -> None:
    holder = holder_of(values.get("identity_number", ""))
    if holder is not None:
        raise already_collected(holder)
    if surely_new:
        return
    born = values.get("born_on", "")
    alike = likely_duplicates(
        name=values["name"],
        born_on=date.fromisoformat(born) if born else None,
        phone=values.get("phone", ""),
        division_id=division.pk,
    )
    if alike:
        person = alike[0].resident
        raise Refused(
            "maybe_collected",
            _("%(community)s已有%(name)s，相似度 %(percent)s%%，可能是同一个人。请先核对。")
            % {
                "community": person.division.name,
                "name": person.masked_name,
                "percent": alike[0].percent,
            },
        )


def must_stay_one(resident: Resident, values: Mapping[str, str]) -> None:
    """Nobody takes the number of another live record. Raises Refused already_collected."""
    holder = holder_of(values.get("identity_number", ""))
    if holder is not None and holder.pk != resident.pk:
        raise already_collected(holder)


def _of_same_place(household: Household | None, division: Division) -> Household | None:
    if household is not None and household.division_id != division.pk:
        raise Refused("other_place", _("这一户不在%(name)s。") % {"name": division.name})
    return household


# ---------- writing ----------


def _enter(
    resident: Resident, values: Mapping[str, str], birth_year: int | None, source: Source
) -> Resident:
    for code, value in values.items():
        resident.put(code, value)
    held = {code: value for code, value in values.items() if value}
    if birth_year and not resident.born_on:
        resident.birth_year = birth_year
        held[BIRTH_YEAR] = str(birth_year)
    save_person(resident)
    keep(resident, held, source)
    StatusChange.objects.create(
        resident=resident,
        kind=StatusChange.Kind.ENTERED,
        on=timezone.localdate(moment()),
        to_division_id=resident.division_id,
    )
    return resident


def _write(resident: Resident, values: Mapping[str, str], source: Source) -> None:
    values = _with_identity(dict(values))
    note(fields=sorted(values))
    keep(resident, values, source)


def _changed(resident: Resident, values: Mapping[str, str]) -> dict[str, str]:
    """Only what differs from what is held: saving a form unchanged leaves no trace."""
    known = known_fields(resident, values, timezone.localdate(moment()))
    return {
        code: value
        for code, value in values.items()
        if value != (known[code].value if code in known else "")
    }
