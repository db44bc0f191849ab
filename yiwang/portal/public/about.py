"""What the site promises: service, accessibility, privacy."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from yiwang.core.reads import parameter

from .frame import page, public_page

TOPICS = {
    "promise": (_("服务承诺"), "heart-handshake"),
    "accessibility": (_("无障碍声明"), "wheelchair"),
    "privacy": (_("隐私说明"), "shield-lock"),
}
NUMBERS = (
    "matters.corrections",
    "matters.amber_share",
    "matters.rating_invitation",
    "matters.rating_follow_up",
    "matters.tracking_tries",
    "matters.tracking_lock",
    "portal.tracking_minutes",
    "portal.figure_least",
)


@public_page
def about(request: HttpRequest, topic: str = "") -> HttpResponse:
    """The list of topics, or one of them."""
    topics = [(code, label, icon) for code, (label, icon) in TOPICS.items()]
    if not topic:
        return page(request, "about", "about", topics=topics)
    if topic not in TOPICS:
        raise Http404
    numbers = {name.replace(".", "_"): parameter(name) for name in NUMBERS}
    return page(request, f"about_{topic}", "about", title=TOPICS[topic][0], numbers=numbers)
