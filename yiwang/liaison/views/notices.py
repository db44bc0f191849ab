"""Notices: what came in, what went out, one notice with its receipts (HOT-09)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import carried_out, file_answer
from yiwang.liaison import actions
from yiwang.liaison.forms.filters import InboxFilter, OutboxFilter, ReceiptFilter
from yiwang.liaison.forms.notices import NoticeForm, QuestionForm, ReplyForm, WithdrawForm
from yiwang.liaison.models import NoticeFile, Receipt, WorkNotice
from yiwang.liaison.reads.notices import STATES, own_receipt, reading, with_reading
from yiwang.liaison.sheets import receipts_workbook

from .furniture import as_file, done, home_of, listed, page_of, sorted_by


@require_GET
@allowed("liaison.view")
def inbox(request: StaffRequest) -> HttpResponse:
    """What came to the own place; ?state=waiting is what is to be confirmed."""
    form = InboxFilter(request.GET)
    came = Receipt.objects.visible_to(request.actor).to(request.actor.division_id)
    rows = form.narrowed(came).select_related("notice__division")
    rows = sorted_by(request, rows, ("-notice__sent_at", "notice__sent_at", "notice__due_at"))
    return listed(request, "notices", rows, form, box="in", now=timezone.now())


@require_GET
@allowed("liaison.view")
def outbox(request: StaffRequest) -> HttpResponse:
    """What the own place sent, with how many have confirmed."""
    form = OutboxFilter(request.GET)
    own = request.actor.division_id
    sent = WorkNotice.objects.visible_to(request.actor).filter(division_id=own)
    rows = with_reading(form.narrowed(sent).select_related("under"))
    rows = sorted_by(request, rows, ("-sent_at", "sent_at", "due_at", "-due_at"))
    return listed(request, "notices_sent", rows, form, box="out", now=timezone.now())


@require_http_methods(["GET", "POST"])
@allowed("liaison.notify")
def send(request: StaffRequest) -> HttpResponse:
    """Write and send a notice from the own place."""
    form = NoticeForm(request.POST or None, request.FILES or None, actor=request.actor)
    made: list[WorkNotice] = []

    def act() -> None:
        upload = form.cleaned_data.get("upload")
        made.append(
            actions.send_notice(
                home_of(request), letter=form.letter(), uploads=[upload] if upload else [],
                by=request.actor,
            )
        )  # fmt: skip

    if carried_out(request, form, act, _("通知已发出。")):
        return redirect(made[0])
    status = 422 if form.errors else 200
    return render(request, "liaison/notice_new.html", {"form": form}, status=status)


def _visible(request: StaffRequest, pk: int) -> WorkNotice:
    rows = WorkNotice.objects.visible_to(request.actor).select_related("division", "under")
    return get_object_or_404(rows, pk=pk)


def _receipts(request: StaffRequest, found: WorkNotice, form: ReceiptFilter) -> QuerySet[Receipt]:
    every = Receipt.objects.visible_to(request.actor).filter(notice=found)
    rows = form.narrowed(every, STATES).select_related("division__parent")
    return sorted_by(request, rows, ("confirmed_at", "-confirmed_at", "division", "-division"))


@require_GET
@allowed("liaison.view")
def notice(request: StaffRequest, pk: int) -> HttpResponse:
    """One notice; opened in the place it went to, it counts as read there."""
    found = _visible(request, pk)
    mine = found.receipts.filter(division_id=request.actor.division_id).first()
    if mine and not mine.read_at and request.actor.may("liaison.confirm", mine):
        mine = actions.read_notice(mine, by=request.actor)
    return _page(request, found, mine)


def _page(
    request: StaffRequest, found: WorkNotice, mine: Receipt | None, **forms: Any
) -> HttpResponse:
    actor, form = request.actor, ReceiptFilter(request.GET)
    manages = actor.see.holds(found.division_id)
    context = {
        "notice": found, "mine": mine, "now": timezone.now(), "form": form,
        "filters": form.applied(), "query": request.GET.urlencode(),
        "files": list(found.files.all()), "manages": manages,
        "may_send": actor.may("liaison.notify", found) and not found.withdrawn_at,
        "may_confirm": bool(mine) and actor.may("liaison.confirm", mine) and not found.withdrawn_at,
        "question_form": QuestionForm(), "withdraw_form": WithdrawForm(), "reply_form": ReplyForm(),
        **forms,
    }  # fmt: skip
    if manages:
        rows = _receipts(request, found, form)
        context["page"] = page_of(request, rows)
        context["counts"] = reading(Receipt.objects.visible_to(request.actor).filter(notice=found))
    return render(request, "liaison/notice.html", context, status=422 if forms else 200)


@require_GET
@allowed("liaison.view")
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """The receipts as a workbook; on record."""
    rows = _receipts(request, _visible(request, pk), ReceiptFilter(request.GET))
    return as_file(request, rows, receipts_workbook, "receipts")


@require_POST
@allowed("liaison.confirm")
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """The own place has taken note."""
    found, actor = _visible(request, pk), request.actor
    done(
        request, lambda: actions.confirm_notice(own_receipt(found, actor), by=actor), _("已确认。")
    )
    return redirect(found)


@require_POST
@allowed("liaison.confirm")
def ask(request: StaffRequest, pk: int) -> HttpResponse:
    """A question upward."""
    found, actor, form = _visible(request, pk), request.actor, QuestionForm(request.POST)

    def act() -> None:
        actions.ask_back(own_receipt(found, actor), **form.cleaned_data, by=actor)

    if carried_out(request, form, act, _("提问已送达发出的一级。")):
        return redirect(found)
    mine = found.receipts.filter(division_id=actor.division_id).first()
    return _page(request, found, mine, question_form=form)


@require_POST
@allowed("liaison.notify")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """The answer to one place."""
    found, form = _visible(request, pk), ReplyForm(request.POST)

    def act() -> None:
        actions.answer_question(found, **form.cleaned_data, by=request.actor)

    request.actor.must("liaison.notify", found)
    if carried_out(request, form, act, _("答复已送达。")):
        return redirect(found)
    return _page(request, found, None, reply_form=form)


@require_POST
@allowed("liaison.notify")
def remind(request: StaffRequest, pk: int) -> HttpResponse:
    """Remind everybody who has not confirmed."""
    found = _visible(request, pk)
    done(
        request, lambda: actions.remind_of_notice(found, by=request.actor),
        _("已提醒没有确认的区划。"),
    )  # fmt: skip
    return redirect(found)


@require_POST
@allowed("liaison.notify")
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take it back."""
    found, form = _visible(request, pk), WithdrawForm(request.POST)

    def act() -> None:
        actions.withdraw_notice(found, **form.cleaned_data, by=request.actor)

    request.actor.must("liaison.notify", found)
    if carried_out(request, form, act, _("通知已撤回。")):
        return redirect(found)
    return _page(request, found, None, withdraw_form=form)


@require_GET
@allowed("liaison.view")
def file(request: StaffRequest, pk: int) -> HttpResponseBase:
    """An attachment, as a download under its real type."""
    found = get_object_or_404(NoticeFile.objects.visible_to(request.actor), pk=pk)
    return file_answer(found, found.file_name.rpartition(".")[0])
