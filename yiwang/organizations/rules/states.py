"""What may become of an organisation and of its standing as a service subject: two tables."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class LifeState(models.TextChoices):
    """Where the record of an organisation stands."""

    ACTIVE = "active", _("在册")
    PAUSED = "paused", _("停业")
    ENDED = "ended", _("已注销或迁出")
    WITHDRAWN = "withdrawn", _("导入已撤销")
    MERGED = "merged", _("已并入另一份记录")


LIFE_MOVES: Final[Mapping[str, frozenset[str]]] = {
    LifeState.ACTIVE: frozenset({LifeState.PAUSED, LifeState.ENDED}),
    LifeState.PAUSED: frozenset({LifeState.ACTIVE, LifeState.ENDED}),
    LifeState.ENDED: frozenset({LifeState.ACTIVE}),
}
LIVE: Final = frozenset({LifeState.ACTIVE, LifeState.PAUSED})


class ProviderState(models.TextChoices):
    """Where the registration as a service subject stands (DIV-12)."""

    APPLIED = "applied", _("待审核")
    APPROVED = "approved", _("已入驻")
    RETURNED = "returned", _("待补正")
    REFUSED = "refused", _("未通过")
    WITHDRAWN = "withdrawn", _("已撤回")
    SUSPENDED = "suspended", _("已暂停")
    REMOVED = "removed", _("已退出")


PROVIDER_MOVES: Final[Mapping[str, frozenset[str]]] = {
    ProviderState.APPLIED: frozenset(
        {ProviderState.APPROVED, ProviderState.RETURNED, ProviderState.REFUSED}
    ),
    ProviderState.RETURNED: frozenset({ProviderState.REFUSED}),
    ProviderState.APPROVED: frozenset({ProviderState.SUSPENDED, ProviderState.REMOVED}),
    ProviderState.SUSPENDED: frozenset({ProviderState.APPROVED, ProviderState.REMOVED}),
}
APPLY_AGAIN: Final = frozenset(
    {ProviderState.REFUSED, ProviderState.REMOVED, ProviderState.WITHDRAWN}
)
"""From these an organisation applies anew."""
UNDECIDED: Final = frozenset({ProviderState.APPLIED, ProviderState.RETURNED})
"""The applicant may still hand in papers."""
REASONED: Final = frozenset(
    {
        ProviderState.RETURNED,
        ProviderState.REFUSED,
        ProviderState.SUSPENDED,
        ProviderState.REMOVED,
    }
)
"""What is not said without a reason."""
