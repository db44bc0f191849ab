"""Work areas of organisations: opened, with the people who sign in."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.orders import actions
from yiwang.orders.forms import WorkerForm, WorkplaceForm
from yiwang.orders.models import Workplace


def _shown_once(request: StaffRequest, post: Post) -> None:
    user = post.user
    words = _("%(name)s的登录名是 %(username)s，初始密码是 %(password)s，只显示这一次。")
    said = {"name": user.name, "username": user.username, "password": user.temporary_password}
    messages.warning(request, words % said)


@require_http_methods(["GET", "POST"])
@allowed("orders.accounts")
def workplaces(request: StaffRequest) -> HttpResponse:
    """The work areas of the area, and opening one more."""
    today = timezone.localdate()
    form = WorkplaceForm(request.POST or None, actor=request.actor, today=today)

    def act() -> None:
        said = dict(form.cleaned_data)
        organization = said.pop("organization")
        _shown_once(request, actions.open_workplace(organization, **said, by=request.actor))

    if carried_out(request, form, act, _("工作区已开通。")):
        return redirect("orders:workplaces")
    held = Post.objects.visible_to(request.actor).held_on(today).select_related("user")
    rows = Workplace.objects.visible_to(request.actor).select_related("organization__division")
    if text := request.GET.get("q", "").strip()[:40]:
        rows = rows.filter(organization__name__icontains=text)
    rows = rows.prefetch_related(Prefetch("unit__posts", held, to_attr="held"))
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "q": text}
    return render(request, "orders/workplaces.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allowed("orders.accounts")
def workplace(request: StaffRequest, pk: int) -> HttpResponse:
    """One organisation's accounts."""
    found = _visible(request, pk)
    form = WorkerForm(request.POST or None)

    def act() -> None:
        _shown_once(request, actions.add_worker(found, **form.cleaned_data, by=request.actor))

    if carried_out(request, form, act, _("账号已开通。")):
        return redirect("orders:workplace", found.pk)
    posts = (
        Post.objects.visible_to(request.actor).held_on(timezone.localdate()).filter(unit=found.unit)
    )
    context = {"workplace": found, "form": form, "posts": posts.select_related("user")}
    return render(request, "orders/workplace.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("orders.accounts")
def end(request: StaffRequest, pk: int, post: int) -> HttpResponse:
    """Somebody no longer works for the organisation."""
    found = _visible(request, pk)
    worker = get_object_or_404(found.unit.posts, pk=post)
    try:
        actions.end_worker(found, post=worker, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("账号已停用。"))
    return redirect("orders:workplace", found.pk)


def _visible(request: StaffRequest, pk: int) -> Workplace:
    rows = Workplace.objects.visible_to(request.actor).select_related("organization", "unit")
    return get_object_or_404(rows, pk=pk)
