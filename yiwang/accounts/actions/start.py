"""The first start: the one administrator an empty installation is opened with (J01)."""

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit, User
from yiwang.accounts.reads import password_rules
from yiwang.accounts.roles import Role
from yiwang.accounts.rules import password_faults
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text, initials, pinyin
from yiwang.divisions.models import Division

# The lead department runs the installation until it appoints otherwise (plan, part six, (二)).
LEAD = "civil_affairs"


@act("accounts.manage")
def first_start(city: Division, *, username: str, name: str, password: str, by: Actor) -> Post:
    """Create the first administrator, in the lead department of the city.

    Refused: somebody has an account already, the departments are not loaded, a weak password.
    """
    lock(city)
    if User.objects.exists():
        raise Refused("started", _("系统已经有账号，请直接登录。"))
    unit = Unit.objects.open().filter(division=city, code=LEAD).first()
    if unit is None:
        raise Refused("no_units", _("单位还没有装入，请先完成前面的步骤。"))
    name = clean_text(name)
    faults = password_faults(password, password_rules(), [username, name, pinyin(name)])
    if faults:
        raise Refused("password", " ".join(faults), {"password1": " ".join(faults)})
    person = User.objects.create(
        username=username.strip().lower(),
        name=name,
        name_pinyin=pinyin(name)[:120],
        name_initials=initials(name)[:20],
        password=make_password(password),
        password_changed_at=timezone.now(),
        home=city,
    )
    note(username=person.username)
    return Post.objects.create(
        user=person,
        unit=unit,
        division=city,
        role=Role.ADMINISTRATOR,
        starts_on=timezone.localdate(),
        granted_by=by.label,
        manner=_("首次启动"),
    )
