"""What the talk about a matter and the work list's own tools ask."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.matters.models import Matter
from yiwang.matters.reads.discussion import colleagues
from yiwang.matters.rules import Audience

OFFERED = 60


class CommentForm(forms.Form):
    """Words, how far they reach, and who is named."""

    text = forms.CharField(
        label=_("说点什么"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只有同事看得到，居民看不到。"),
    )  # fmt: skip
    audience = forms.ChoiceField(
        label=_("谁能看到"), choices=Audience.choices, initial=Audience.LEVEL,
        widget=forms.RadioSelect,
    )  # fmt: skip
    mentions = forms.ModelMultipleChoiceField(
        label=_("提到谁"), queryset=Post.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("提到的人会在工作台看到；看不到这条讨论的人不能提到。"),
    )  # fmt: skip

    def __init__(self, data: Any, *, matter: Matter, actor: Actor) -> None:
        super().__init__(data)
        posts = colleagues(matter, actor)
        field: Any = self.fields["mentions"]
        field.queryset = posts.filter(pk__in=posts.values("pk")[:OFFERED])


class ViewForm(forms.Form):
    """A name for the filters in force."""

    name = forms.CharField(label=_("视图名称"), max_length=40)
