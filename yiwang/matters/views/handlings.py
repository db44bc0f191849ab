"""Everything that may be done with a matter, from which a reader's offers are made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from yiwang.core.reads import parameter
from yiwang.matters import actions
from yiwang.matters.actions.delivery import hand_over
from yiwang.matters.actions.merging import may_split
from yiwang.matters.forms import delivery, handling, joint
from yiwang.matters.forms.handling import EmptyForm, HandlingForm
from yiwang.matters.models import Extension, Matter, Step
from yiwang.matters.reads import opinions_of, process_of
from yiwang.matters.rules import RUNNING, State
from yiwang.matters.rules.process import INTAKE, answer_facts

DECIDING = {"decide", "deliver"}


@dataclass(frozen=True)
class Handling:
    """One thing that may be done: its words, right, form and act. `of_step`: asked of a step."""

    key: str
    label: Any
    title: Any
    icon: str
    right: str
    form: type[HandlingForm]
    do: Callable[..., Any]
    fits: Callable[[Matter, Step | None, Sequence[Step]], bool]
    of_step: bool = False
    notice: Any = ""
    done: Any = ""
    danger: bool = False
    # Too much for a dialog: a page of its own.
    own_page: bool = False


def _working(matter: Matter, step: Step | None, steps: Sequence[Step]) -> bool:
    return matter.state == State.WORKING and step is not None


def _checks(matter: Matter, step: Step | None, steps: Sequence[Step]) -> bool:
    """Whether it was handed in from afar and this is the check before acceptance."""
    return matter.state == State.SUBMITTED and step is not None and step.code == INTAKE


def _runs(matter: Matter, step: Step | None, steps: Sequence[Step]) -> bool:
    return matter.state in RUNNING and step is not None


def _ends(matter: Matter, step: Step | None, steps: Sequence[Step]) -> set[bool]:
    """Whether nothing is left after this step, for each outcome it can have."""
    if step is None:
        return {False}
    process = process_of(matter)
    said = answer_facts(matter.answers, matter.variant) if process.branches else {}
    return {process.next_of(step, agreed, steps, said).ends for agreed in (True, False)}


def _extensions(matter: Matter) -> list[Extension]:
    return [one for one in matter.extensions.all() if one.state != Extension.State.DENIED]


def _may_extend(matter: Matter, step: Step | None, steps: Sequence[Step]) -> bool:
    left = int(parameter("matters.extensions")) - len(_extensions(matter))
    return _working(matter, step, steps) and left > 0


def _result_waits(matter: Matter, step: Step | None, steps: Sequence[Step]) -> bool:
    result = getattr(matter, "result", None)
    return result is not None and result.delivered_at is None and result.revoked_at is None


def _result_holds(matter: Matter, step: Step | None, steps: Sequence[Step]) -> bool:
    result = getattr(matter, "result", None)
    return result is not None and result.revoked_at is None


def _waits_for_opinions(matter: Matter, step: Step | None, steps: Sequence[Step]) -> bool:
    missing = {one.step_id for one in opinions_of(matter) if one.is_missing}
    return _working(matter, step, steps) and step is not None and step.pk in missing


HANDLINGS: dict[str, Handling] = {
    one.key: one
    for one in (
        Handling(
            "departure",
            _("离世、迁出处理"),
            _("申请人离世、迁出后怎样处理"),
            "alert-triangle",
            "matters.handle",
            handling.DepartureForm,
            actions.decide_departure,
            lambda m, s, all_: m.waits_for_decision,
            done=_("决定已记录。"),
            notice=_("作出决定以前，这件事停在这里。不再办理的，事项撤回，结果不再送达。"),
        ),
        Handling(
            "admit",
            _("受理"),
            _("受理网上申请"),
            "clipboard-check",
            "matters.accept",
            EmptyForm,
            actions.admit_matter,
            _checks,
            True,
            _("材料齐全、符合形式就受理；从现在起按承诺时限计时，申请人会收到通知。"),
            _("已受理，承办环节已经开始。"),
        ),
        Handling(
            "not-accept",
            _("不予受理"),
            _("不予受理"),
            "circle-x",
            "matters.accept",
            handling.NotAcceptedForm,
            actions.refuse_application,
            _checks,
            True,
            _("依法不属于受理范围的才不予受理；缺材料的请退回补正。生成带文号的决定书。"),
            _("已作出不予受理的决定，申请人会收到通知。"),
            danger=True,
        ),
        Handling(
            "take",
            _("接收"),
            _("接收这个环节"),
            "check",
            "matters.handle",
            EmptyForm,
            actions.take_step,
            lambda m, s, all_: _runs(m, s, all_) and s is not None and s.handler_id is None,
            True,
            _("接收后由您经办，同事会看到您的姓名。"),
            _("已接收，由您经办。"),
        ),
        Handling(
            "complete",
            _("完成环节"),
            _("完成环节"),
            "circle-check",
            "matters.handle",
            handling.CompleteForm,
            actions.complete_step,
            lambda m, s, all_: _working(m, s, all_) and False in _ends(m, s, all_),
            True,
            _("同一阶段的环节都完成后，下面要办的环节自动开始。"),
            _("环节已完成。"),
        ),
        Handling(
            "finish",
            _("办结"),
            _("填写结果并办结"),
            "rubber-stamp",
            "matters.finish",
            handling.FinishForm,
            actions.finish_matter,
            lambda m, s, all_: (
                _working(m, s, all_)
                and s is not None
                and (True in _ends(m, s, all_) or s.kind in DECIDING)
            ),
            True,
            _("办结后生成带文号的结果文书，居民凭编号可查。"),
            _("已办结，可以打印结果文书。"),
        ),
        Handling(
            "hand-on",
            _("转办"),
            _("转办"),
            "arrows-exchange",
            "matters.hand_on",
            handling.HandOnForm,
            actions.hand_on_step,
            _runs,
            True,
            _("转办不重新计时，仍按原期限到期。"),
            _("已转办，接办单位的待办里已经出现。"),
        ),
        Handling(
            "consult",
            _("请会办"),
            _("请别的单位会办"),
            "users-group",
            "matters.handle",
            joint.ConsultForm,
            actions.ask_opinion,
            _working,
            True,
            _("本单位仍是牵头单位；意见到齐才能完成环节，居民只收到一个答复。"),
            _("已请会办，对方的会办清单里已经出现。"),
        ),
        Handling(
            "waive",
            _("不再等会办"),
            _("不再等会办意见"),
            "clock",
            "matters.handle",
            joint.WaiveForm,
            actions.waive_opinions,
            _waits_for_opinions,
            True,
            _("没有到的意见记为“未答复”，理由留在办理经过里。"),
            _("已记下，可以往下办了。"),
        ),
        Handling(
            "return",
            _("退回补正"),
            _("退回补正（一次性告知）"),
            "arrow-back-up",
            "matters.return",
            handling.ReturnForm,
            actions.return_matter,
            lambda m, s, all_: _runs(m, s, all_) and getattr(m, "correction", None) is None,
            True,
            _("只能告知一次，请把缺的全部写上。补正期间停止计时。"),
            _("已退回补正，可以打印补正告知书。"),
        ),
        Handling(
            "pause",
            _("暂停计时"),
            _("暂停计时"),
            "player-pause",
            "matters.pause",
            handling.PauseForm,
            actions.pause_matter,
            _working,
            True,
            "",
            _("已暂停计时。"),
        ),
        Handling(
            "resume",
            _("恢复计时"),
            _("恢复计时"),
            "player-play",
            "matters.pause",
            EmptyForm,
            actions.resume_matter,
            lambda m, s, all_: m.state == State.PAUSED and s is not None,
            True,
            _("恢复后按暂停时剩下的时间继续计算。"),
            _("已恢复计时。"),
        ),
        Handling(
            "extend",
            _("申请延期"),
            _("申请延期"),
            "calendar-event",
            "matters.extend",
            handling.ExtendForm,
            actions.extend_matter,
            _may_extend,
            True,
            _("由分管领导审批；一件事只能延期一次。"),
            _("延期申请已提交，等分管领导审批。"),
        ),
        Handling(
            "correct",
            _("补正"),
            _("补正材料"),
            "file-check",
            "matters.correct",
            handling.CorrectionForm,
            actions.answer_correction,
            lambda m, s, all_: m.state == State.CORRECTING,
            done=_("已补正，恢复办理。"),
            notice=_("须一次补齐；提交后恢复计时。"),
        ),
        Handling(
            "urge",
            _("催办"),
            _("催办"),
            "urgent",
            "matters.urge",
            handling.UrgeForm,
            actions.urge_matter,
            lambda m, s, all_: m.is_open,
            done=_("已催办。"),
        ),
        Handling(
            "note",
            _("记一笔"),
            _("记一笔"),
            "message-2",
            "matters.note",
            handling.NoteForm,
            actions.note_matter,
            lambda m, s, all_: True,
            done=_("已记下。"),
        ),
        Handling(
            "priority",
            _("优先办理"),
            _("优先办理"),
            "urgent",
            "matters.accept",
            handling.PriorityForm,
            actions.mark_priority,
            lambda m, s, all_: m.is_open,
            done=_("先后次序已改，待办清单按新的次序排。"),
            notice=_("表上看得出的（高龄、残疾、失能、优抚）自动优先；这里登记表上看不出的。"),
        ),
        Handling(
            "contact",
            _("记联系"),
            _("记一次来电、来访"),
            "phone",
            "matters.note",
            joint.ContactForm,
            actions.record_contact,
            lambda m, s, all_: True,
            done=_("已记在这件事上。"),
        ),
        Handling(
            "merge",
            _("合并"),
            _("合并重复的事项"),
            "sitemap",
            "matters.merge",
            joint.MergeForm,
            actions.merge_matters,
            lambda m, s, all_: m.is_open,
            done=_("已合并，以后只办这一件。"),
            notice=_("另一件就此结束，它的编号会指到这一件；合并错了，限期内可以在那一件上撤销。"),
        ),
        Handling(
            "split",
            _("撤销合并"),
            _("撤销合并，恢复办理"),
            "arrow-back-up",
            "matters.merge",
            joint.SplitForm,
            actions.split_matters,
            lambda m, s, all_: may_split(m),
            done=_("已撤销合并，两件各自办理。"),
            notice=_("这一件按并入以前的环节和期限继续办，中间的时间不计；另一件照常办理。"),
        ),
        Handling(
            "deliver",
            _("送达"),
            _("登记送达"),
            "receipt",
            "matters.deliver",
            delivery.DeliverForm,
            hand_over,
            _result_waits,
            done=_("已登记送达。"),
            own_page=True,
        ),
        Handling(
            "revoke",
            _("撤销结果"),
            _("撤销办理结果"),
            "circle-x",
            "matters.revoke",
            delivery.RevokeForm,
            actions.revoke_result,
            _result_holds,
            done=_("结果已撤销，已通知申请人。"),
            notice=_("撤销后文书不再有效，核验页会写明；文号不再使用。由签发单位撤销。"),
            danger=True,
        ),
        Handling(
            "withdraw",
            _("撤回"),
            _("撤回申请"),
            "circle-x",
            "matters.withdraw",
            handling.WithdrawForm,
            actions.withdraw_matter,
            lambda m, s, all_: m.is_open,
            done=_("已撤回。"),
            notice=_("撤回后不再办理，需要时重新申请。"),
            danger=True,
        ),
    )
}
# What may be done while the death or departure of the applicant is not dealt with.
WHILE_STOPPED = frozenset({"departure", "note", "urge", "withdraw"})
# The one that stands out: what brings the matter forward.
FORWARD = ("departure", "admit", "take", "correct", "finish", "complete", "resume", "deliver")
