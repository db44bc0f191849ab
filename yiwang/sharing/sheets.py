"""The register of agreements as a workbook."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.accounts.actor import Actor
from yiwang.core.rules.wording import listed
from yiwang.core.vault import open_bytes
from yiwang.core.workbook import XLSX, workbook
from yiwang.residents.models import Standing, all_fields
from yiwang.sharing.models import SharedFile
from yiwang.sharing.reads import kinds_named
from yiwang.tags.models import TagKind


def register_workbook(rows: Iterable[Any], actor: Actor) -> bytes:
    """A row an agreement, with what was used of it; no persons."""
    items = all_fields()
    known = TagKind.objects.values_list("code", flat=True)
    kinds = {one.code: one.label for one in kinds_named(known, actor)}
    heads = [
        _("名称"), _("使用单位"), _("区划"), pgettext("agreement", "信息项"), _("年龄从（岁）"), _("年龄到（岁）"), _("人群标签"), _("居住状态"), pgettext("agreement", "用途"), _("法律依据"), _("有效期至"), _("状态"), _("版本"), _("调用次数"), _("人次"),
    ]  # fmt: skip
    lines = (
        [
            one.title, one.unit.label, one.division.label,
            listed(items[code].label for code in one.fields if code in items),
            one.age_from, one.age_to, listed(kinds.get(code, _("敏感人群")) for code in one.tags),
            listed(Standing(code).label for code in one.standings), one.purpose, one.law, one.ends_on.isoformat(),
            _("已过期") if one.is_over else one.get_state_display(), one.version, one.calls,
            one.persons,
        ]
        for one in rows
    )  # fmt: skip
    about = _("导出日期 %(day)s") % {"day": timezone.localdate().isoformat()}
    return workbook(_("共享协议"), about, heads, lines)


def attachment(file: SharedFile) -> HttpResponse:
    """The opened body of a file that is ready, to be saved."""
    kind = XLSX if file.kind == SharedFile.Kind.XLSX else "text/csv; charset=utf-8"
    response = HttpResponse(open_bytes(bytes(file.sealed or b"")), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="shared-{file.pk}.{file.kind}"'
    return response
