"""The form that settles one question of the review queue."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.core.acts import Actor
from yiwang.divisions.actions import Way, decide_review
from yiwang.divisions.models import Division, Review

from .decision import DecisionForm, last_first

WAYS = {
    Way.HEIR: _("由另一个区划承接"),
    Way.RENAME: _("采用名单中的名称"),
    Way.ABOLISH: _("已经撤销"),
    Way.KEEP: _("保持不变"),
}
OFFERED = {
    Review.Topic.UNMATCHED: (Way.HEIR, Way.KEEP, Way.ABOLISH),
    Review.Topic.NEWCOMER: (Way.HEIR, Way.KEEP),
    Review.Topic.RENAMED: (Way.RENAME, Way.KEEP),
    Review.Topic.ABSENT: (Way.HEIR, Way.ABOLISH, Way.KEEP),
    Review.Topic.UNASSIGNED: (Way.KEEP,),
    Review.Topic.OUTSIDE: (Way.KEEP,),
    Review.Topic.PEOPLE: (Way.KEEP,),
}


class ReviewForm(DecisionForm):
    """What became of a place, with the document where something changes."""

    way = forms.ChoiceField(label=_("怎样处理"), widget=forms.RadioSelect)
    heir = forms.ChoiceField(label=_("对应的区划"), required=False)
    other = forms.CharField(
        label=_("其他区划的代码"), max_length=12, required=False,
        help_text=_("候选里没有时填写统计用区划代码"),
    )  # fmt: skip
    reason = forms.CharField(label=_("理由"), max_length=300, required=False)

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        ways = OFFERED[Review.Topic(review.topic)]
        if review.division.valid_to is not None:
            ways = tuple(way for way in ways if way != Way.ABOLISH)
        self.fields["way"].choices = [(str(way), WAYS[way]) for way in ways]  # type: ignore[attr-defined]
        for name in ("document", "effective_on"):
            self.fields[name].required = False
        self.fields["document"].help_text = _("保持不变时不用填写")
        self._offer_heirs(ways)
        last_first(self)

    def _offer_heirs(self, ways: tuple[Way, ...]) -> None:
        if Way.HEIR not in ways:
            del self.fields["heir"], self.fields["other"]
            return
        found = Division.objects.in_bulk(self.review.candidates)
        rows = [found[key] for key in self.review.candidates if key in found]
        nobody = [("", gettext("请选择"))]
        self.fields["heir"].choices = nobody + [(str(one.pk), one.label) for one in rows]  # type: ignore[attr-defined]

    def clean_other(self) -> Division | None:
        """The place that bears the code today."""
        code = self.cleaned_data["other"].strip()
        if not code:
            return None
        rows = Division.objects.current().filter(
            codes__code=code.ljust(12, "0"), codes__valid_to__isnull=True
        )
        found = rows.first()
        if found is None:
            raise forms.ValidationError(gettext("现在没有区划使用这个代码。"))
        return found

    def act(self, by: Actor) -> Review:
        """Settle it. Raises Refused."""
        said = self.cleaned_data
        key = said.get("heir")
        heir = said.get("other") or (Division.objects.get(pk=int(key)) if key else None)
        return decide_review(
            self.review, way=Way(said["way"]), heir=heir, decision=self.decision(),
            reason=said["reason"], by=by,
        )  # fmt: skip
