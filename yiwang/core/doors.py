"""The door of a staff page or an operation of the API: the right it asks for, said once."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.core.rules.photos import small_picture

Answer = TypeVar("Answer")
PREVIEW = 1600
"""Pixels of the longest side of a picture that is looked at and not taken along."""


def allowed(
    right: str, *, post: str = ""
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Open a page or an operation only to posts with the right; `post` is asked to send it.

    The right is kept on the view, so that a test can ask every address for it. Raises
    PermissionDenied, which names the posts that have the right.
    """

    def wrap(view: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def opened(request: Any, *args: Any, **kwargs: Any) -> Answer:
            actor = getattr(request, "actor", None)
            if actor is None:
                raise PermissionDenied(_("您现在没有在任的岗位，请先换岗位。"))
            asked = post if post and request.method == "POST" else right
            if not actor.has(asked):
                actor.must(asked, actor)
                raise PermissionDenied(_("您的岗位没有这项权限。"))
            return view(request, *args, **kwargs)

        opened.right = right  # type: ignore[attr-defined]
        opened.right_to_post = post or right  # type: ignore[attr-defined]
        return opened

    return wrap


def carried_out(request: HttpRequest, form: Any, act: Callable[[], object], said: str) -> bool:
    """Act when the form was sent and holds: success is said, a refusal stands on the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        refusal.blame(form)
        return False
    messages.success(request, said)
    return True


def file_answer(kept: Any, name: str, *, look: bool = False) -> HttpResponse | FileResponse:
    """A kept file under its real type, as a download; `look`: a picture or PDF to look at.

    Raises PermissionDenied while nobody has looked for viruses in it, and when one was found.
    """
    if not kept.may_be_opened:
        raise PermissionDenied(
            _("文件还没有查毒，不能打开。请过几分钟再试。")
            if kept.file
            else _("文件不在了：里面有病毒，已经隔离。")
        )
    answer: HttpResponse | FileResponse
    if look and kept.is_picture:
        with kept.file.open("rb") as opened:
            answer = HttpResponse(small_picture(opened.read(), PREVIEW), content_type="image/jpeg")
    else:
        answer = FileResponse(
            kept.file.open("rb"), as_attachment=not look, content_type=kept.content_type,
            filename=f"{name}.{kept.content_type.rpartition('/')[2]}",
        )  # fmt: skip
    answer["X-Content-Type-Options"] = "nosniff"
    # The reader of PDF files inside a browser does not open in a sandbox.
    is_document = look and not kept.is_picture
    answer["Content-Security-Policy"] = "default-src 'none'" + ("" if is_document else "; sandbox")
    return answer
