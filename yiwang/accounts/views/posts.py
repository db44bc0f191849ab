"""Posts: appointing, ending with hand-over, covering an absence, choosing from which to act."""

import secrets
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.accounts import actions
from yiwang.accounts.actor import Actor
from yiwang.accounts.forms.people import AppointForm, EndPostForm, LoanForm
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.middleware import SESSION_KEY, posts_of
from yiwang.accounts.models import Delegation, Post, Unit, User
from yiwang.accounts.reads import account_named, possible_successors
from yiwang.accounts.roles import GRANTS, Role
from yiwang.accounts.rules import refuse_grant, roles_on
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.divisions.rules import depth_of

from .places import chosen_place, place_list


def grantable(actor: Actor, place: Division) -> list[Role]:
    """The roles this actor may give in this division, in the order of the plan."""
    return [role for role in roles_on(depth_of(place.pk)) if _may_grant(role, place, actor)]


def _may_grant(role: Role, place: Division, actor: Actor) -> bool:
    try:
        refuse_grant(role, place.pk, actor)
    except Refused:
        return False
    return True


@allowed("accounts.manage")
def appoint(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose a division of the own area, then unit, role and dates."""
    person = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    place = chosen_place(request)
    context = {"person": person, "place": place, "picker": place_list(request)}
    if place is None:
        return render(request, "accounts/appoint.html", context)
    units = Unit.objects.visible_to(request.actor).open().filter(division=place)
    form = AppointForm(request.POST or None, units=units, roles=grantable(request.actor, place))
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        try:
            actions.appoint(facts.pop("unit"), person=person, **facts, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已任命。本人下次打开页面就能用这个岗位。"))
            return redirect(person)
    context |= {"form": form, "key": request.POST.get("_key") or secrets.token_urlsafe(12)}
    context["scopes"] = {role.value: len(GRANTS[role].rights) for role in Role}
    return render(request, "accounts/appoint.html", context, status=422 if form.errors else 200)


@allowed("accounts.manage")
def post_end(request: StaffRequest, pk: int) -> HttpResponse:
    """End a post and hand its open work over."""
    rows = Post.objects.visible_to(request.actor).select_related("user", "unit", "division")
    post = get_object_or_404(rows, pk=pk)
    form = EndPostForm(
        request.POST or None, successors=possible_successors(post, timezone.localdate())
    )
    if request.method == "POST" and form.is_valid():
        try:
            ended = actions.end_post(post, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            moved = sum(ended.handed_over.values())
            messages.success(request, _("任职已结束，移交 %(count)s 件工作。") % {"count": moved})
            return redirect(post.user)
    context = {"form": form, "ending": post}
    context["key"] = request.POST.get("_key") or secrets.token_urlsafe(12)
    return render(request, "accounts/post_end.html", context, status=422 if form.errors else 200)


@allowed("accounts.manage")
def post_cover(request: StaffRequest, pk: int) -> HttpResponse:
    """Lend the post of someone who is away unexpectedly."""
    rows = Post.objects.visible_to(request.actor).select_related("user", "unit")
    post = get_object_or_404(rows, pk=pk)
    form = LoanForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and lend(request, form, post, own=False):
        return redirect(post.user)
    context = {"form": form, "lent": post}
    return render(request, "accounts/post_cover.html", context, status=422 if form.errors else 200)


def lend(request: StaffRequest, form: LoanForm, post: Post, *, own: bool) -> bool:
    """Do it, or show on the form why not; gives whether it was done."""
    facts = dict(form.cleaned_data)
    to = account_named(facts.pop("username"))
    if to is None:
        form.add_error("username", _("没有这个用户名的在用账号。"))
        return False
    do = actions.delegate if own else actions.cover
    try:
        do(post, to=to, **facts, by=request.actor)
    except Refused as refusal:
        refusal.blame(form)
        return False
    messages.success(request, _("已委托给 %(name)s。") % {"name": to.name})
    return True


@allowed("accounts.delegate")
@require_POST
def delegation_end(request: StaffRequest, pk: int) -> HttpResponse:
    """The holder is back."""
    rows = Delegation.objects.visible_to(request.actor).select_related("post")
    try:
        actions.end_delegation(get_object_or_404(rows, pk=pk), by=request.actor)
        messages.success(request, _("委托已结束。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:me")


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Act from another of the own posts from now on; journaled, and only among those offered."""
    user = cast("User", request.user)
    wanted = request.POST.get("post", "")
    offered = {str(post.pk): (post, acting) for post, acting in posts_of(user)}
    if wanted in offered:
        post, acting = offered[wanted]
        request.session[SESSION_KEY] = post.pk
        actor = Actor.of(post, acting=acting)
        record_line("accounts.switch", post, actor, {"post": actor.label})
        messages.success(request, _("现在的岗位：%(post)s") % {"post": actor.label})
    else:
        messages.error(request, _("这个岗位现在不能用，可能已经到期。"))
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "accounts:me")
