"""What a resident hands in from home: declared, complete, with what the register knows (SVC-04)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.matters.actions.acceptance import NOBODY, Agent
from yiwang.matters.actions.bundle import HandIn
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.rules import Channel
from yiwang.personal.models import Authorisation
from yiwang.residents.actions import set_document_consent
from yiwang.residents.models import Document, Resident

from .application import Application
from .handed import papers_of


@dataclass
class Faults:
    """What is wrong on the page: by document, with the declaration, and as a whole."""

    papers: dict[str, str] = field(default_factory=dict)
    declaration: str = ""
    whole: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.papers or self.declaration or self.whole)


def faults_of(application: Application, *, declared: bool) -> Faults:
    """What keeps an application from being handed in."""
    faults = Faults()
    for line in application.papers:
        if line.need.required and not line.settled:
            faults.papers[line.need.code] = _("请拍照上传，或先存草稿，备齐以后再交。")
    if not declared:
        faults.declaration = _("请勾选声明。")
    return faults


def hand_in_of(
    application: Application, agent: Agent, by: Actor, given: Sequence[HandedIn] = ()
) -> HandIn:
    """The form as the act takes it; what she agreed to use from her file is written down."""
    form, typed = application.sent_form(), application.typed
    form.is_valid()
    answers = {one.code: one.value for one in application.known} | form.answers()
    for line in application.papers:
        if line.agreed and not line.anew and not line.waived:
            for one in line.held.unasked:
                set_document_consent(
                    one, agreed=True, how=Document.How.ONLINE,
                    by=by.within_act("residents.document"),
                )  # fmt: skip
    return HandIn(
        resident=application.resident,
        channel=Channel.WEB,
        answers=answers,
        asked=[code for code in application.asked if code in answers],
        confirmed=typed.get("confirmed", []),
        materials=[*given, *papers_of(application.papers)],
        agent=agent,
    )


def agent_of(person: Resident, holder: Resident) -> Agent:
    """Who acts, when it is not the person herself."""
    if holder.pk == person.pk:
        return NOBODY
    given = Authorisation.objects.for_holder(holder).filter(resident=person, holder=holder)
    relation = given.order_by("-pk").values_list("relation", flat=True).first() or ""
    return Agent(holder.name, str(holder.phone or ""), relation[:40])
