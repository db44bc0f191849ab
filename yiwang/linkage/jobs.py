"""Background work: runs over the register, and files portion by portion."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, User
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.linkage.actions import carry_out, fail_file, fail_run, keep_rows, match_rows, undo_rows
from yiwang.linkage.actions.sending import Opened
from yiwang.linkage.models import DepartmentFile, LinkRun

QUIET = timedelta(minutes=10)
"""So long after its last portion a file counts as left behind by a crash."""
LONG = timedelta(hours=6)
"""So long after its start a run does."""
State = DepartmentFile.State


@app.task(name="linkage.carry_out", pass_context=False)
def run_in_background(run: int) -> None:
    """Carry a waiting run out; a second call finds it done and does nothing."""
    found = LinkRun.objects.filter(pk=run, state=LinkRun.State.WAITING).first()
    if found is None:
        return
    by = whoever_began(found)
    with circumstances(channel="job"):
        try:
            carry_out(found, by=by)
        except Refused as refusal:
            fail_run(found, problem=refusal.message, by=by)


@app.task(name="linkage.work_on_file", pass_context=False)
def work_on_file(file: int) -> None:
    """Portion after portion, each committed; called again after a crash, it goes on."""
    found = DepartmentFile.objects.filter(pk=file).first()
    if found is None:
        return
    by = whoever_began(found)
    with circumstances(channel="job"):
        try:
            opened = Opened.of(found) if found.state == State.MATCHING else None
            while found.state == State.MATCHING:
                match_rows(found, opened=opened, by=by)
            while found.state == State.KEEPING:
                keep_rows(found, by=by)
            while found.state == State.UNDOING:
                undo_rows(found, by=by)
        except Refused as refusal:
            if refusal.code != "wrong_state":  # another worker finished it
                fail_file(found, problem=refusal.message, by=by)


def resume_work() -> int:
    """Take up the files and runs a crash left behind; gives how many."""
    runs = LinkRun.objects.filter(state=LinkRun.State.WAITING, updated_at__lt=timezone.now() - LONG)
    for run in runs:
        app.configure_task("linkage.carry_out").defer(run=run.pk)
    left = DepartmentFile.objects.filter(
        state__in=(State.MATCHING, State.KEEPING, State.UNDOING),
        updated_at__lt=timezone.now() - QUIET,
    )
    for file in left:
        app.configure_task("linkage.work_on_file").defer(file=file.pk)
    return len(left) + len(runs)


def whoever_began(begun: Any) -> Actor:
    """The actor who began, with the rights of the post today; the system itself without a post."""
    if begun.by_post_id is None:
        return Actor.system()
    post = Post.objects.select_related("user", "unit").get(pk=begun.by_post_id)
    acting = None
    if begun.by_user_id is not None and begun.by_user_id != post.user_id:
        acting = User.objects.filter(pk=begun.by_user_id).first()
    return Actor.of(post, acting=acting)
