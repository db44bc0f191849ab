"""People: the list, one person, opening and changing accounts."""

import secrets
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from yiwang.accounts import actions
from yiwang.accounts.forms.people import PersonChangeForm, PersonForm
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Delegation, Post, Unit, User
from yiwang.accounts.reads import lock_of, people_matching, second_factors, session_count
from yiwang.accounts.roles import Role
from yiwang.accounts.sheets import table
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.masking import mask_phone
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of

from .places import chosen_place, place_list

SORTS: dict[str, Any] = {
    "name": "name_pinyin", "-name": "-name_pinyin", "username": "username",
    "-username": "-username", "seen": F("last_login").asc(nulls_first=True),
    "-seen": F("last_login").desc(nulls_last=True),
}  # fmt: skip


def _held(request: StaffRequest) -> QuerySet[Post]:
    return (
        Post.objects.visible_to(request.actor)
        .held_on(timezone.localdate())
        .select_related("unit", "division")
    )


def _filtered(request: StaffRequest) -> QuerySet[User]:
    """The people of the area as the address filters them."""
    asked = request.GET
    people = people_matching(User.objects.visible_to(request.actor), asked.get("q", "")[:60])
    posts = _held(request).filter(user=OuterRef("pk"))
    if asked.get("role") in Role.values:
        people = people.filter(Exists(posts.filter(role=asked["role"])))
    if asked.get("unit", "").isdigit():
        people = people.filter(Exists(posts.filter(unit_id=int(asked["unit"]))))
    if asked.get("division", "").isdigit():
        area = range_of(int(asked["division"]))
        people = people.filter(Exists(posts.filter(division_id__range=(area.lo, area.hi))))
    if asked.get("state") == "vacant":
        people = people.filter(~Exists(posts), is_active=True)
    if asked.get("state") == "stopped":
        people = people.filter(is_active=False)
    people = people.order_by(SORTS.get(asked.get("sort", ""), "name_pinyin"), "pk")
    return people.prefetch_related(Prefetch("posts", _held(request), to_attr="held"))


def _applied(request: StaffRequest) -> list[dict[str, str]]:
    """The filters in force as removable chips."""
    asked, chips = request.GET, []
    if asked.get("q"):
        chips.append({"key": "q", "label": asked["q"]})
    if asked.get("role") in Role.values:
        chips.append({"key": "role", "label": str(Role(asked["role"]).label)})
    if asked.get("unit", "").isdigit():
        unit = Unit.objects.visible_to(request.actor).filter(pk=asked["unit"]).first()
        chips.append({"key": "unit", "label": str(unit or asked["unit"])})
    if asked.get("division", "").isdigit():
        place = Division.objects.visible_to(request.actor).filter(pk=asked["division"]).first()
        chips.append({"key": "division", "label": place.label if place else asked["division"]})
    states = {"vacant": _("没有岗位"), "stopped": _("已停用")}
    if asked.get("state") in states:
        chips.append({"key": "state", "label": states[asked["state"]]})
    return chips


@allowed("accounts.view")
def people(request: StaffRequest) -> HttpResponse:
    """Everyone with a post in the area, searched by name, pinyin or user name."""
    page = Paginator(_filtered(request), int(parameter("core.page_rows"))).get_page(
        request.GET.get("page")
    )
    children = Division.objects.visible_to(request.actor).filter(parent=request.actor.division_id)
    context = {
        "page": page,
        "roles": Role.choices,
        "children": children.current().served(),
        "filters": _applied(request),
    }
    return render(request, "accounts/people.html", context)


@allowed("accounts.view")
def people_export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, as a workbook; the export is journaled."""
    limit = int(parameter("core.export_rows"))
    found = list(_filtered(request)[:limit])
    heads = [_("姓名"), _("用户名"), _("岗位"), _("单位"), _("区划"), _("最近登录"), _("账号")]
    rows = [
        _row(person, post) for person in found for post in (getattr(person, "held", None) or [None])
    ]
    name = _("人员名单")
    record_line("accounts.export", request.actor, request.actor, {"rows": len(rows)})
    return workbook(name, table(name, heads, rows, by=request.actor))


def _row(person: User, post: Post | None) -> list[str]:
    seen = (
        timezone.localtime(person.last_login).strftime("%Y-%m-%d %H:%M")
        if person.last_login
        else ""
    )
    place = [post.get_role_display(), post.unit.name, post.division.name] if post else ["", "", ""]
    state = _("在用") if person.is_active else pgettext("state", "停用")
    return [person.name, person.username, *place, seen, state]


def workbook(name: str, content: bytes) -> HttpResponse:
    """A download of an XLSX file with a Chinese name."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response


@allowed("accounts.view")
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One person: posts now and before, delegations, log-ins, lock."""
    found = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    return _person_page(request, found)


def _person_page(request: StaffRequest, found: User, **more: Any) -> HttpResponse:
    today = timezone.localdate()
    posts = Post.objects.visible_to(request.actor).filter(user=found)
    posts = posts.select_related("unit", "division", "successor__user")
    loans = Delegation.objects.visible_to(request.actor).in_force(today)
    context = {
        "person": found,
        "current": [post for post in posts if post.is_held(today)],
        "others": [post for post in posts if not post.is_held(today)],
        "loans": loans.filter(post__user=found).select_related("to", "post__unit"),
        "locked_until": lock_of(found.username),
        "sessions": session_count(found),
        "second_factor": second_factors(found),
        "phone": mask_phone(found.phone) if found.phone else "",
        "manages": request.actor.may("accounts.manage", found),
        "today": today,
        "key": secrets.token_urlsafe(12),
        **more,
    }
    return render(request, "accounts/person.html", context)


@allowed("accounts.view")
@require_POST
def reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """The whole telephone number, with a line in the journal."""
    found = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    record_line("accounts.reveal", found, request.actor, {"field": "phone"})
    return _person_page(request, found, phone=found.phone, revealed=True)


@allowed("accounts.manage")
def person_new(request: StaffRequest) -> HttpResponse:
    """Open an account in a division of the own area."""
    home = chosen_place(request) or get_object_or_404(
        Division.objects.visible_to(request.actor), pk=request.actor.division_id
    )
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            created = actions.create_person(home, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            return _with_password(request, created)
    context = {"form": form, "home": home, "picker": place_list(request)}
    context["key"] = request.POST.get("_key") or secrets.token_urlsafe(12)
    return render(request, "accounts/person_new.html", context, status=422 if form.errors else 200)


def _with_password(request: StaffRequest, person: User) -> HttpResponse:
    """The temporary password, shown this once; a repeat of the request shows none."""
    context = {
        "person": person,
        "password": getattr(person, "temporary_password", ""),
        "hours": parameter("accounts.invitation_hours"),
    }
    return render(request, "accounts/password_once.html", context)


@allowed("accounts.manage")
def person_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct name or telephone, stop or reopen the account."""
    found = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    initial = {"name": found.name, "phone": found.phone, "is_active": found.is_active}
    form = PersonChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_person(found, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect(found)
    context = {"form": form, "person": found}
    return render(request, "accounts/person_edit.html", context, status=422 if form.errors else 200)


@allowed("accounts.manage")
@require_POST
def person_reset(request: StaffRequest, pk: int) -> HttpResponse:
    """A new temporary password."""
    found = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    try:
        return _with_password(request, actions.reset_password(found, by=request.actor))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)


@allowed("accounts.manage")
@require_POST
def person_unlock(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget the failures that locked the account."""
    found = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    try:
        actions.unlock(found, by=request.actor)
        messages.success(request, _("已解锁，本人可以登录了。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(found)
