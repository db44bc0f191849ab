"""Where is my matter: by number and last four digits, in plain words (SVC-04, INF-09)."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.core.official import PDF, as_pdf
from yiwang.core.reads import parameter
from yiwang.core.rules.wording import grouped
from yiwang.matters.actions import (
    answer_correction,
    forget_tracking_failures,
    note_tracking_failure,
)
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Matter
from yiwang.matters.reads import find_tracked, reached_number
from yiwang.matters.reads.results import file_name, official_result
from yiwang.portal.actions import note_guess
from yiwang.portal.forms import CorrectionForm, TrackForm
from yiwang.portal.models import Guess
from yiwang.portal.reads.tracking import (
    guess_of,
    matter_of,
    numbers_together,
    parts_together,
    progress_of,
)
from yiwang.queues.reads.booking import plans_near

from .access import NotOpen, close, open_up, opened
from .catalogue import qr
from .frame import page
from .rating import APPLICANT, rating_page

MatterView = Callable[[HttpRequest, Matter], HttpResponse]


def for_holder(view: MatterView) -> Callable[[HttpRequest, str], HttpResponse]:
    """A page of one matter, for whoever proved to hold its number a short while ago."""

    @wraps(view)
    def guarded(request: HttpRequest, number: str) -> HttpResponse:
        try:
            matter = opened(request, number)
        except NotOpen:
            messages.info(request, _("请再填一次手机号末四位，才能看这件事。"))
            return redirect(f"{reverse('portal:track')}?{urlencode({'number': number})}")
        return view(request, matter)

    return login_not_required(guarded)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Ask for number and digits; the right answer opens the matter for a short while."""
    if request.method != "POST":
        typed = {"number": request.GET.get("number", "")[:40]}
        return page(request, "track", "track", form=TrackForm(initial=typed))
    form = TrackForm(request.POST)
    if form.is_valid():
        found = _proved(form)
        if found is not None:
            for number in reversed(numbers_together(found)):
                open_up(request, number)
            return redirect("portal:matter", number=found.number)
    return page(request, "track", "track", status=422, form=form)


def _proved(form: TrackForm) -> Matter | None:
    """The matter when number and digits agree; else the form says how many tries are left.

    A number that does not exist is answered, counted and locked exactly like one that does.
    """
    number, digits = form.cleaned_data["number"], form.cleaned_data["last_four"]
    number = reached_number(number)
    tried: Matter | Guess = matter_of(number) or guess_of(number)
    if _is_locked(tried):
        form.add_error(None, _locked(tried))
        return None
    if isinstance(tried, Matter) and find_tracked(number, digits) is not None:
        if tried.tracking_failures:
            forget_tracking_failures(tried, by=Actor.public("matters.track"))
        return tried
    tried = _count(tried)
    form.add_error(None, _locked(tried) if _is_locked(tried) else _wrong(_tries_left(tried)))
    return None


def _until(tried: Matter | Guess) -> datetime | None:
    return tried.tracking_locked_until if isinstance(tried, Matter) else tried.locked_until


def _is_locked(tried: Matter | Guess) -> bool:
    until = _until(tried)
    return until is not None and until > timezone.now()


def _count(tried: Matter | Guess) -> Matter | Guess:
    if isinstance(tried, Matter):
        return note_tracking_failure(tried, by=Actor.public("matters.track"))
    return note_guess(tried, by=Actor.public("portal.guess"))


def _tries_left(tried: Matter | Guess) -> int:
    used = tried.tracking_failures if isinstance(tried, Matter) else tried.failures
    return int(parameter("matters.tracking_tries")) - used


def _wrong(left: int) -> forms.ValidationError:
    sentence = ngettext(
        "编号和手机号末四位对不上，请核对后再试。还可以试 %(left)s 次。",
        "编号和手机号末四位对不上，请核对后再试。还可以试 %(left)s 次。",
        left,
    )
    return forms.ValidationError(sentence % {"left": left}, code="wrong")


def _locked(tried: Matter | Guess) -> forms.ValidationError:
    until = timezone.localtime(_until(tried)).strftime("%H:%M")
    sentence = _("对不上的次数太多，这个编号 %(time)s 以后才能再查。您也可以打电话询问。")
    return forms.ValidationError(sentence % {"time": until}, code="locked")


@for_holder
def matter(request: HttpRequest, found: Matter) -> HttpResponse:
    """Where the matter is, since when, by when; path, timeline, what is asked, the result."""
    bookable = bool(plans_near(found.resident.division_id))
    return page(
        request,
        "matter",
        "track",
        matter=found,
        progress=progress_of(found),
        bookable=bookable,
        together=parts_together(found),
    )


@for_holder
def correct(request: HttpRequest, found: Matter) -> HttpResponse:
    """Answer the one notice that names everything missing (SV-1)."""
    progress = progress_of(found)
    if not progress.asks_correction or progress.correction is None:
        messages.info(request, _("这件事现在不需要补材料。"))
        return redirect("portal:matter", number=found.number)
    items = progress.correction.items
    if request.method != "POST":
        return _correction(request, found, CorrectionForm(items))
    form = CorrectionForm(items, request.POST, request.FILES)
    if form.is_valid() and _answered(form, found):
        messages.success(request, _("材料已经收到，接着办理。"))
        return redirect("portal:matter", number=found.number)
    return _correction(request, found, form, status=422)


def _correction(
    request: HttpRequest, found: Matter, form: CorrectionForm, status: int = 200
) -> HttpResponse:
    progress = progress_of(found)
    most = parameter("matters.attachment_megabytes")
    return page(
        request, "correct", "track", status=status, matter=found, progress=progress, form=form,
        most=most,
    )  # fmt: skip


def _answered(form: CorrectionForm, found: Matter) -> bool:
    origin = form.data.get("origin") == "yes"
    papers = [HandedIn(code, upload=file, origin=origin) for code, file in form.uploads().items()]
    by = Actor.public("matters.correct", label=APPLICANT)
    try:
        answer_correction(found, answers=form.answers(), materials=papers, by=by)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@for_holder
def rate(request: HttpRequest, found: Matter) -> HttpResponse:
    """One rating of five grades, once, within the days of the parameter (SVC-24)."""
    return rating_page(request, found, reverse("portal:rate", args=[found.number]))


@for_holder
def result(request: HttpRequest, found: Matter) -> HttpResponse:
    """The result as an official document, printable, with its verification code (SVC-07)."""
    progress = progress_of(found)
    if progress.result is None:
        raise Http404(_("这件事还没有办理结果。"))
    address = request.build_absolute_uri(reverse("portal:verify", args=[progress.result.code]))
    return page(
        request, "result", "track", matter=found, progress=progress, result=progress.result,
        address=address, qr=qr(address), code=grouped(progress.result.code),
    )  # fmt: skip


@for_holder
def result_file(request: HttpRequest, found: Matter) -> HttpResponse:
    """The same as PDF, to keep or to send."""
    progress = progress_of(found)
    if progress.result is None:
        raise Http404(_("这件事还没有办理结果。"))
    address = request.build_absolute_uri(reverse("portal:verify", args=[progress.result.code]))
    body = as_pdf(official_result(found, address, found.resident.masked_name))
    answer = HttpResponse(body, content_type=PDF)
    name = f"{file_name(progress.result)}.pdf"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer


@login_not_required
@require_POST
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """Close the matter on this computer."""
    close(request, number)
    messages.success(request, _("已经退出查看。"))
    return redirect("portal:track")
