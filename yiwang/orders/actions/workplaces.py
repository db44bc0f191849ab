"""An organisation gets a work area: a unit of its own, and people who sign in for it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actions import appoint, create_person, end_post
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.accounts.models.unit import UnitClass
from yiwang.accounts.roles import Role
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.orders.models import Workplace
from yiwang.organizations.models import Organization, Provider


@act("orders.accounts")
def open_workplace(
    organization: Organization, *, name: str, username: str, phone: str = "", by: Actor
) -> Post:
    """The first account of an admitted organisation; `user.temporary_password` is shown once.

    Raises Refused: not_admitted, opened, and what opening an account refuses.
    """
    lock(organization)
    admitted = Provider.objects.public(timezone.localdate(moment()))
    if not admitted.filter(organization=organization).exists():
        sentence = _("只有已接纳、证照有效的服务主体才能开通工作区。")
        raise Refused("not_admitted", sentence, {"organization": sentence})
    if Workplace.objects.filter(organization=organization).exists():
        sentence = _("这个单位的工作区已经开通。")
        raise Refused("opened", sentence, {"organization": sentence})
    unit = Unit.objects.create(
        division_id=organization.division_id,
        # A code of its own: bodies of the same code are joined when places merge.
        code=f"provider-{organization.pk}",
        name=organization.name[:80],
        unit_class=UnitClass.PROVIDER,
    )
    workplace = Workplace.objects.create(
        organization=organization, unit=unit, opened_by=by.label[:160]
    )
    note(organization=organization.pk, unit=unit.pk)
    return _appointed(workplace, name, username, phone, by)


@act("orders.accounts")
def add_worker(
    workplace: Workplace, *, name: str, username: str, phone: str = "", by: Actor
) -> Post:
    """One more account of the same organisation."""
    return _appointed(workplace, name, username, phone, by)


def _appointed(workplace: Workplace, name: str, username: str, phone: str, by: Actor) -> Post:
    inside = by.within_act("accounts.manage")
    person = create_person(
        workplace.organization.division, name=name, username=username, phone=phone, by=inside
    )
    return appoint(
        workplace.unit, person=person, role=Role.PROVIDER, starts_on=timezone.localdate(moment()),
        by=inside,
    )  # fmt: skip


@act("orders.accounts")
def end_worker(workplace: Workplace, *, post: Post, reason: str = "", by: Actor) -> Workplace:
    """Somebody no longer works for the organisation: the account opens nothing from now on."""
    if post.unit_id != workplace.unit_id:
        raise Refused("not_theirs", _("这个账号不属于这个单位。"))
    end_post(
        post, on=timezone.localdate(moment()), reason=reason, by=by.within_act("accounts.manage")
    )
    return workplace
