"""My account and who acts for whom: sessions, password, agents on both sides (DIV-14)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.personal import actions
from yiwang.personal.forms.own import AgentForm, PasswordForm
from yiwang.personal.http import OwnRequest, anybodys_page, own_page, page, sign_out
from yiwang.personal.models import Attempt, Authorisation
from yiwang.personal.models.account import phone_key
from yiwang.personal.reads import locked_until_of, own_actor, person_named
from yiwang.residents.models import Resident


@require_safe
@anybodys_page
def account(request: OwnRequest) -> HttpResponse:
    """Where I am signed in, and my password."""
    return _show(request, PasswordForm())


def _show(request: OwnRequest, form: PasswordForm) -> HttpResponse:
    open_ones = request.visit.account.sessions.filter(ended_at__isnull=True)
    status = 422 if form.errors else 200
    return page(request, "account", "account", status=status, form=form, sessions=open_ones)


@sensitive_post_parameters()
@require_http_methods(["POST"])
@anybodys_page
def password(request: OwnRequest) -> HttpResponse:
    """A new password; other browsers are signed out."""
    visit, form = request.visit, PasswordForm(request.POST)
    if form.is_valid():
        try:
            actions.change_password(
                visit.account, old=form.cleaned_data["old"], new=form.cleaned_data["password"],
                session=visit.session, by=visit.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("密码已改，其他设备已退出。"))
            return redirect("my:account")
    return _show(request, form)


@require_POST
@anybodys_page
def end_one(request: OwnRequest, pk: int) -> HttpResponse:
    """Sign out at one other browser."""
    session = get_object_or_404(request.visit.account.sessions, pk=pk)
    actions.end_session(session, by=request.visit.actor)
    messages.success(request, _("那台设备已退出。"))
    return redirect("my:account")


@require_POST
@anybodys_page
def end_all(request: OwnRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    actions.end_sessions(request.visit.account, by=request.visit.actor)
    messages.success(request, _("所有设备都已退出。"))
    return sign_out(redirect("my:sign-in"))


@require_safe
@own_page
def agents(request: OwnRequest) -> HttpResponse:
    """Who acts for me, and for whom I act."""
    person, today = request.visit.person, timezone.localdate()
    held = Authorisation.objects.for_holder(person).select_related(
        "resident__division", "holder__division"
    )
    rows = [(one, one.is_in_force(today)) for one in held]
    return page(
        request, "agents", "agents",
        given=[row for row in rows if row[0].resident_id == person.pk],
        received=[row for row in rows if row[0].holder_id == person.pk],
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@anybodys_page
def agent_new(request: OwnRequest) -> HttpResponse:
    """I let somebody act for me; nobody hands on what she holds for another."""
    visit = request.visit
    if visit.for_another:
        messages.error(request, _("代办时不能再授权别人，请先回到自己的页面。"))
        return redirect("my:agents")
    form = AgentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        holder = _named(form, visit.holder)
        if holder is not None and _granted(request, form, holder):
            return redirect("my:agents")
    return page(request, "agent_new", "agents", status=422 if form.errors else 200, form=form)


def _named(form: AgentForm, asker: Resident) -> Resident | None:
    """The person of this name and telephone; guessing is counted and locked like log-ins."""
    said = form.cleaned_data
    key = f"agent.{asker.pk}"
    if locked_until_of(key) is not None:
        form.add_error(None, _("对不上的次数太多，请过一会儿再试，或两人一起到社区窗口办理。"))
        return None
    held = person_named(said["name"], said["phone"])
    if held is None:
        actions.spend_try(Attempt(digest=phone_key(key)), by=Actor.public("personal.enter"))
        form.add_error("phone", _("姓名和手机号对不上。请核对，或两人一起到社区窗口办理。"))
    return held


def _granted(request: OwnRequest, form: AgentForm, holder: Resident) -> bool:
    said = form.cleaned_data
    try:
        actions.grant_authorisation(
            request.visit.holder, holder=holder, relation=said["relation"], scopes=said["scopes"],
            basis="herself", ends_on=said["ends_on"], by=request.visit.actor,
        )  # fmt: skip
    except Refused as refusal:
        refusal.blame(form)
        return False
    messages.success(request, _("授权已经生效，随时可以撤销。"))
    return True


@require_POST
@anybodys_page
def agent_end(request: OwnRequest, pk: int) -> HttpResponse:
    """Either side ends it at once; who acts for another ends only what is her own."""
    mine = Authorisation.objects.for_holder(request.visit.holder)
    by = own_actor(request.visit.holder)
    try:
        actions.revoke_authorisation(get_object_or_404(mine, pk=pk), by=by)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("授权已经撤销，立即生效。"))
    return redirect("my:agents")


@require_POST
@anybodys_page
def switch(request: OwnRequest) -> HttpResponse:
    """From now on the pages are about whom I act for, or about me again."""
    visit, number = request.visit, request.POST.get("person", "")
    given = Authorisation.objects.for_holder(visit.holder).filter(holder=visit.holder)
    chosen = (
        given.filter(resident_id=int(number)).first()
        if number.isdecimal() and len(number) < 19
        else None
    )
    try:
        actions.act_for(
            visit.session, person=chosen.resident if chosen else None, by=own_actor(visit.holder)
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("my:home")
