"""For the holder of a number: where the matter is, and one rating. No account is needed."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.errors import HttpError

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.numbers import InvalidNumber, parse
from yiwang.matters import actions
from yiwang.matters.models import Matter, Rating
from yiwang.matters.reads import find_tracked, reached_number

from .schemas import Tracked

router = Router(auth=None)


class TrackIn(Schema):
    number: str = Field(max_length=40)
    last_four: str = Field(max_length=8, description="手机号末四位")


class RateIn(TrackIn):
    grade: int = Field(ge=1, le=5, description="5 非常满意 … 1 非常不满意")
    reasons: list[str] = []
    comment: str = Field("", max_length=500)


class RatingOut(Schema):
    grade: int
    comment: str


@router.post("/", response=Tracked, summary="查进度 Track by number")
def track(request: HttpRequest, body: TrackIn) -> Matter:
    """404 when number and digits do not agree, and while a number is locked: it never tells which."""
    return _tracked(body)


@router.post("/rating", response={201: RatingOut}, summary="评价 Rate")
def rate(request: HttpRequest, body: RateIn) -> tuple[int, Rating]:
    rating = actions.rate_matter(
        _tracked(body),
        grade=body.grade,
        reasons=body.reasons,
        comment=body.comment,
        channel="api",
        by=Actor.public("matters.rate"),
    )
    return 201, rating


def _tracked(body: TrackIn) -> Matter:
    try:
        found = find_tracked(body.number, body.last_four)
    except InvalidNumber as wrong:
        raise Refused(wrong.code, str(wrong), {"number": str(wrong)}) from wrong
    except Refused:
        # A number that does not exist is never locked, so a lock must not be told either.
        raise _not_found() from None
    if found is not None:
        if found.tracking_failures:
            actions.forget_tracking_failures(found, by=Actor.public("matters.track"))
        return found
    guessed = Matter.objects.public_by_number(reached_number(parse(body.number)))
    if guessed is not None:
        actions.note_tracking_failure(guessed, by=Actor.public("matters.track"))
    raise _not_found()


def _not_found() -> HttpError:
    minutes = parameter("matters.tracking_lock")
    sentence = _("编号和手机号末四位对不上。错的次数多了，这个编号要过 %(minutes)s 分钟才能再查。")
    return HttpError(404, sentence % {"minutes": minutes})
