"""Who may do what: the actors of the plan, their reach and their rights. A new role is one row.

Source: the plan's actors (requirements/README.md), DIV-13, EXP-09.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.divisions.rules import Depth

from .bundles import (
    ACCEPT,
    BASE_DECIDE,
    BASE_READ,
    BASE_WRITE,
    BOARD,
    CATALOGUE,
    CIRCULATE,
    COUNTER,
    DEMAND,
    DEMAND_SIGN,
    DICTIONARY,
    ENTRUST,
    HANDLE,
    JOURNAL,
    KEEPS,
    KIOSK_COUNTER,
    LAW,
    LOOK,
    NETWORK_COUNTER,
    ORDER,
    OVERSEE,
    PERSONAL_COUNTER,
    PERSONAL_OFFICER,
    PERSONAL_WATCH,
    PERSONNEL,
    QUEUES_DECIDE,
    QUEUES_WRITE,
    REGISTER_READ,
    REGISTER_WRITE,
    SELF,
    SHARING_DECIDE,
    SHARING_USE,
    SHARING_VIEW,
    STATISTICS_KEEP,
    STATISTICS_READ,
    STATISTICS_WRITE,
    SUPERVISE,
)  # fmt: skip


class Role(models.TextChoices):
    COORDINATION = "G1", _("市协调小组")
    CIVIL_AFFAIRS = "G2", _("民政部门")
    NETWORK_BODY = "G3", _("信息网领导机构")
    DEPARTMENT = "G4", _("职能部门")
    COUNTY_GROUP = "G5", _("县（市）区领导小组")
    TOWNSHIP_OFFICE = "G6", _("乡镇（街道）办事人员")
    FINANCE = "G7", _("财政")
    INSPECTOR = "G8", _("督查员")
    LEADER = "G9", _("分管领导")
    COUNTY_NETWORK = "N1", _("县级网络管理员")
    TOWNSHIP_NETWORK = "N2", _("乡镇网络管理员")
    COMMUNITY_NETWORK = "N3", _("社区网络管理员")
    WINDOW = "W1", _("窗口人员")
    PARTY = "C1", _("社区党组织")
    COMMITTEE = "C2", _("村（居）委会")
    WORKER = "C3", _("社区工作者")
    SUPERVISION = "C5", _("监督委员会")
    PROVIDER = "S3", _("服务单位人员")
    KIOSK = "S4", _("便民亭经营员")
    ADMINISTRATOR = "A1", _("系统管理员")
    DATA_OFFICER = "A2", _("数据保护员")
    AUDITOR = "A3", _("审计")


@dataclass(frozen=True)
class Grant:
    """What a role may do, on which levels it exists, and how far it reaches.

    `search` is the level whose whole area may be searched (masked); None means what it sees.
    `by_unit`: sees only matters that have a step of its own unit, anywhere in its division.
    """

    rights: frozenset[str]
    levels: frozenset[Depth]
    search: Depth | None = None
    by_unit: bool = False


CITY, COUNTY, TOWNSHIP, COMMUNITY = Depth.CITY, Depth.COUNTY, Depth.TOWNSHIP, Depth.COMMUNITY
ALL = frozenset({CITY, COUNTY, TOWNSHIP, COMMUNITY})
UPPER = frozenset({CITY, COUNTY, TOWNSHIP})
BASE = frozenset({COMMUNITY})

GRANTS: Mapping[Role, Grant] = MappingProxyType(
    {
        Role.COORDINATION: Grant(SELF | STATISTICS_READ | LOOK | SUPERVISE, frozenset({CITY})),
        Role.CIVIL_AFFAIRS: Grant(
            SELF
            | STATISTICS_KEEP
            | BASE_DECIDE
            | LOOK
            | NETWORK_COUNTER
            | SUPERVISE
            | PERSONNEL
            | KEEPS
            | LAW
            | REGISTER_READ
            | DEMAND
            | DEMAND_SIGN
            | SHARING_USE
            | {"residents.reveal"},
            frozenset({CITY, COUNTY}),
            search=CITY,
        ),
        Role.NETWORK_BODY: Grant(SELF | STATISTICS_READ | LOOK | OVERSEE, frozenset({CITY})),
        Role.DEPARTMENT: Grant(
            SELF
            | STATISTICS_READ
            | DEMAND
            | SHARING_USE
            | LOOK
            | HANDLE
            | {"residents.reveal", "linkage.files", "linkage.send", "matters.entrust"},
            UPPER,
            by_unit=True,
        ),
        Role.COUNTY_GROUP: Grant(
            SELF | STATISTICS_READ | LOOK | SUPERVISE | PERSONNEL, frozenset({COUNTY})
        ),
        Role.TOWNSHIP_OFFICE: Grant(
            SELF
            | BASE_DECIDE
            | QUEUES_WRITE
            | LOOK
            | HANDLE
            | ACCEPT
            | SUPERVISE
            | PERSONNEL
            | REGISTER_READ
            | {"residents.reveal", "residents.export", "matters.entrust"},
            frozenset({TOWNSHIP}),
            search=COUNTY,
        ),
        Role.FINANCE: Grant(SELF | STATISTICS_READ | LOOK, UPPER),
        Role.INSPECTOR: Grant(
            SELF | STATISTICS_READ | LOOK | CIRCULATE | {"matters.urge", "matters.export"}, UPPER
        ),
        Role.LEADER: Grant(SELF | STATISTICS_READ | LOOK | SUPERVISE, ALL),
        Role.COUNTY_NETWORK: Grant(
            SELF
            | BASE_DECIDE
            | LOOK
            | CIRCULATE
            | REGISTER_READ
            | PERSONNEL
            | {"matters.urge", "matters.note", "matters.merge", "matters.route", "liaison.log"},
            frozenset({COUNTY}),
            search=CITY,
        ),
        Role.TOWNSHIP_NETWORK: Grant(
            SELF
            | BASE_WRITE
            | BASE_DECIDE
            | LOOK
            | ORDER
            | REGISTER_WRITE
            | NETWORK_COUNTER
            | PERSONNEL
            | {"matters.route", "liaison.log"},
            frozenset({TOWNSHIP}),
            search=CITY,
        ),
        Role.COMMUNITY_NETWORK: Grant(
            SELF
            | BASE_WRITE
            | QUEUES_DECIDE
            | LOOK
            | REGISTER_WRITE
            | NETWORK_COUNTER
            | BOARD
            | {"liaison.log"},
            BASE,
            search=CITY,
        ),
        Role.WINDOW: Grant(
            SELF
            | BASE_READ
            | PERSONAL_COUNTER
            | QUEUES_WRITE
            | QUEUES_DECIDE
            | LOOK
            | REGISTER_READ
            | ACCEPT
            | COUNTER
            | HANDLE,
            ALL,
            search=CITY,
        ),
        Role.PARTY: Grant(SELF | STATISTICS_READ | LOOK, BASE),
        Role.COMMITTEE: Grant(
            SELF | STATISTICS_WRITE | BASE_READ | LOOK | HANDLE | ENTRUST | REGISTER_READ, BASE
        ),
        Role.WORKER: Grant(
            SELF | BASE_WRITE | LOOK | REGISTER_WRITE | ACCEPT, BASE, search=TOWNSHIP
        ),
        # The supervising committee sends the resident inspectors.
        Role.SUPERVISION: Grant(SELF | STATISTICS_READ | LOOK | {"quality.check"}, BASE),
        Role.PROVIDER: Grant(SELF | {"orders.view", "orders.work"}, ALL, by_unit=True),
        Role.KIOSK: Grant(SELF | KIOSK_COUNTER, BASE, by_unit=True),
        Role.ADMINISTRATOR: Grant(
            SELF
            | STATISTICS_KEEP
            | {"divisions.view", "core.view"}
            | PERSONNEL
            | LAW
            | CATALOGUE
            | {
                "core.demonstration",
                "core.scans",
                "core.tasks",
                "accounts.tokens",
                "residents.import",
            },
            frozenset({CITY, COUNTY}),
        ),
        Role.DATA_OFFICER: Grant(
            SELF
            | STATISTICS_READ
            | JOURNAL
            | PERSONAL_OFFICER
            | DEMAND_SIGN
            | SHARING_DECIDE
            | DICTIONARY
            | {"divisions.view", "core.view", "core.scans", "accounts.view", "accounts.explain"},
            frozenset({CITY, COUNTY}),
        ),
        Role.AUDITOR: Grant(
            SELF
            | STATISTICS_READ
            | JOURNAL
            | PERSONAL_WATCH
            | SHARING_VIEW
            | LOOK
            | OVERSEE
            | {"accounts.view", "accounts.explain", "matters.export"},
            frozenset({CITY, COUNTY}),
        ),
    }
)
EVERY_RIGHT = frozenset().union(*(grant.rights for grant in GRANTS.values()))


def roles_with(right: str) -> list[Role]:
    """The roles that hold a right, for the sentence that says who can help."""
    return [role for role, grant in GRANTS.items() if right in grant.rights]
