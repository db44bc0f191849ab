"""The first start of an empty installation: data step by step, then the first administrator."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from yiwang.accounts import actions, sheets
from yiwang.accounts.actor import Actor
from yiwang.accounts.forms.tokens import FirstStartForm
from yiwang.accounts.models import Unit
from yiwang.accounts.reads import nobody_has_an_account
from yiwang.core import sheets as core_sheets
from yiwang.core.errors import Refused
from yiwang.core.models import CalendarDay, Parameter
from yiwang.divisions import sheets as division_sheets
from yiwang.divisions.models import Division


def _parameters() -> None:
    core_sheets.load_parameters(core_sheets.DATA / "parameters.csv")


def _calendar() -> None:
    core_sheets.load_calendar(core_sheets.DATA / "calendar.csv")


def _divisions() -> None:
    division_sheets.load_city()


def _departments() -> None:
    sheets.load_departments(_city())


def _city() -> Division:
    return Division.objects.public().get(pk=settings.CITY)


STEPS: tuple[tuple[str, object, Callable[[], bool], Callable[[], object]], ...] = (
    ("parameters", gettext_lazy("法规和方案的参数"), Parameter.objects.exists, _parameters),
    ("calendar", gettext_lazy("工作日历"), CalendarDay.objects.exists, _calendar),
    (
        "divisions",
        gettext_lazy("南通市的市、县、乡、村四级区划"),
        lambda: Division.objects.filter(pk=settings.CITY).exists(),
        _divisions,
    ),
    (
        "departments",
        gettext_lazy("各级部门、服务中心和村（居）委会"),
        Unit.objects.exists,
        _departments,
    ),
    # What lies above this app is named by the settings: accounts know nothing of matters.
    *(
        (code, label, import_string(is_done), import_string(load))
        for code, label, is_done, load in settings.FIRST_START
    ),
)


@login_not_required
def first_start(request: HttpRequest) -> HttpResponse:
    """Open only while nobody has an account: what is loaded, what is next, then the form."""
    if not nobody_has_an_account():
        return redirect(settings.LOGIN_URL)
    steps = _progress()
    ready = all(done for _code, _label, done in steps)
    form = FirstStartForm(request.POST or None) if ready else None
    if form is not None and request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            actions.first_start(
                _city(), username=facts["username"], name=facts["name"],
                password=facts["password1"], by=Actor.system(),
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("第一位系统管理员已建立，请用刚才的用户名和密码登录。"))
            return redirect(settings.LOGIN_URL)
    context = {"steps": steps, "form": form, "begun": _begun(steps)}
    return render(request, "accounts/first_start.html", context, status=_status(form))


def _begun(steps: list[tuple[str, object, bool]]) -> bool:
    """Whether somebody chose the city: law and calendar are there from the installation on."""
    return any(done for code, _label, done in steps if code not in {"parameters", "calendar"})


def _status(form: FirstStartForm | None) -> int:
    return 422 if form is not None and form.errors else 200


def _progress() -> list[tuple[str, object, bool]]:
    return [(code, label, is_done()) for code, label, is_done, _do in STEPS]


@login_not_required
@require_POST
def first_start_step(request: HttpRequest) -> HttpResponse:
    """Load the next thing that is missing; asked again by the page until all is there."""
    if not nobody_has_an_account():
        return redirect(settings.LOGIN_URL)
    for _code, label, is_done, do in STEPS:
        if not is_done():
            try:
                do()
            except Refused as refusal:
                joint = pgettext("between a label and its text", "：")
                messages.error(request, f"{label}{joint}{refusal}")
            break
    ready = all(done for *_more, done in _progress())
    if request.headers.get("HX-Request") and not ready:
        return render(request, "accounts/_steps.html", {"steps": _progress(), "begun": True})
    response = (
        HttpResponse(status=204)
        if request.headers.get("HX-Request")
        else redirect("accounts:first-start")
    )
    if ready and request.headers.get("HX-Request"):
        response["HX-Redirect"] = request.path.replace("step/", "")
    return response
