"""Entering organisations, correcting, looking again once a year, and looking behind the mask."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division, Level
from yiwang.organizations.models import Event, Organization, OrganizationRecord
from yiwang.organizations.reads.duplicates import holder_of, namesakes
from yiwang.organizations.reads.golden import standings
from yiwang.organizations.rules.fields import FIELDS, NO, SENSITIVE, clean
from yiwang.residents.actions.settling import own_last_word, source_of, word_chosen
from yiwang.residents.models import Nature, Source, SourceKind, standing_records
from yiwang.residents.reads.places import gazetteer
from yiwang.residents.rules.gazetteer import Doubt, read_address
from yiwang.residents.rules.values import InvalidValue

from .settling import already_registered, keep

_ENOUGH = 2


@act("organizations.change")
def add_organization(
    division: Division,
    *,
    values: Mapping[str, str],
    source: str = SourceKind.VISIT,
    source_label: str = "",
    surely_new: bool = False,
    by: Actor,
) -> Organization:
    """Enter an organisation that stands in a community.

    `values` by the codes of rules/fields.py; a name and a legal form are the least. `surely_new`
    answers the question whether one of the same name is another. Raises Refused: invalid,
    not_a_community, already_registered, maybe_registered, other_place.
    """
    told = cleaned(values)
    must_be_enough(told)
    must_fit(told, division)
    must_be_new(told, division, surely_new=surely_new)
    return enter(division, told, source_of(source, source_label, by), by)


@act("organizations.change")
def change_organization(
    one: Organization,
    *,
    changes: Mapping[str, str],
    source: str = SourceKind.VISIT,
    source_label: str = "",
    by: Actor,
) -> Organization:
    """Correct what is known; an empty text means: known to be none.

    A source that is trusted more goes on standing; the correction is kept beside it until somebody
    decides. Raises Refused: not_live, invalid, already_registered, other_place.
    """
    lock(one)
    must_be_live(one)
    told = cleaned(changes)
    # What nobody has said is no unit located here: saying so changes nothing.
    held = {"located": NO, **held_values(one)}
    told = {code: value for code, value in told.items() if value != held.get(code, "")}
    if not told:
        return one
    must_be_enough({**held, **told})
    must_fit(told, one.division)
    must_stay_one(one, told)
    note(fields=sorted(told))
    keep(one, told, source_of(source, source_label, by))
    return one


@act("organizations.change")
def review_organization(one: Organization, *, by: Actor) -> Organization:
    """Say that everything held is still right: the yearly look (DIV-11). Raises Refused not_live."""
    lock(one)
    must_be_live(one)
    values = held_values(one)
    note(fields=sorted(values))
    keep(one, values, source_of(SourceKind.VISIT, "", by), nature=Nature.CONFIRMED)
    return one


@act("organizations.reveal")
def reveal_contact(one: Organization, *, reason: str, by: Actor) -> Mapping[str, str]:
    """The contact person and telephone, whole, once; journaled with the reason."""
    if len(clean_text(reason)) < _ENOUGH:
        sentence = _("请写明查看的理由。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    note(fields=sorted(SENSITIVE))
    return {code: str(getattr(one, code) or "") for code in sorted(SENSITIVE)}


@act("organizations.decide")
def decide_item(
    one: Organization, *, field: str, record: int, reason: str, by: Actor
) -> Organization:
    """One source's word is to stand, and why. Raises Refused: not_live, no_such_word,
    reason_needed, already_registered."""
    lock(one)
    must_be_live(one)
    records = standing_records(OrganizationRecord.objects.of([one]))
    word = word_chosen(records, record, field if field in FIELDS else "", reason, by)
    must_stay_one(one, {field: word.value})
    note(field=field, record=record)
    keep(
        one, {field: word.value}, word.source, nature=Nature.DECIDED, about=word.record,
        reason=reason.strip(),
    )  # fmt: skip
    return one


@act("organizations.change")
def undo_record(one: Organization, *, record: int, by: Actor) -> Organization:
    """Take back the last word of one's own. Raises Refused: not_live, not_the_last, not_own,
    first_record, too_late."""
    lock(one)
    must_be_live(one)
    records = standing_records(OrganizationRecord.objects.of([one]))
    last = own_last_word(records, record, by)
    told = source_of(SourceKind(last.source_kind), last.source_label, by)
    keep(one, {}, told, nature=Nature.UNDONE, about=last)
    return one


# ---------- parts ----------


def today() -> date:
    return timezone.localdate(moment())


def enter(division: Division, told: Mapping[str, str], source: Source, by: Actor) -> Organization:
    """A new record with its first source record."""
    one = Organization(division=division, name=told["name"])
    one.save()
    note(name=told["name"], fields=sorted(told))
    keep(one, told, source)
    trace(one, Event.Topic.LIFE, one.state, by, "")
    return one


def trace(
    one: Organization, topic: str, state: str, by: Actor, reason: str, on: date | None = None
) -> None:
    Event.objects.create(
        organization=one, topic=topic, state=state, on=on or today(), reason=reason,
        by_label=by.label[:160],
    )  # fmt: skip


def cleaned(values: Mapping[str, str]) -> dict[str, str]:
    """Known items in the form they are kept in. Raises Refused invalid, naming each fault."""
    told, faults = {}, {}
    for code, text in values.items():
        if code not in FIELDS:
            continue
        try:
            told[code] = clean(code, text)
        except InvalidValue as fault:
            faults[code] = f"{fault.message}{fault.cure}"
    if faults:
        raise Refused("invalid", " ".join(faults.values()), faults)
    return told


def must_be_enough(told: Mapping[str, str]) -> None:
    """A name, a legal form, and the code where the form has one and anything of it is typed."""
    faults = {}
    if len(told.get("name", "")) < _ENOUGH:
        faults["name"] = _("请填写名称。")
    if not told.get("legal_form"):
        faults["legal_form"] = _("请选择类型。")
    if faults:
        raise Refused("invalid", " ".join(faults.values()), faults)


def must_fit(told: Mapping[str, str], division: Division) -> None:
    """The place is a community or above one, and the address names no other place."""
    if division.level < Level.TOWNSHIP or division.valid_to is not None:
        sentence = _("请选择所在的社区或乡镇（街道）。")
        raise Refused("not_a_community", sentence, {"place": sentence})
    if not told.get("address"):
        return
    read = read_address(told["address"], gazetteer(), division.pk)
    if read.doubt == Doubt.OTHER_PLACE:
        sentence = _("地址写的地方不在%(place)s，请核对社区和地址。") % {"place": division.name}
        raise Refused("other_place", sentence, {"address": sentence})


def must_be_new(told: Mapping[str, str], division: Division, *, surely_new: bool) -> None:
    code = told.get("credit_code", "")
    holder = holder_of(code)
    if holder is not None:
        raise already_registered(holder)
    alike = [] if surely_new else namesakes(told["name"], division.pk, code=code)
    if alike:
        names = "、".join(f"{one.name}（{one.division.name}）" for one in alike[:3])
        sentence = _("附近已有名称相同或相近的：%(names)s。确实是另一家的，勾选确认后再登记。") % {
            "names": names
        }
        raise Refused("maybe_registered", sentence, {"surely_new": sentence})


def must_stay_one(one: Organization, told: Mapping[str, str]) -> None:
    holder = holder_of(told.get("credit_code", ""))
    if holder is not None and holder.pk != one.pk:
        raise already_registered(holder)


def must_be_live(one: Organization) -> None:
    if not one.is_live:
        sentence = _("这份记录是“%(state)s”，不能再改。") % {"state": one.get_state_display()}
        raise Refused("not_live", sentence)


def held_values(one: Organization) -> dict[str, str]:
    """What stands of each item now, empty ones left out."""
    records = list(OrganizationRecord.objects.of([one]))
    return {
        code: standing.value
        for code, standing in standings(records, one.division_id).items()
        if standing.value
    }
