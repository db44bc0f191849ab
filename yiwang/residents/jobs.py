"""Background work of the register: checking and loading large workbooks, reading addresses."""

from typing import Final

from django.conf import settings
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, User
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import Scan
from yiwang.core.scanner import scan_each
from yiwang.divisions.models import Division
from yiwang.residents.actions import (
    check_import,
    fail_import,
    import_residents,
    recompute_residents,
    review_addresses,
)
from yiwang.residents.actions.documents import looked_at
from yiwang.residents.models import Document, Dwelling, ImportBatch
from yiwang.residents.reads import communities_of

_SCANS: Final = 500
_TURNS: Final = 10
"""Acts in one run; a large import is read over several runs, so that other work gets its turn."""


@app.task(name="residents.check_import", pass_context=False)
def check_in_background(batch: int) -> None:
    """Check a workbook that waits; a second run finds it checked and does nothing."""
    found = ImportBatch.objects.filter(pk=batch, state=ImportBatch.State.WAITING).first()
    if found is not None:
        with circumstances(channel="job"):
            check_import(found, by=_whoever_began(found))


@app.task(name="residents.load_import", pass_context=False)
def load_in_background(batch: int) -> None:
    """Load a checked workbook; what the rules refuse is said on the page of the import."""
    found = ImportBatch.objects.filter(pk=batch, state=ImportBatch.State.LOADING).first()
    if found is None:
        return
    by = _whoever_began(found)
    with circumstances(channel="job"):
        try:
            import_residents(found, by=by)
        except Refused as refusal:
            fail_import(found, problem=refusal.message, by=by)


def read_new_addresses() -> int:
    """Read every address nobody has read yet; what is unclear waits for a person. Gives how many."""
    read = 0
    city = Division.objects.filter(pk=settings.CITY).first()
    with circumstances(channel="job"):
        for _turn in range(_TURNS):
            if city is None or not Dwelling.objects.filter(read=False).exists():
                break
            read += review_addresses(city, by=Actor.system())
    return read


def _whoever_began(batch: ImportBatch) -> Actor:
    """The actor who uploaded the workbook, with the rights of the post today."""
    post = Post.objects.select_related("user", "unit").get(pk=batch.by_post_id or 0)
    acting = None
    if batch.by_user_id is not None and batch.by_user_id != post.user_id:
        acting = User.objects.filter(pk=batch.by_user_id).first()
    return Actor.of(post, acting=acting)


@app.task(name="residents.recompute", pass_context=False)
def recompute_in_background(division: int, post: int) -> None:
    """Derive the residents of a place anew, one community a transaction."""
    by = Actor.of(Post.objects.select_related("user", "unit").get(pk=post))
    with circumstances(channel="job"):
        for place in communities_of(division):
            recompute_residents(place, by=by)


def scan_documents() -> int:
    """Look at documents on file nobody has looked at yet; gives how many."""
    waiting = Document.objects.filter(scan=Scan.WAITING).exclude(file="").order_by("pk")
    with circumstances(channel="job"):
        return scan_each(waiting.select_related("resident")[:_SCANS], looked_at)
