"""What the API says about matters; personal data is masked as on the pages."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from yiwang.matters.models import Matter, Step
from yiwang.matters.reads.escalation import next_rung, response_clock, response_of
from yiwang.matters.rules import StepState
from yiwang.matters.rules.priority import Priority
from yiwang.notifications.reads import Told, messages_about


class StepOut(Schema):
    id: int
    code: str
    name: str
    stage: int
    round: int
    kind: str
    unit: str
    unit_id: int
    state: str
    agreed: bool | None
    opinion: str
    started_at: datetime | None
    due_at: datetime | None
    done_at: datetime | None

    @staticmethod
    def resolve_name(step: Step) -> str:
        return step.label

    @staticmethod
    def resolve_unit(step: Step) -> str:
        return step.unit.label


class EventOut(Schema):
    at: datetime
    kind: str
    by: str
    unit_name: str
    text: str
    shown: bool


class EscalationOut(Schema):
    """One level that was told of a delay: when it was due to know and when it did."""

    clock: str
    stage: str
    step: int = Field(alias="step_id")
    place: int = Field(alias="place_id")
    post: int | None = Field(alias="post_id")
    fell_due_at: datetime
    noticed_at: datetime


class NextEscalationOut(Schema):
    """The level that is told next if nothing happens."""

    clock: str
    stage: str
    step: int
    at: datetime


class MatterOut(Schema):
    """One matter in a list."""

    number: str
    item: str
    title: str
    state: str
    channel: str
    division: int = Field(alias="division_id")
    resident: str
    departed: str = Field(description="deceased, moved_out；在册为空")
    accepted_at: datetime
    amber_at: datetime
    due_at: datetime
    finished_at: datetime | None
    tone: str
    priority: str = Field(description="home_bound, disabled, elder, pregnant, soldier；不优先为空")

    @staticmethod
    def resolve_item(matter: Matter) -> str:
        return matter.item.code

    @staticmethod
    def resolve_resident(matter: Matter) -> str:
        return matter.resident.masked_name

    @staticmethod
    def resolve_departed(matter: Matter) -> str:
        return "" if matter.resident.is_live else matter.resident.state

    @staticmethod
    def resolve_tone(matter: Matter, context: dict[str, Any]) -> str:
        from django.utils import timezone

        from yiwang.matters.reads import tone_of

        return tone_of(matter, timezone.now())


class MaterialOut(Schema):
    """A document of a matter; `document` is the one of the person's file it was taken from."""

    id: int
    code: str
    name: str
    state: str
    document: int | None = Field(alias="document_id")
    file_name: str
    content_type: str
    size: int
    scan: str = Field(description="waiting, clean, infected；没有文件时不看")
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None


class AboutMatterOut(Schema):
    """What the applicant was told: by which way, where it stands, masked."""

    delivery: int | None
    kind: str
    channel: str
    state: str
    to: str
    at: datetime
    problem: str


class MatterDetail(MatterOut):
    """One matter with its steps and timeline."""

    variant: str
    statutory_due_at: datetime | None
    fields_needed: int
    fields_asked: int
    papers_needed: int
    papers_reused: int
    materials: list[MaterialOut]
    steps: list[StepOut]
    events: list[EventOut]
    first_response_due_at: datetime | None
    first_response_at: datetime | None
    escalations: list[EscalationOut]
    next_escalation: NextEscalationOut | None
    result: str | None
    told: list[AboutMatterOut]

    @staticmethod
    def resolve_told(matter: Matter) -> list[Told]:
        return messages_about(f"matter:{matter.number}")

    @staticmethod
    def resolve_first_response_due_at(matter: Matter) -> datetime | None:
        running = response_clock(matter)
        return running.due_at if running else None

    @staticmethod
    def resolve_first_response_at(matter: Matter) -> datetime | None:
        return response_of(matter)

    @staticmethod
    def resolve_escalations(matter: Matter) -> list[Any]:
        return list(matter.escalations.all())

    @staticmethod
    def resolve_next_escalation(matter: Matter) -> dict[str, Any] | None:
        active = list(matter.steps.filter(state=StepState.ACTIVE).select_related("matter"))
        ahead = next_rung(matter, active, matter.escalations.all())
        if ahead is None:
            return None
        rung = ahead.rung
        return {"clock": rung.clock, "stage": rung.stage, "step": ahead.step.pk, "at": rung.at}

    @staticmethod
    def resolve_materials(matter: Matter) -> list[Any]:
        return list(matter.materials.all())

    @staticmethod
    def resolve_steps(matter: Matter) -> list[Step]:
        return list(matter.steps.select_related("unit"))

    @staticmethod
    def resolve_events(matter: Matter) -> list[Any]:
        return list(matter.events.all())

    @staticmethod
    def resolve_result(matter: Matter) -> str | None:
        result = getattr(matter, "result", None)
        return result.number if result else None


class Accepted(Schema):
    """The receipt: the number and the last day."""

    number: str
    state: str
    accepted_at: datetime
    due_at: datetime


class HandedInIn(Schema):
    code: str
    state: str = "given"


class AgentIn(Schema):
    name: str = Field(max_length=60)
    phone: str = Field("", max_length=20)
    relation: str = Field("", max_length=40)


class AcceptIn(Schema):
    """An acceptance: the item, the person, the form and the documents that were seen."""

    item: str = Field(max_length=60)
    resident: int
    answers: dict[str, str] = {}
    asked: list[str] | None = None
    channel: str = Field("api", pattern="^(window|web|phone|visit|kiosk|api)$")
    materials: list[HandedInIn] = []
    agent: AgentIn | None = None
    not_from_file: list[str] = Field([], description="不取自本人档案的材料；其余缺的自动取用")
    confirmed: list[str] = Field([], description="过期但当事人确认仍然正确的信息项")
    variant: str = Field("", max_length=40, description="服务档次，见 /services/{code}/variants")


class Page(Schema):
    """A page of matters; `next` goes into `after` for the page behind it."""

    matters: list[MatterOut]
    next: str | None


class ReasonIn(Schema):
    reason: str = Field(max_length=500)


class DepartureIn(Schema):
    """Whether it goes on after the applicant died or left, and why."""

    go_on: bool
    reason: str = Field(max_length=500)


class TextIn(Schema):
    text: str = Field(max_length=1000)


class PublicEvent(Schema):
    at: datetime
    kind: str
    unit_name: str
    text: str


class Tracked(Schema):
    """What the holder of a number reads."""

    number: str
    title: str
    state: str
    accepted_at: datetime
    due_at: datetime
    finished_at: datetime | None
    events: list[PublicEvent]

    @staticmethod
    def resolve_events(matter: Matter) -> list[Any]:
        return list(matter.events.filter(shown=True))


class VariantOut(Schema):
    """One variant of an item, and whether the person's grade opens it."""

    code: str
    name: str
    allowed: bool


class GuideOut(Schema):
    code: str
    category: str
    title: str
    summary: str
    audience: str
    version: int
    effective_from: date
    content: dict[str, Any]


class PriorityIn(ReasonIn):
    """Why a matter goes first; empty where it does not."""

    priority: Priority = Priority.NONE
