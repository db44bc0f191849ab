"""Every form that asks people something, checked against what the register owns (collect once)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.collection.models import Campaign
from yiwang.needs.models import Survey
from yiwang.residents.models import all_fields
from yiwang.residents.rules.owned import already_held, faults_of
from yiwang.tags.models import TagKind

from .content import versions_in_force

SORTS: Final = {
    "service": _("办事表单"),
    "collection": _("采集表"),
    "survey": _("调查问卷"),
    "tag": _("标签依据"),
}


@dataclass(frozen=True)
class CheckedForm:
    """One form: how many items it binds, of these how many the register keeps, how many questions
    of its own it has, and a sentence for each fault.
    """

    sort: str
    name: str
    url: str
    bound: int
    kept: int
    free: int
    faults: list[str]

    @property
    def sort_label(self) -> Any:
        return SORTS[self.sort]


def checked_forms(actor: Actor) -> list[CheckedForm]:
    """The service catalogue, and the collection forms and surveys at work that the actor sees."""
    return [*_services(), *_collections(actor), *_surveys(actor), *_tags(actor)]


def _services() -> Iterator[CheckedForm]:
    fields = all_fields()
    for version in versions_in_force():
        codes = version.content.get("fields", [])
        kept = sum(fields[code].register for code in codes if code in fields)
        yield CheckedForm(
            "service", str(version.item), version.item.get_absolute_url(),
            len(codes), kept, 0, faults_of(codes, fields),
        )  # fmt: skip


def _collections(actor: Actor) -> Iterator[CheckedForm]:
    if not actor.has("collection.view"):
        return
    rows = Campaign.objects.visible_to(actor).exclude(state=Campaign.State.CLOSED)
    for one in rows:
        asked = [already_held(row["name"]) for row in one.questions]
        yield CheckedForm(
            "collection", one.title, one.get_absolute_url(), len(one.fields), len(one.fields),
            len(one.questions), [*faults_of(one.fields, all_fields()), *filter(None, asked)],
        )  # fmt: skip


def _surveys(actor: Actor) -> Iterator[CheckedForm]:
    if not actor.has("needs.view"):
        return
    for one in Survey.objects.visible_to(actor).exclude(state=Survey.State.CLOSED):
        questions = one.version.questions if one.version else []
        asked = [already_held(row.text, row.text_en, row.code) for row in questions]
        yield CheckedForm(
            "survey", one.title, one.get_absolute_url(), 0, 0, len(questions),
            list(filter(None, asked)),
        )  # fmt: skip


def _tags(actor: Actor) -> Iterator[CheckedForm]:
    """Evidence that is a field of the register is bound to it; the rest is asked."""
    if not actor.has("tags.view"):
        return
    for one in TagKind.objects.visible_to(actor).current().exclude(evidence=""):
        held = int(one.evidence_field is not None)
        yield CheckedForm("tag", one.label, one.get_absolute_url(), held, held, 1 - held, [])
