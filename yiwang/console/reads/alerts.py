"""What needs attention beside the queue: each line says what, why and where to go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.accounts.actor import Actor
from yiwang.liaison.reads.logs import is_working_day

from .duties import calendar_days_left
from .health import Health

Figures = Mapping[str, Any]


@dataclass(frozen=True)
class Alert:
    """One line of the rail; `page` and `query` lead to what it speaks of."""

    kind: str
    icon: str
    title: str
    text: str
    page: str
    query: str
    verb: str


def alerts_for(
    actor: Actor, figures: Figures, day: date, health: Health | None = None
) -> list[Alert]:
    """Everything that needs a look, the gravest first."""
    found = [
        _journal(health),
        _overdue(figures),
        _orders(figures),
        _mentions(figures),
        _approvals(figures),
        _bad_ratings(figures),
        _reopened(figures),
        _waiting(figures),
        _entrusted_soon(figures),
        _entrusted_ended(figures),
        _findings(figures),
        _missed(figures),
        _undelivered(figures),
        _to_confirm(figures),
        _log(figures, day),
        _logs_missing(figures),
        _courses(figures),
        _transfers(figures),
        _returned(figures),
        _unchecked(figures),
        _checks(figures),
        _imports(figures),
        _drafts(figures),
        _vacancies(figures),
        _applicants(figures),
        _papers(figures),
        _circulars(figures),
        _sharing_asked(figures),
        _sharing_ending(figures),
        _terms(figures),
        _calendar(actor, day),
    ]
    return [alert for alert in found if alert is not None]


def _overdue(figures: Figures) -> Alert | None:
    late = figures.get("accepted_late", 0)
    title = ngettext(
        "%(count)s 件由您首问负责的事项超期", "%(count)s 件由您首问负责的事项超期", late
    )
    return _counted(
        late, title,
        "danger", "alarm", _("不论现在在哪个单位，答复由您负责"),
        "console:home", "?queue=accepted&due=late#todo", _("催办"),
    )  # fmt: skip


def _orders(figures: Figures) -> Alert | None:
    asked = figures.get("orders", 0)
    title = ngettext("%(count)s 份督办单等本单位答复", "%(count)s 份督办单等本单位答复", asked)
    return _counted(
        asked, title,
        "danger", "urgent", _("没有答复不能销号"),
        "supervision:orders", "?state=open", _("答复"),
    )  # fmt: skip


def _circulars(figures: Figures) -> Alert | None:
    told = figures.get("circulars", 0)
    return _counted(
        told, ngettext("%(count)s 份新的办理时限通报", "%(count)s 份新的办理时限通报", told),
        "info", "send", _("看看本单位和各单位的按时率"),
        "supervision:circulars", "", _("查看"),
    )  # fmt: skip


def _mentions(figures: Figures) -> Alert | None:
    named = figures.get("mentions", 0)
    title = ngettext("%(count)s 处同事提到您", "%(count)s 处同事提到您", named)
    return _counted(
        named, title,
        "info", "message-2", _("在事项的内部讨论里"),
        "matters:mentions", "", _("查看"),
    )  # fmt: skip


def _approvals(figures: Figures) -> Alert | None:
    asked = figures.get("approve", 0)
    title = ngettext("%(count)s 件延期申请等您审批", "%(count)s 件延期申请等您审批", asked)
    return _counted(
        asked, title,
        "warn", "hourglass", _("审批以前原期限照算"),
        "console:home", "?queue=approve#todo", _("审批"),
    )  # fmt: skip


def _waiting(figures: Figures) -> Alert | None:
    ready = figures.get("waiting", 0)
    return _counted(
        ready, ngettext("%(count)s 份结果等居民来领", "%(count)s 份结果等居民来领", ready),
        "info", "clipboard-check", _("在本单位受理、已经办结"),
        "matters:waiting", "?where=own", _("查看"),
    )  # fmt: skip


def _entrusted_soon(figures: Figures) -> Alert | None:
    count = figures.get("entrusted_soon", 0)
    return _counted(
        count, ngettext("%(count)s 份委托就要到期", "%(count)s 份委托就要到期", count),
        "warn", "calendar-event", _("到期以后本单位不能再受理，请联系委托单位续期"),
        "matters:entrustments", "?when=soon&side=agent", _("查看"),
    )  # fmt: skip


def _entrusted_ended(figures: Figures) -> Alert | None:
    count = figures.get("entrusted_ended", 0)
    return _counted(
        count, ngettext("%(count)s 份委托已被终止", "%(count)s 份委托已被终止", count),
        "danger", "circle-x", _("这些事项本单位不能再受理，已受理的继续办完"),
        "matters:entrustments", "?when=over&side=agent", _("查看"),
    )  # fmt: skip


def _bad_ratings(figures: Figures) -> Alert | None:
    rated = figures.get("rated", 0)
    title = ngettext("%(count)s 件差评等待整改", "%(count)s 件差评等待整改", rated)
    return _counted(
        rated, title,
        "warn", "mood-smile", _("请联系居民，问明原因，写下处理情况"),
        "console:home", "?queue=rated#todo", _("处理"),
    )  # fmt: skip


def _reopened(figures: Figures) -> Alert | None:
    count = figures.get("reopened", 0)
    return _counted(
        count, ngettext("%(count)s 件重办等本单位办理", "%(count)s 件重办等本单位办理", count),
        "danger", "refresh", _("首次结果居民不满意，回访后办结"),
        "matters:reopened", "?state=open", _("办理"),
    )  # fmt: skip


def _findings(figures: Figures) -> Alert | None:
    count = figures.get("findings", 0)
    return _counted(
        count, ngettext("%(count)s 个检查问题等本单位整改", "%(count)s 个检查问题等本单位整改", count),
        "warn", "tools", _("整改要有证明，逾期上报"),
        "quality:findings", "?state=issued", _("整改"),
    )  # fmt: skip


def _missed(figures: Figures) -> Alert | None:
    count = figures.get("missed", 0)
    return _counted(
        count, ngettext("%(count)s 个检查问题逾期没有整改", "%(count)s 个检查问题逾期没有整改", count),
        "danger", "alarm", _("已上报到您这一级或下级"),
        "quality:findings", "?state=missed", _("查看"),
    )  # fmt: skip


def _undelivered(figures: Figures) -> Alert | None:
    dead = figures.get("undelivered", 0)
    title = ngettext("%(count)s 条通知没有送到居民", "%(count)s 条通知没有送到居民", dead)
    return _counted(
        dead, title,
        "warn", "send", _("看明原因，再发一次或改为寄信"),
        "notifications:list", "?state=dead", _("处理"),
    )  # fmt: skip


def _to_confirm(figures: Figures) -> Alert | None:
    came = figures.get("to_confirm", 0)
    return _counted(
        came, ngettext("%(count)s 份工作通知待确认", "%(count)s 份工作通知待确认", came),
        "warn", "news", _("看过以后点确认，有疑问可以向上提问"),
        "liaison:notices", "?state=waiting", _("确认"),
    )  # fmt: skip


def _log(figures: Figures, day: date) -> Alert | None:
    if figures.get("log_filed", 1) or not is_working_day(day):
        return None
    return Alert(
        "info", "books", _("今天的网络日志还没有写"), _("当日的数字已经填好，写几句就能提交"),
        "liaison:log-write", "", _("去写"),
    )  # fmt: skip


def _logs_missing(figures: Figures) -> Alert | None:
    owing = figures.get("logs_missing", 0)
    return _counted(
        owing, ngettext("%(count)s 处没有写网络日志", "%(count)s 处没有写网络日志", owing),
        "warn", "books", _("上一个工作日还没有日志"),
        "liaison:logs-missing", "", _("查看"),
    )  # fmt: skip


def _courses(figures: Figures) -> Alert | None:
    open_ones = figures.get("courses", 0)
    return _counted(
        open_ones, ngettext("您有 %(count)s 门课程要学", "您有 %(count)s 门课程要学", open_ones),
        "info", "school", _("考核合格后发证书"),
        "liaison:training", "?state=mine", _("查看"),
    )  # fmt: skip


def _transfers(figures: Figures) -> Alert | None:
    asked = figures.get("transfers", 0)
    title = ngettext("%(count)s 件迁移申请等您答复", "%(count)s 件迁移申请等您答复", asked)
    return _counted(
        asked, title,
        "warn", "arrows-exchange", _("对方社区在等，同意后档案整份转去"),
        "residents:transfers", "?list=mine", _("答复"),
    )  # fmt: skip


def _returned(figures: Figures) -> Alert | None:
    back = figures.get("returned", 0)
    title = ngettext("%(count)s 份采集表退回或不一致", "%(count)s 份采集表退回或不一致", back)
    return _counted(
        back, title,
        "warn", "arrow-back-up", _("标出的地方改好后再提交"),
        "collection:tasks", "", _("改正"),
    )  # fmt: skip


def _unchecked(figures: Figures) -> Alert | None:
    waiting = figures.get("unchecked", 0)
    title = ngettext("%(count)s 份采集表等您审核", "%(count)s 份采集表等您审核", waiting)
    return _counted(
        waiting, title,
        "info", "clipboard-check", _("通过后直接写进登记册"),
        "collection:waiting", "", _("审核"),
    )  # fmt: skip


def _checks(figures: Figures) -> Alert | None:
    tasks = figures.get("checks", 0)
    title = ngettext("%(count)s 人要到现场核查", "%(count)s 人要到现场核查", tasks)
    return _counted(
        tasks, title,
        "info", "walk", _("部门名单上有、登记册里没有找到"),
        "linkage:checks", "", _("核查"),
    )  # fmt: skip


def _imports(figures: Figures) -> Alert | None:
    faulty = figures.get("imports", 0)
    title = ngettext("%(count)s 份导入表格有错误", "%(count)s 份导入表格有错误", faulty)
    return _counted(
        faulty, title,
        "warn", "upload", _("错误行可以下载，改好后再传一次"),
        "residents:batches", "", _("查看"),
    )  # fmt: skip


def _drafts(figures: Figures) -> Alert | None:
    drafts = figures.get("drafts", 0)
    title = ngettext("%(count)s 份受理草稿没有办完", "%(count)s 份受理草稿没有办完", drafts)
    return _counted(
        drafts, title,
        "info", "edit", _("已填的内容都在，可以接着办"),
        "matters:drafts", "", _("继续"),
    )  # fmt: skip


def _vacancies(figures: Figures) -> Alert | None:
    vacant = figures.get("vacancies", 0)
    title = ngettext("%(count)s 处没有网络管理员", "%(count)s 处没有网络管理员", vacant)
    return _counted(
        vacant, title,
        "warn", "users-group", _("县、乡镇、社区都要有专人，请任命"),
        "accounts:vacancies", "", _("任命"),
    )  # fmt: skip


def _terms(figures: Figures) -> Alert | None:
    ending = figures.get("terms", 0)
    title = ngettext("%(count)s 人的任期快届满", "%(count)s 人的任期快届满", ending)
    return _counted(
        ending, title,
        "info", "users-group", _("请准备换届或续任，并更新公示栏"),
        "accounts:board", "?ending=1", _("查看"),
    )  # fmt: skip


def _applicants(figures: Figures) -> Alert | None:
    asked = figures.get("applicants", 0)
    return _counted(
        asked, ngettext("%(count)s 家服务主体等您审核", "%(count)s 家服务主体等您审核", asked),
        "warn", "heart-handshake", _("逐项核查后通过，或写明原因退回"),
        "organizations:list", "?view=waiting", _("审核"),
    )  # fmt: skip


def _papers(figures: Figures) -> Alert | None:
    ending = figures.get("papers", 0)
    return _counted(
        ending, ngettext("%(count)s 份服务主体证照快到期", "%(count)s 份服务主体证照快到期", ending),
        "info", "file-check", _("到期后居民查不到，请提醒换证"),
        "organizations:list", "?view=papers", _("查看"),
    )  # fmt: skip


def _sharing_asked(figures: Figures) -> Alert | None:
    asked = figures.get("sharing_asked", 0)
    return _counted(
        asked, ngettext("%(count)s 份共享协议等您审批", "%(count)s 份共享协议等您审批", asked),
        "warn", "share", _("核对用途、依据和范围，可以少批"),
        "sharing:list", "?state=asked", _("审批"),
    )  # fmt: skip


def _sharing_ending(figures: Figures) -> Alert | None:
    ending = figures.get("sharing_ending", 0)
    return _counted(
        ending, ngettext("%(count)s 份共享协议快到期", "%(count)s 份共享协议快到期", ending),
        "info", "share", _("到期后读不到数据，需要的请续期"),
        "sharing:list", "?state=ending", _("查看"),
    )  # fmt: skip


def _counted(count: int, title: str, kind: str, icon: str, *words: str) -> Alert | None:
    """An alert for a count, none for zero; `words` are text, page, query and verb."""
    return Alert(kind, icon, title % {"count": count}, *words) if count else None


def _calendar(actor: Actor, day: date) -> Alert | None:
    left = calendar_days_left(day) if actor.has("core.calendar") else None
    if left is None:
        return None
    title = ngettext("工作日历还有 %(days)s 天到期", "工作日历还有 %(days)s 天到期", left) % {
        "days": max(left, 0)
    }
    return Alert(
        "warn" if left > 0 else "danger", "calendar", title,
        _("到期以后不能推算期限，请导入下一年度的放假安排"), "core:calendar", "", _("更新"),
    )  # fmt: skip


def _journal(health: Health | None) -> Alert | None:
    if health is not None and not health.sound:
        return Alert(
            "danger", "shield-lock", _("日志的封印对不上"),
            _("最近一枚封印与记录不一致，请立即全部核验"), "core:journal", "", _("核验"),
        )  # fmt: skip
    return None
