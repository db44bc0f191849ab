"""Background work: files of today's schedule, files to be written, old files forgotten (INF-11)."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.core.acts import circumstances
from yiwang.core.reads import parameter

from .actions import forget_file, make_file
from .actions.files import next_file
from .models import Agreement, SharedFile


@app.task(name="sharing.make_file", pass_context=False)
def write_file(file: int) -> None:
    """Write one file with the rights its orderer's post has now; a second call does nothing."""
    found = SharedFile.objects.filter(pk=file).select_related("agreement").first()
    if found is not None:
        with circumstances(channel="job"):
            make_file(found, by=_actor(found.post_id))


def order_due_files() -> int:
    """Order the files that are due today, and forget old ones; gives how many were ordered."""
    today = timezone.localdate()
    due = Agreement.objects.running(today).filter(file_days__gt=0, next_file_on__lte=today)
    ordered = 0
    with circumstances(channel="job"):
        for one in due.select_related("unit"):
            next_file(one, by=_actor(one.file_post_id).within_act("sharing.read"))
            ordered += 1
        since = timezone.now() - timedelta(days=int(parameter("sharing.file_days")))
        old = SharedFile.objects.filter(state=SharedFile.State.READY, made_at__lt=since)
        for file in old.select_related("agreement"):
            forget_file(file, by=Actor.system())
    return ordered


def _actor(post_id: int | None) -> Actor:
    """The post as it is today; whose post has ended asks as nobody, and gets nothing."""
    post = Post.objects.filter(pk=post_id or 0).select_related("user", "unit").first()
    if post is None or not post.is_held(timezone.localdate()):
        return Actor.system()
    return Actor.of(post)
