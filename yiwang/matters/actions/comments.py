"""Colleagues talk about a matter where it lies, and keep views of their work list."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.core.acts import act, moment, note
from yiwang.core.errors import Refused
from yiwang.matters.models import Comment, Matter, Mention, SavedView
from yiwang.matters.rules import Audience

MOST_MENTIONS = 10
MOST_VIEWS = 20


@act("matters.comment")
def comment_matter(
    matter: Matter, *, text: str, audience: str = Audience.LEVEL, mentions: Sequence[Post] = (),
    by: Actor,
) -> Comment:  # fmt: skip
    """Say something to colleagues; whoever is named finds it on the own workbench.

    Raises Refused: text_missing, audience, too_many, out_of_audience - nobody is named who could
    not read it.
    """
    if not text.strip():
        raise Refused("text_missing", _("请写下要说的话。"), {"text": _("请写下要说的话。")})
    if audience not in Audience.values:
        raise Refused("audience", _("请选择谁能看到。"), {"audience": _("请选择谁能看到。")})
    if len(mentions) > MOST_MENTIONS:
        raise Refused("too_many", _("一次最多提到 %(most)s 人。") % {"most": MOST_MENTIONS})
    comment = Comment.objects.create(
        matter=matter, at=moment(), by=by.label[:160], post_id=by.post_id, unit_id=by.unit_id,
        place_id=by.division_id, audience=audience, text=text.strip()[:1000],
    )  # fmt: skip
    for post in mentions:
        if not Comment.objects.visible_to(Actor.of(post)).filter(pk=comment.pk).exists():
            sentence = _("%(who)s看不到这条讨论，不能提到。") % {"who": post.user}
            raise Refused("out_of_audience", sentence, {"mentions": sentence})
    Mention.objects.bulk_create([Mention(comment=comment, post=post) for post in mentions])
    note(audience=audience, mentions=[post.pk for post in mentions])
    return comment


@act("matters.comment")
def read_mentions(post: Post, *, by: Actor) -> Post:
    """Whoever is named has looked."""
    if by.post_id != post.pk:
        raise Refused("not_own", _("只能看提到自己的。"))
    Mention.objects.filter(post=post, read_at__isnull=True).update(read_at=moment())
    return post


@act("matters.keep_view")
def save_view(post: Post, *, name: str, query: str, by: Actor) -> SavedView:
    """Keep the filters in force under a name; the same name again replaces them."""
    words = name.strip()[:40]
    if by.post_id != post.pk:
        raise Refused("not_own", _("只能保存自己的视图。"))
    if not words:
        raise Refused("name_missing", _("请给视图起个名字。"), {"name": _("请给视图起个名字。")})
    kept = SavedView.objects.filter(post=post)
    if not kept.filter(name=words).exists() and kept.count() >= MOST_VIEWS:
        raise Refused("too_many", _("最多保存 %(most)s 个视图。") % {"most": MOST_VIEWS})
    view, _new = SavedView.objects.update_or_create(
        post=post, name=words, defaults={"query": query[:1000]}
    )
    return view


@act("matters.keep_view")
def drop_view(view: SavedView, *, by: Actor) -> Post:
    """Forget a view; the journal keeps what it was."""
    if by.post_id != view.post_id:
        raise Refused("not_own", _("只能删除自己的视图。"))
    note(name=view.name, query=view.query)
    post = view.post
    view.delete()
    return post
