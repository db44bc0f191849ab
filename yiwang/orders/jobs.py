"""Orders nobody answered in time go back to whoever placed them; proofs are scanned."""

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances, moment
from yiwang.core.errors import Refused
from yiwang.core.models import Scan
from yiwang.core.scanner import scan_each

from .actions import lapse_order
from .actions.working import looked_at
from .models import Proof, ServiceOrder

MOST = 500


def return_unanswered() -> int:
    """Gives how many went back; each in a transaction of its own."""
    done = 0
    with circumstances(channel="job"):
        for order in ServiceOrder.objects.unanswered(moment()).order_by("answer_due_at")[:MOST]:
            try:
                lapse_order(order, by=Actor.system().within_act("orders.lapse"))
            except Refused:
                continue
            done += 1
    return done


def scan_order_proofs() -> int:
    """Look at proofs nobody has looked at yet; gives how many."""
    waiting = Proof.objects.filter(scan=Scan.WAITING).select_related("order").order_by("pk")
    with circumstances(channel="job"):
        return scan_each(waiting[:MOST], looked_at)
