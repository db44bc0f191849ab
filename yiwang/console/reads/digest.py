"""What an e-mail of the morning says: counts alone, the same as on the workbench."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.accounts.actor import Actor

from .duties import workload
from .queues import waits_for


def digest_lines(actor: Actor) -> list[str]:
    """One line a thing that waits; empty when nothing does."""
    counts, now = workload(actor), timezone.now()
    late = waits_for(actor).filter(deadline__lt=now).count() if counts["queue"] else 0
    said = (
        (counts["queue"], ngettext("%(n)s 件事等本单位办", "%(n)s 件事等本单位办", counts["queue"])),
        (late, ngettext("其中 %(n)s 件已经超期", "其中 %(n)s 件已经超期", late)),
        (counts["drafts"], ngettext("%(n)s 份草稿没有交", "%(n)s 份草稿没有交", counts["drafts"])),
        (counts["service_orders"], ngettext(
            "%(n)s 张工单等处理", "%(n)s 张工单等处理", counts["service_orders"])),
        (counts["unread"], ngettext("%(n)s 条通知没看", "%(n)s 条通知没看", counts["unread"])),
    )  # fmt: skip
    lines = [words % {"n": count} for count, words in said if count]
    return [_("%(who)s：") % {"who": actor.unit_name}, *lines] if lines else []
