"""Which entries the menu has, in which order, and which right opens each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Entry:
    """One entry: shown to posts with one of the rights, once its page exists.

    `count` names the figure beside it; the first entry of a key that may be opened is shown.
    """

    key: str
    label: Any
    icon: str
    page: str
    rights: tuple[str, ...] = ()
    count: str = ""

    def open_to(self, rights: frozenset[str]) -> bool:
        return not self.rights or not rights.isdisjoint(self.rights)


@dataclass(frozen=True)
class Section:
    title: Any
    entries: tuple[Entry, ...]


MENU: Final[tuple[Section, ...]] = (
    Section(
        "",
        (
            Entry("home", _("工作台"), "home", "console:home"),
            Entry(
                "matters", _("事项受理"), "file-text", "matters:list", ("matters.view",), "queue"
            ),
            Entry("drafts", _("受理草稿"), "edit", "matters:drafts", ("matters.draft",), "drafts"),
            Entry(
                "waiting",
                _("待领取的结果"),
                "clipboard-check",
                "matters:waiting",
                ("matters.deliver",),
            ),
            Entry("people", _("居民与家庭"), "users", "residents:list", ("residents.view",)),
            Entry(
                "transfers",
                _("社区间迁移"),
                "arrows-exchange",
                "residents:transfers",
                ("residents.change",),
            ),
            Entry(
                "import",
                pgettext_lazy("menu", "导入"),
                "upload",
                "residents:batches",
                ("residents.import",),
            ),
            Entry("pairs", _("疑似重复"), "users-group", "linkage:pairs", ("linkage.view",)),
            Entry("files", _("部门数据"), "database-share", "linkage:files", ("linkage.files",)),
            Entry(
                "checks", _("核查与裁定"), "clipboard-check", "linkage:checks", ("linkage.check",)
            ),
            Entry("tags", _("关爱对象"), "heart-handshake", "tags:kinds", ("tags.view",)),
            Entry(
                "assessments",
                _("个人评估"),
                "target",
                "assessments:list",
                ("assessments.view",),
            ),
            Entry(
                "collection",
                _("信息采集"),
                "clipboard-list",
                "collection:tasks",
                ("collection.view",),
            ),
            Entry(
                "demands",
                _("数据需求"),
                "database-share",
                "collection:demands",
                ("collection.demands",),
            ),
            Entry("sharing", _("共享协议"), "share", "sharing:list", ("sharing.view",)),
            Entry("needs", _("需求与调查"), "message-2", "needs:list", ("needs.view",)),
            Entry("needs", _("登记需求"), "message-2", "needs:new", ("needs.register",)),
            Entry(
                "statistics",
                _("统计分析"),
                "chart-bar",
                "statistics:overview",
                ("statistics.view",),
            ),
            Entry(
                "requests",
                _("个人信息请求"),
                "shield-lock",
                "personal:requests",
                ("personal.view",),
            ),
            Entry("looks", _("异常查询"), "eye", "personal:findings", ("personal.oversee",)),
            Entry(
                "retention",
                _("保存期限"),
                "hourglass",
                "personal:retention",
                ("personal.retention",),
            ),
            Entry("notice", _("告知书"), "file-check", "personal:notice", ("personal.notice",)),
            Entry(
                "organizations",
                _("单位和组织"),
                "building",
                "organizations:list",
                ("organizations.view",),
            ),
            Entry(
                "work-orders",
                _("服务工单"),
                "tools",
                "orders:list",
                ("orders.view",),
                "service_orders",
            ),
            Entry("messages", _("通知居民"), "send", "notifications:list", ("notifications.view",)),
            Entry("queues", _("取号排队"), "clipboard-list", "queues:list", ("queues.view",)),
        ),
    ),
    Section(
        _("服务"),
        (
            Entry(
                "catalogue",
                _("办事目录"),
                "list-check",
                "matters:catalogue",
                ("matters.view",),
            ),
            Entry("catalogue", _("办事目录"), "list-check", "portal:services"),
            Entry(
                "dictionary",
                _("数据字典"),
                "books",
                "dictionary:tables",
                ("dictionary.view",),
            ),
            Entry(
                "ratings",
                _("评价与整改"),
                "mood-smile",
                "matters:ratings",
                ("matters.view",),
            ),
            Entry("quality", _("质量管理"), "medal", "quality:board", ("quality.view",)),
            Entry("bundles", _("一件事"), "files", "matters:bundles", ("matters.view",)),
            Entry("opinions", _("会办"), "users-group", "matters:opinions", ("matters.handle",)),
            Entry(
                "entrustments",
                _("事项委托"),
                "building-store",
                "matters:entrustments",
                ("matters.entrust", "matters.accept"),
            ),
            Entry("routing", _("分办规则"), "sitemap", "matters:routing", ("matters.route",)),
        ),
    ),
    Section(
        _("治理"),
        (
            Entry("supervise", _("时限督办"), "alarm", "console:supervise", ("matters.supervise",)),
            Entry(
                "performance",
                _("办件统计"),
                "chart-bar",
                "performance:overview",
                ("performance.view",),
            ),
            Entry("late", _("督办名单"), "urgent", "supervision:late", ("matters.supervise",)),
            Entry(
                "orders", _("督办单"), "clipboard-list", "supervision:orders", ("supervision.view",)
            ),
            Entry("circulars", _("通报"), "send", "supervision:circulars", ("supervision.view",)),
            Entry(
                "extensions", _("延期审批"), "hourglass", "matters:extensions", ("matters.approve",)
            ),
            Entry(
                "divisions",
                pgettext_lazy("menu", "区划"),
                "sitemap",
                "divisions:tree",
                ("divisions.view",),
            ),
            Entry(
                "liaison", _("值班与联络"), "device-desktop", "liaison:coverage", ("liaison.view",)
            ),
            Entry("staff", _("单位与人员"), "users-group", "accounts:people", ("accounts.view",)),
            Entry("staff", _("社区公示栏"), "users-group", "accounts:board", ("accounts.board",)),
            Entry("why", _("权限说明"), "shield-check", "accounts:why", ("accounts.explain",)),
            Entry("tokens", _("接口密钥"), "key", "accounts:tokens", ("accounts.tokens",)),
            Entry(
                "parameters",
                pgettext_lazy("menu", "参数"),
                "settings",
                "core:parameters",
                ("core.view",),
            ),
            Entry("calendar", _("工作日历"), "calendar", "core:calendar", ("core.view",)),
            Entry("tasks", _("后台任务"), "history", "core:tasks", ("core.tasks",)),
            Entry(
                "scans",
                _("带病毒的文件"),
                "alert-triangle",
                "core:scans",
                ("core.scans",),
                "infected",
            ),
            Entry(
                "journal",
                pgettext_lazy("menu", "日志"),
                "history",
                "core:journal",
                ("core.journal",),
            ),
        ),
    ),
)

# What the bar at the bottom of a telephone shows; the bar adds the whole menu itself.
QUICK: Final = (
    Entry("home", _("工作台"), "home", "console:home"),
    Entry(
        "matters",
        pgettext_lazy("menu", "事项"),
        "file-text",
        "matters:list",
        ("matters.view",),
        "queue",
    ),
    Entry("accept", _("受理"), "plus", "matters:accept", ("matters.accept",)),
    Entry("work-orders", _("服务工单"), "tools", "orders:list", ("orders.work",), "service_orders"),
    Entry("people", pgettext_lazy("menu", "居民"), "users", "residents:list", ("residents.view",)),
    Entry("supervise", _("督办"), "alarm", "console:supervise", ("matters.supervise",)),
    Entry(
        "divisions", pgettext_lazy("menu", "区划"), "sitemap", "divisions:tree", ("divisions.view",)
    ),
)
QUICK_MOST: Final = 4

ACCOUNT: Final = (
    Entry("me", _("我的账号"), "user", "accounts:me", ("accounts.self",)),
    Entry("help", _("使用帮助"), "bulb", "console:help"),
)

ACCEPT: Final = Entry(
    "accept", pgettext_lazy("menu", "受理事项"), "plus", "matters:accept", ("matters.accept",)
)


def allowed(entries: Iterable[Entry], rights: frozenset[str]) -> list[Entry]:
    """The entries these rights open, each key once."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.open_to(rights):
            found.setdefault(entry.key, entry)
    return list(found.values())


def current_of(urls: Iterable[str], path: str) -> str:
    """The address of the menu a page belongs to: the longest one its own address begins with.

    Where none does, the first of the same app: the list of units lies beside that of people.
    """
    offered = list(urls)
    under = [url for url in offered if path.startswith(url)]
    app = "/".join(path.split("/")[:3]) + "/"
    beside = next((url for url in offered if url.startswith(app)), "")
    return max(under, key=len, default=beside)
