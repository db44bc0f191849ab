"""Talk among colleagues, views of the work list, and acts on several matters."""

from datetime import datetime
from typing import Annotated

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.matters import actions
from yiwang.matters.models import Comment, Matter, Mention, SavedView
from yiwang.matters.reads.batch import chosen, own_step, tried
from yiwang.matters.reads.discussion import colleagues
from yiwang.matters.rules import Audience

router = Router()
Start = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=100)]


class MatterCommentOut(Schema):
    """One remark among colleagues."""

    id: int
    at: datetime
    by: str
    audience: str
    text: str
    mentions: list[int]

    @staticmethod
    def resolve_mentions(comment: Comment) -> list[int]:
        return [one.post_id for one in comment.mentions.all()]


class MatterCommentIn(Schema):
    """`mentions` are posts; nobody is named who could not read it."""

    text: str = Field(max_length=1000)
    audience: Audience = Audience.LEVEL
    mentions: list[int] = []


class MentionOut(Schema):
    number: str = Field(alias="comment.matter.number")
    at: datetime = Field(alias="comment.at")
    by: str = Field(alias="comment.by")
    text: str = Field(alias="comment.text")
    read_at: datetime | None


class SavedViewOut(Schema):
    id: int
    name: str
    query: str


class SavedViewIn(Schema):
    """Filters and columns as the address of the work list says them."""

    name: str = Field(max_length=40)
    query: str = Field(max_length=1000)


class BatchIn(Schema):
    """`way`: take, urge or note. With `preview` nothing is kept."""

    numbers: list[str] = Field(max_length=100)
    way: str
    text: str = Field("", max_length=500)
    preview: bool = True


class BatchLineOut(Schema):
    number: str
    done: bool
    why: str


@router.get("/comments/mine", response=list[MentionOut], summary="提到我的 Where I was named")
@allowed("matters.comment")
def matter_mentions(request: StaffRequest, start: Start = 0, limit: Limit = 25) -> list[Mention]:
    rows = Mention.objects.visible_to(request.actor).select_related("comment__matter")
    return list(rows[start : start + limit])


@router.get("/{number}/comments", response=list[MatterCommentOut], summary="内部讨论 Comments")
@allowed("matters.view")
def matter_comments(
    request: StaffRequest, number: str, start: Start = 0, limit: Limit = 25
) -> list[Comment]:
    """Newest first, as far as they are meant for the caller."""
    matter = get_object_or_404(Matter.objects.visible_to(request.actor), number=number)
    rows = Comment.objects.visible_to(request.actor).filter(matter=matter)
    return list(rows.prefetch_related(Prefetch("mentions"))[start : start + limit])


@router.post("/{number}/comments", response={201: MatterCommentOut}, summary="发言 Comment")
@allowed("matters.comment")
def comment_on_matter(request: StaffRequest, number: str, body: MatterCommentIn) -> Status[Comment]:
    matter = get_object_or_404(Matter.objects.visible_to(request.actor), number=number)
    posts = list(colleagues(matter, request.actor).filter(pk__in=body.mentions))
    if len(posts) < len(set(body.mentions)):
        raise Refused("unknown_post", _("提到的岗位不在这件事的承办单位，也不在本级。"))
    made = actions.comment_matter(
        matter, text=body.text, audience=body.audience, mentions=posts, by=request.actor
    )
    return Status(201, made)


@router.get("/views/mine", response=list[SavedViewOut], summary="保存的视图 Saved views")
@allowed("matters.keep_view")
def saved_views(request: StaffRequest) -> list[SavedView]:
    return list(SavedView.objects.visible_to(request.actor))


@router.post("/views/mine", response={201: SavedViewOut}, summary="保存视图 Keep a view")
@allowed("matters.keep_view")
def keep_view(request: StaffRequest, body: SavedViewIn) -> Status[SavedView]:
    own = get_object_or_404(Post.objects.visible_to(request.actor), pk=request.actor.post_id or 0)
    return Status(201, actions.save_view(own, **body.dict(), by=request.actor))


@router.delete("/views/mine/{view}", response={204: None}, summary="删除视图 Forget a view")
@allowed("matters.keep_view")
def forget_view(request: StaffRequest, view: int) -> Status[None]:
    kept = get_object_or_404(SavedView.objects.visible_to(request.actor), pk=view)
    actions.drop_view(kept, by=request.actor)
    return Status(204, None)


@router.post("/batch/", response=list[BatchLineOut], summary="批量办理 Act on several")
@allowed("matters.view")
def act_on_several(request: StaffRequest, body: BatchIn) -> list[BatchLineOut]:
    """Each for itself; what cannot be done says why."""
    by, text = request.actor, body.text
    ways = {
        "take": lambda matter: actions.take_step(own_step(matter, by), by=by),
        "urge": lambda matter: actions.urge_matter(matter, text=text, by=by),
        "note": lambda matter: actions.note_matter(matter, text=text, by=by),
    }
    if body.way not in ways:
        raise Refused("way", "take, urge, note")
    matters = chosen(by, body.numbers, int(parameter("core.page_rows_max")))
    rows = tried(matters, ways[body.way], keep=not body.preview)
    return [BatchLineOut(number=row.matter.number, done=row.done, why=row.why) for row in rows]
