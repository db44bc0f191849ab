"""What stands between the lead of a joint step and its end: opinions that are not in."""

from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.core.rules.wording import listed
from yiwang.matters.models import Opinion, Step


def opinions_must_be_in(step: Step) -> None:
    """Raises Refused opinions_missing while a unit that was asked has not answered."""
    missing = list(Opinion.objects.filter(step=step).missing().select_related("unit"))
    if missing:
        names = listed([one.unit.label for one in missing])
        sentence = _("%(names)s还没有给出会办意见。请等意见到齐，或写明理由不再等待。")
        raise Refused("opinions_missing", sentence % {"names": names})
