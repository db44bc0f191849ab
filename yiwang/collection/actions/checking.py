"""The township's check: into the register through its own acts, or back with the field marked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.collection.models import Campaign, ExtraAnswer, Item, Submission, Task
from yiwang.collection.reads.sheet import sheet_of
from yiwang.collection.rules.asking import GONE, Status
from yiwang.collection.rules.checking import mark_of
from yiwang.collection.rules.moves import ItemState
from yiwang.core.acts import act, circumstances, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.residents.actions import (
    add_resident,
    confirm_field,
    mark_deceased,
    move_resident,
    record_facts,
)
from yiwang.residents.models import Resident, SourceKind
from yiwang.residents.reads import known_fields

from .campaigns import finish_if_done

_NEEDED = ("residents.confirm", "residents.add", "residents.change")


@act("collection.check")
def accept_item(item: Item, *, by: Actor) -> Item:
    """Take a form into the register as it stands, dated by the day of the visit.

    Raises Refused: wrong_state, own_work; and what the register refuses, with `person.field`.
    """
    lock(item)
    _must_be_another(item, by)
    item.move_to(ItemState.ACCEPTED)
    form = item.submissions.get(state=Submission.State.CURRENT)
    with circumstances(at=form.collected_at):
        _Writer(item, form, by).write()
    item.marks, item.checked_at, item.checked_by = {}, moment(), by.label[:160]
    item.save()
    finish_if_done(item.task.campaign)
    return item


@act("collection.check")
def return_item(item: Item, *, marks: Mapping[str, str], by: Actor) -> Item:
    """Send a form back with what is wrong at which field. Raises Refused: wrong_state, no_mark."""
    lock(item)
    item.move_to(ItemState.RETURNED)
    said = {key[:80]: text.strip()[:200] for key, text in marks.items() if text.strip()}
    if not said:
        sentence = _("请标出哪一项有问题，并写明原因。")
        raise Refused("no_mark", sentence, {"reason": sentence})
    item.marks, item.checked_at, item.checked_by = said, moment(), by.label[:160]
    item.save()
    note(marks=sorted(said))
    return item


@act("collection.check")
def check_items(task: Task, *, items: Sequence[int] = (), by: Actor) -> Task:
    """Check what a community submitted (those named, else all): what the rules accept goes into
    the register, the others go back with the field marked. Raises Refused nothing_waiting.
    """
    rows = Item.objects.filter(task=task, state=ItemState.SUBMITTED).order_by("pk")
    if items:
        rows = rows.filter(pk__in=items)
    accepted = returned = 0
    for item in rows.select_related("task__campaign"):
        try:
            accept_item(item, by=by)
            accepted += 1
        except Refused as refusal:
            if refusal.code == "own_work":
                raise
            marks = refusal.fields or {mark_of("form", "rule"): str(refusal)}
            return_item(item, marks=marks, by=by)
            returned += 1
    if not accepted and not returned:
        raise Refused("nothing_waiting", _("没有等待审核的表。"))
    note(accepted=accepted, returned=returned)
    return task


def _must_be_another(item: Item, by: Actor) -> None:
    if by.user_id is not None and by.user_id == item.submitted_user_id:
        raise Refused("own_work", _("自己提交的表要由另一个人审核。"))


class _Writer:
    """Writes one form through the acts of the register; a refusal names person and field."""

    def __init__(self, item: Item, form: Submission, by: Actor) -> None:
        self.item, self.form = item, form
        self.by = by.within_act(*_NEEDED)
        self.campaign: Campaign = item.task.campaign
        self.asked = self.campaign.asked()
        self.today: date = timezone.localdate(moment())
        who = form.by_label.partition(" · ")[0]
        self.label = f"{self.campaign.title} · {who}"[:120]

    def write(self) -> None:
        answers = self.form.answers
        people = {one.key: one.resident for one in sheet_of(self.item, self.today).people}
        for key, said in answers["people"].items():
            if key in people:
                with _blaming(key):
                    self._person(people[key], said)
        for number, one in enumerate(answers["newcomers"], start=1):
            with _blaming(f"new{number}"):
                self._newcomer(one)

    def _person(self, person: Resident, said: Mapping[str, Any]) -> None:
        if said["status"] in GONE:
            self._gone(person, said)
            return
        if said["status"] != Status.HERE:
            return
        for code in said["same"]:
            confirm_field(person, field=code, by=self.by)
        facts = {code: text for code, text in said["values"].items() if self._is_fact(code)}
        self._must_not_be_older(person, facts)
        if facts:
            record_facts(
                person, values=facts, source_kind=SourceKind.VISIT, source_label=self.label,
                by=self.by,
            )  # fmt: skip
        self._extras(person, said["values"])

    def _must_not_be_older(self, person: Resident, facts: Mapping[str, str]) -> None:
        """What somebody confirmed after the visit must not give way to the visit."""
        known = known_fields(person, facts, self.today)
        newer = {
            code: _("登记册里 %(day)s 已有更新的内容，请核对。") % {"day": one.collected_on}
            for code, one in known.items()
            if one.collected_on > self.today and one.value != facts[code]
        }
        if newer:
            raise Refused("newer", " ".join(newer.values()), newer)

    def _gone(self, person: Resident, said: Mapping[str, Any]) -> None:
        on = date.fromisoformat(said["on"])
        if said["status"] == Status.DECEASED:
            mark_deceased(person, on=on, by=self.by)
        else:
            move_resident(person, to=None, on=on, by=self.by)

    def _newcomer(self, said: Mapping[str, str]) -> None:
        household = self.item.household
        home = self.item.dwelling or (household.dwelling if household else None)
        values = {code: text for code, text in said.items() if self._is_fact(code)}
        if home is not None:
            values.setdefault("home_address", home.address)
        person = add_resident(
            self.item.division,
            name=said["name"],
            values=values,
            household=household,
            relation=said.get("relation", "") if household else "",
            source=SourceKind.VISIT,
            source_label=self.label,
            by=self.by,
        )
        self._extras(person, said)

    def _is_fact(self, code: str) -> bool:
        return code in self.asked and self.asked[code].register

    def _extras(self, person: Resident, values: Mapping[str, str]) -> None:
        ExtraAnswer.objects.bulk_create(
            ExtraAnswer(
                division_id=self.item.division_id,
                task_id=self.item.task_id,
                resident=person,
                code=code,
                sealed=text,
                collected_on=self.today,
                collected_by=self.form.by_label,
            )
            for code, text in values.items()
            if code in self.asked and not self.asked[code].register
        )


class _blaming:  # noqa: N801 - reads as a verb where it is used
    """A refusal inside names the fields of this person."""

    def __init__(self, person: str) -> None:
        self.person = person

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        if isinstance(fault, Refused):
            fields = fault.fields or {"rule": str(fault)}
            marks = {mark_of(self.person, code): text for code, text in fields.items()}
            raise Refused(fault.code, str(fault), marks) from fault
