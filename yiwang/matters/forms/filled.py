"""A form sent by another system: what the register knows is taken over, only the rest is sent (INF-04)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.core.rules.wording import listed
from yiwang.matters.reads import Planned
from yiwang.matters.reads.asking import Asking
from yiwang.residents.models import Resident
from yiwang.residents.reads import dictionary

from .answers import AnswersForm

BESIDE = frozenset({"signature_witness"})
"""What stands among the answers of a matter and is no item of a form."""


@dataclass(frozen=True)
class Filled:
    """The whole form: every answer, and the items that were asked for it."""

    answers: dict[str, str]
    asked: list[str]


@dataclass(frozen=True)
class Sent:
    """What a caller says: answers, items confirmed to hold still, the variant; `asked` when the
    caller took the others from the register itself.
    """

    answers: Mapping[str, str]
    confirmed: Sequence[str] = ()
    asked: Sequence[str] | None = None
    variant: str = ""

    def typed(self) -> dict[str, Any]:
        """As a draft keeps it: what is answered here is not looked up, it corrects what is known."""
        return {
            "answers": dict(self.answers),
            "supplied": list(self.answers),
            "confirmed": list(self.confirmed), "variant": self.variant,
        }  # fmt: skip


def filled(plan: Planned, resident: Resident, sent: Sent) -> Filled:
    """The form with what is known taken over; by the rules of the page.

    Raises Refused: not_asked, answers with a sentence for each item that is missing or wrong,
    outdated for what has to be confirmed.
    """
    asking = Asking(plan, resident, sent.typed())
    words = dictionary()
    strange = [code for code in sent.answers if code not in {*asking.codes, *BESIDE}]
    if strange:
        names = listed([words[code].label if code in words else code for code in strange])
        sentence = _("这些不在要问的信息项里，请不要填写：%(names)s。") % {"names": names}
        raise Refused("not_asked", sentence, dict.fromkeys(strange, sentence))
    form = AnswersForm.of_draft(asking.asked, sent.answers)
    if not form.is_valid():
        faults = {name: str(said[0]) for name, said in form.errors.items()}
        names = listed([words[code].label for code in faults if code in words])
        raise Refused(
            "answers", _("这些信息项要填写或改正：%(names)s。") % {"names": names}, faults
        )
    if asking.outdated:
        stale = {one.code: _("已过期，请确认仍然正确，或者更正。") for one in asking.outdated}
        names = listed([one.field.label for one in asking.outdated])
        raise Refused("outdated", _("这些信息项已过期：%(names)s。") % {"names": names}, stale)
    known = {one.code: one.value for one in asking.known}
    beside = {code: text for code, text in sent.answers.items() if code in BESIDE}
    answered = form.answers()
    asked = list(answered) if sent.asked is None else list(sent.asked)
    return Filled({**known, **answered, **beside}, asked)
