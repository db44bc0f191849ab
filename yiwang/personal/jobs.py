"""What the night does: lists of what fell due, accounts that ended, look-ups of the last days."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.personal.actions import draw_list, end_account, record_findings
from yiwang.personal.models import ResidentAccount, RetentionRule
from yiwang.residents.models import LifeState


def keep_rules() -> None:
    """Draw the lists of every rule in force, and carry out those that run by themselves."""
    today, system = timezone.localdate(), Actor.system()
    with circumstances(channel="job"):
        for rule in RetentionRule.objects.in_force(today):
            draw_list(rule, on=today, by=system)


def end_accounts() -> None:
    """Accounts of people who died, left or were entered by mistake; nobody could sign in anyway."""
    gone = ~models.Q(resident__state=LifeState.LIVE)
    held = ResidentAccount.objects.filter(gone, ended_at__isnull=True).select_related("resident")
    with circumstances(channel="job"):
        for account in held:
            reason = account.resident.get_state_display()
            end_account(account, reason=reason, by=Actor.system())


def watch_looks() -> None:
    """Look through the journal of the last days for unusual look-ups."""
    today = timezone.localdate()
    city = Division.objects.filter(pk=settings.CITY).first()
    if city is None:
        return
    with circumstances(channel="job"):
        for back in range(int(parameter("personal.lookup_days"))):
            record_findings(city, on=today - timedelta(days=back), by=Actor.system())
