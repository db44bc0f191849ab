"""A draft tried out with sample matters before anybody applies: path, units and days (INF-09)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Level
from yiwang.matters.models import Revision
from yiwang.matters.reads.revisions import samples_of
from yiwang.matters.reads.simulation import DECLINED_FIRST, Sample, simulate
from yiwang.matters.rules.conditions import Outcome, Rule
from yiwang.matters.rules.guide import Guide
from yiwang.matters.rules.lint import way_words
from yiwang.matters.rules.naming import namer, values_of
from yiwang.residents.reads import dictionary

from .door import staff
from .editor import find_revision, shown
from .flow import drawing_of

PLACES = 12


class SampleForm(forms.Form):
    """What a sample matter needs: where somebody lives, and only the answers conditions ask for."""

    place = forms.ChoiceField(label=_("居民所在的村（居）"))
    starts_on = forms.DateField(label=_("受理日期"), required=False)

    def __init__(self, data: QueryDict | None, guide: Guide, places: list[Division]) -> None:
        super().__init__(data)
        offered = [
            (str(one.pk), f"{one.label}（{one.parent.label}）") for one in places if one.parent
        ]
        self.fields["place"].choices = offered  # type: ignore[attr-defined]
        self.facts, self.outcomes = asked_of(guide)
        words, name = dictionary(), namer(guide, dictionary())
        for field in self.facts:
            label, codes = name(field, ""), values_of(field, guide, words)
            key, kind = (
                field.replace(".", "-"),
                getattr(words.get(Rule(field, "").code), "type", ""),
            )
            if codes:
                chosen = [("", _("没有填写")), *((one, name(field, one)) for one in codes)]
                self.fields[key] = forms.ChoiceField(label=label, choices=chosen, required=False)
            else:
                shown_as = {"date": "date", "integer": "number", "money": "number"}.get(
                    kind, "text"
                )
                widget = forms.TextInput(attrs={"type": shown_as})
                self.fields[key] = forms.CharField(
                    label=label, required=False, max_length=100, widget=widget
                )
        for code, label in self.outcomes:
            self.fields[f"step-{code}"] = forms.ChoiceField(
                label=label, choices=_outcomes(), required=False
            )

    def sample(self) -> Sample:
        data = self.cleaned_data
        now = timezone.localtime()
        day = data["starts_on"]
        starts = now.replace(year=day.year, month=day.month, day=day.day, hour=9) if day else now
        return Sample(
            int(data["place"]),
            {field: data[field.replace(".", "-")] for field in self.facts},
            {code: data[f"step-{code}"] or Outcome.AGREED for code, _label in self.outcomes},
            starts,
        )


def _outcomes() -> list[tuple[str, Any]]:
    return [
        (Outcome.AGREED.value, Outcome.AGREED.label),
        (Outcome.DECLINED.value, Outcome.DECLINED.label),
        (DECLINED_FIRST, _("先不同意，再次办理时同意")),
    ]


def asked_of(guide: Guide) -> tuple[list[str], list[tuple[str, str]]]:
    """The answers and the outcomes on which the course of a version depends."""
    rules = [rule for one in guide.process.steps for rule in one.when.rules]
    facts = {one.field: None for one in rules if one.source in {"answer", "variant"}}
    steps = {one.code for one in rules if one.source == "step"}
    steps |= {one.code for one in guide.process.steps if one.back}
    outcomes = [(one.code, one.name) for one in guide.process.steps if one.code in steps]
    return list(facts), outcomes


def places_for(request: StaffRequest) -> tuple[str, list[Division]]:
    """The communities that fit what was typed; the chosen one stays on offer."""
    typed = clean_text(request.GET.get("place_q", ""))[:40]
    rows = Division.objects.public().current().served().filter(level=Level.COMMUNITY)
    chosen = request.GET.get("place", "")
    kept = rows.filter(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 16 else rows.none()
    if typed:
        flat = typed.replace(" ", "").lower()
        fits = Q(name__contains=typed) | Q(pinyin__startswith=flat) | Q(initials__startswith=flat)
        rows = rows.filter(fits | Q(parent__name__contains=typed))
    found = rows.select_related("parent").order_by("key")[:PLACES]
    first = [] if typed else list(kept.select_related("parent"))
    return typed, list(dict.fromkeys([*first, *found]))


def about(revision: Revision, sample: Sample) -> Sample:
    """The sample, with what routing rules want to know of the item."""
    return replace(sample, item=revision.item_id or 0, category=revision.category_id)


@require_GET
@staff("matters.catalogue")
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything that is wrong, sample matters for each way, and one sample walked through."""
    revision = find_revision(request, pk)
    guide = revision.guide
    typed, places = places_for(request)
    asked = request.GET if "place" in request.GET else None
    form = SampleForm(asked, guide, places)
    found = None
    if asked is not None and form.is_valid():
        found = simulate(guide, about(revision, form.sample()))
    context = {
        "form": form,
        "typed": typed,
        "found": found,
        "samples": _samples(revision, places),
        "drawing": drawing_of(guide, found.ran if found else None),
    }
    return shown(request, revision, "check", context)


def _samples(revision: Revision, places: list[Division]) -> list[Mapping[str, Any]]:
    """The ways through the process as links that fill the form in."""
    guide, rows = revision.guide, list[Mapping[str, Any]]()
    for way in samples_of(revision):
        said = {field.replace(".", "-"): value for field, value in way.said.items()}
        ended = {f"step-{code}": how for code, how in way.ended.items()}
        repeated = {code for code in way.ran if way.ran.count(code) > 1}
        ended |= {
            f"step-{one.code}": DECLINED_FIRST
            for one in guide.process.steps
            if one.back and one.code in repeated and one.back.on == "declined"
        }
        place = {"place": places[0].pk} if places else {}
        names = [guide.process.by_code[code].name for code in way.ran]
        words = way_words(guide, dictionary(), way)
        rows.append(
            {"query": urlencode({**place, **said, **ended}), "words": words, "names": names}
        )
    return rows
