"""The own account: profile, password, second factor, sessions, posts, delegation, own lines."""

import secrets
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.accounts import actions
from yiwang.accounts.actor import Actor
from yiwang.accounts.forms.people import LoanForm, ProfileForm
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.middleware import posts_of
from yiwang.accounts.models import Post, User
from yiwang.accounts.reads import own_lines, own_loans, second_factors, session_count
from yiwang.core.rules.rights import name_of

from .posts import lend


def me(request: StaffRequest) -> HttpResponse:
    """Everything about oneself on one page."""
    return _page(request)


def _page(request: StaffRequest, status: int = 200, **more: Any) -> HttpResponse:
    user = cast("User", request.user)
    actor = request.actor
    own = [post for post, acting in posts_of(user) if acting is None]
    context = {
        "person": user,
        "offered": [
            (post, acting, bool(actor) and post.pk == actor.post_id)
            for post, acting in posts_of(user)
        ],
        "own_posts": own,
        "loans": own_loans(user, timezone.localdate()),
        "second_factor": second_factors(user),
        "sessions": session_count(user),
        "lines": [(line, name_of(line.act)) for line in own_lines(user)],
        "profile": ProfileForm(initial={"phone": user.phone, "language": user.language}),
        "loan_form": LoanForm(initial={"starts_on": timezone.localdate()}),
        "key": secrets.token_urlsafe(12),
        **more,
    }
    return render(request, "accounts/me.html", context, status=status)


@require_POST
def profile(request: StaffRequest) -> HttpResponse:
    """Save telephone and language."""
    user = cast("User", request.user)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, 422, profile=form)
    actions.change_profile(user, **form.cleaned_data, by=Actor.person(user))
    response = redirect("accounts:me")
    if user.language:
        translation.activate(user.language)
        response.set_cookie("django_language", user.language, samesite="Lax")
    messages.success(request, _("已保存。"))
    return response


@allowed("accounts.delegate")
@require_POST
def delegate(request: StaffRequest, pk: int) -> HttpResponse:
    """Lend one of the own posts."""
    own = Post.objects.visible_to(request.actor).filter(user=request.actor.user_id)
    post = get_object_or_404(own.select_related("user", "unit"), pk=pk)
    form = LoanForm(request.POST)
    if form.is_valid() and lend(request, form, post, own=True):
        return redirect("accounts:me")
    return _page(request, 422, loan_form=form, lending=post.pk)
