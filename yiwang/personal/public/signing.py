"""Signing in with telephone and password, or with the code from the community (DIV-14)."""

from typing import Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.personal import actions
from yiwang.personal.forms.own import CodeForm, SignInForm
from yiwang.personal.http import OwnRequest, before_reading, page, sign_in, sign_out, visit_of
from yiwang.personal.models import Attempt, Notice, ResidentAccount
from yiwang.personal.models.account import phone_key
from yiwang.personal.reads import (
    account_for,
    code_for,
    consents_of,
    locked_until_of,
    notice_in_force,
    own_actor,
    password_faults_of,
)
from yiwang.personal.rules.purposes import purposes

OWN: Final = "/my/"


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Telephone and password; a wrong one says the same for everybody, five lock the number."""
    if request.method != "POST":
        if visit_of(request) is not None:
            return redirect("my:home")
        return page(request, "sign_in", form=SignInForm(), next=_onward(request))
    form = SignInForm(request.POST)
    if form.is_valid():
        account = _known(form)
        if account is not None:
            rotate_token(request)
            return sign_in(request, redirect(_onward(request)), account)
    return page(request, "sign_in", status=422, form=form, next=_onward(request))


def _known(form: SignInForm) -> ResidentAccount | None:
    phone = form.cleaned_data["phone"]
    if _is_locked(form, phone):
        return None
    account = account_for(phone, form.cleaned_data["password"])
    if account is None:
        _count(phone)
        if not _is_locked(form, phone):
            form.add_error(None, _("手机号或密码不对。忘了密码，请社区重新发登录码。"))
    return account


def _is_locked(form: forms.Form, phone: str) -> bool:
    until = locked_until_of(phone)
    if until is None:
        return False
    sentence = _("输错的次数太多，%(time)s 以后再试；着急请打电话或到社区窗口。")
    form.add_error(None, sentence % {"time": timezone.localtime(until).strftime("%H:%M")})
    return True


def _count(phone: str) -> None:
    actions.spend_try(Attempt(digest=phone_key(phone)), by=Actor.public("personal.enter"))


def _onward(request: HttpRequest) -> str:
    """Back to the page asked for, if it is one of the residents' own."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    plain = asked.startswith(OWN) and "//" not in asked and "\\" not in asked
    return asked if plain else reverse("my:home")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """First log-in, and a forgotten password: the code from the community, and a new password."""
    if request.method != "POST":
        return page(request, "code", form=CodeForm())
    form = CodeForm(request.POST)
    if form.is_valid():
        account = _bound(form)
        if account is not None:
            rotate_token(request)
            return sign_in(request, redirect("my:home"), account)
    return page(request, "code", status=422, form=form)


def _bound(form: CodeForm) -> ResidentAccount | None:
    said = form.cleaned_data
    if _is_locked(form, said["phone"]):
        return None
    given = code_for(said["phone"], said["code"])
    if given is None:
        _count(said["phone"])
        if not _is_locked(form, said["phone"]):
            form.add_error("code", _("登录码不对或已过期。手机号要和发码时登记的一样。"))
        return None
    faults = password_faults_of(given.resident, said["password"])
    for fault in faults:
        form.add_error("password", fault)
    if faults:
        return None
    try:
        return actions.use_code(given, password=said["password"], by=own_actor(given.resident))
    except Refused as refusal:
        refusal.blame(form)
        return None


@require_POST
@before_reading
def leave(request: OwnRequest) -> HttpResponse:
    """Sign out; nothing of the person stays in the browser."""
    actions.end_session(request.visit.session, by=request.visit.actor)
    list(messages.get_messages(request))
    messages.success(request, _("已退出。"))
    rotate_token(request)
    return sign_out(redirect("my:sign-in"))


@login_not_required
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """The privacy notice as everybody may read it, each version of it."""
    versions = list(Notice.objects.public())
    shown = notice_in_force(timezone.localdate())
    for one in versions:
        if str(one.version) == request.GET.get("version", ""):
            shown = one
    return page(request, "notice", notice=shown, versions=versions, purposes=purposes().values())


@require_http_methods(["GET", "HEAD", "POST"])
@before_reading
def read(request: OwnRequest) -> HttpResponse:
    """Shown at the first log-in and after a change; the agreements are asked one by one."""
    visit, shown = request.visit, notice_in_force(timezone.localdate())
    if shown is None:
        return redirect("my:home")
    asks = [one for one in purposes().values() if one.asks]
    agreed = set(consents_of(visit.holder))
    if request.method != "POST":
        return page(request, "read", notice=shown, asks=asks, agreed=agreed)
    if "online_account" not in {*request.POST.getlist("purpose"), *agreed}:
        wrong = _("没有这一项同意，不能使用网上账号；到窗口办事不受影响。")
        return page(
            request, "read", status=422, notice=shown, asks=asks, agreed=agreed, wrong=wrong
        )
    by = own_actor(visit.holder)
    for one in asks:
        if one.code in request.POST.getlist("purpose"):
            actions.give_consent(visit.holder, purpose=one.code, how="online", by=by)
    actions.read_notice(visit.account, notice=shown, by=by)
    return redirect("my:home")
