"""The rating of a result: for the holder of a number, by invitation, or on the window's screen."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.matters.actions import rate_matter
from yiwang.matters.models import Matter
from yiwang.matters.reads.rating import invited, rating_reasons
from yiwang.matters.rules.rating import RatingChannel
from yiwang.portal.forms import RatingForm
from yiwang.portal.reads.tracking import matter_of, progress_of
from yiwang.portal.rules.rating import MOUTHS

from .frame import page

APPLICANT = "申请人"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def by_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever holds the secret link or paper rates, once; no number or digits are asked."""
    found = invited(token)
    matter = matter_of(found[0]) if found else None
    if found is None or matter is None:
        raise Http404(_("这个评价链接不对。请核对短信或纸上的二维码。"))
    address = reverse("portal:rate-invited", args=[token])
    return rating_page(request, matter, address, found[1])


def rating_page(
    request: HttpRequest,
    found: Matter,
    address: str,
    channel: RatingChannel = RatingChannel.WEB,
) -> HttpResponse:
    """The form, or what became of it: thanks, too early, too late."""
    progress = progress_of(found)
    held = channel == RatingChannel.WEB
    around: dict[str, Any] = {
        "matter": found,
        "progress": progress,
        "held": held,
        "channel": channel,
    }
    if not progress.can_rate:
        return page(request, "rated", "track", **around)
    reasons = rating_reasons(found.division_id)
    form = RatingForm(request.POST if request.method == "POST" else None, reasons=reasons)
    if request.method == "POST" and form.is_valid() and _rated(form, found, channel):
        return redirect(address)
    low = int(parameter("matters.rating_low"))
    good = sum(min(one.grades, default=low) > low for one in reasons)
    faces = [(choice, MOUTHS[int(choice.data["value"])]) for choice in form["grade"]]
    status = 422 if form.is_bound else 200
    return page(
        request, "rate", "track", status=status, form=form, faces=faces, good=good, **around
    )


def _rated(form: RatingForm, found: Matter, channel: RatingChannel) -> bool:
    said = form.cleaned_data
    by = Actor.public("matters.rate", label=APPLICANT)
    try:
        rate_matter(
            found, grade=said["grade"], reasons=said["reasons"], comment=said["comment"],
            channel=channel, by=by,
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True
