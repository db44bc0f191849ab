"""The form of a draft, the same at the counter and online: answers, turns of a fact (INF-04, SVC-04)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.matters.models import Draft
from yiwang.matters.reads.asking import Asking
from yiwang.matters.reads.bundle import plan_of

from .answers import AnswersForm

WIDE = frozenset({"address"})


class Application(Asking):
    """The form of a draft: what is known, what is being corrected, what is asked."""

    def __init__(self, draft: Draft) -> None:
        if draft.resident is None:
            raise Refused("no_person", _("请先选定申请人。"))
        super().__init__(plan_of(draft), draft.resident, draft.typed)
        self.draft = draft

    def prefilled(self) -> dict[str, str]:
        """What the draft has kept; corrections begin with what is held, the agent is not asked twice."""
        typed = self.typed
        agent = typed.get("agent") or {}
        start = {code: self.held[code].value for code in self.fixing}
        start |= {f"agent_{key}": value for key, value in agent.items() if value}
        return {**start, **typed.get("answers", {})}

    def asked_form(self) -> AnswersForm:
        """The inputs of what is asked, with what was typed before."""
        return AnswersForm(self.asked, typed=self.prefilled())

    def sent_form(self) -> AnswersForm:
        """The same as if it were sent now, to check it once more."""
        return AnswersForm.of_draft(self.asked, self.typed.get("answers", {}))

    @property
    def is_answered(self) -> bool:
        """Whether nothing is open: every question, every outdated fact, the variant."""
        return not self.outdated and not self.variant_missing and self.sent_form().is_valid()

    def faults_into(self, form: AnswersForm) -> None:
        """Say on the form what else keeps it from going on."""
        if self.variant_missing:
            form.add_error(None, _("请选一个服务档次。"))
        for one in self.outdated:
            words = {"field": one.field.label}
            message = _("“%(field)s”已过期，请当面确认：仍然正确，或者更正。") % words
            form.add_error(None, message)

    def of_page(self, form: AnswersForm) -> dict[str, Any]:
        """What both pages show of it."""
        total, known, papers = len(self.codes), len(self.known), self.papers
        form.mark(self.deciding)
        return {
            "draft": self.draft,
            "plan": self.plan,
            "form": form,
            "facts": [(one, self.is_fresh(one), one.field.type in WIDE) for one in self.known],
            "fixing": self.fixing,
            "left_out": self.left_out,
            "variants": self.variants,
            "variant": self.variant,
            "total": total,
            "known": known,
            "left": total - known,
            "maybe": len(self.maybe),
            "percent": round(known * 100 / total) if total else 100,
            "papers": papers,
            "waived": sum(one.reused for one in papers),
        }


def turned(typed: Mapping[str, Any], sent: Mapping[str, str]) -> dict[str, Any]:
    """更正 makes an input of a fact, 不改了 takes it back, 仍然正确 confirms it; what changes of a draft."""
    code = sent.get("fix") or sent.get("confirm") or sent.get("keep") or ""
    answers = dict(typed.get("answers", {}))
    fixing = [one for one in typed.get("fixing", []) if one != code]
    confirmed = list(typed.get("confirmed", []))
    if "fix" in sent:
        fixing.append(code)
    elif "keep" in sent:
        answers.pop(code, None)
    elif code not in confirmed:
        confirmed.append(code)
    return {"answers": answers, "fixing": fixing, "confirmed": confirmed}
