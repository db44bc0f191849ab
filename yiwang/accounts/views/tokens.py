"""Keys of other systems: the list, issuing one (shown once), stopping one."""

import secrets
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.accounts import actions
from yiwang.accounts.actions.tokens import PERSONAL
from yiwang.accounts.forms.tokens import TokenForm
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import ApiToken, Post
from yiwang.accounts.roles import GRANTS, Role
from yiwang.core.errors import Refused
from yiwang.core.rules.rights import name_of


@allowed("accounts.tokens")
def tokens(request: StaffRequest) -> HttpResponse:
    """Every key of the area; those that end within a month are marked."""
    today = timezone.localdate()
    rows = ApiToken.objects.visible_to(request.actor).select_related("post__user", "post__unit")
    listed = [
        {"token": row, "scopes": [name_of(scope) for scope in row.scopes],
         "state": "revoked" if row.revoked_at else "ended" if row.expires_on < today
         else "soon" if row.expires_on < today + timedelta(days=30) else "live"}
        for row in rows
    ]  # fmt: skip
    posts = Post.objects.visible_to(request.actor).held_on(today).select_related("user", "unit")
    own = posts.filter(user=request.actor.user_id)
    return render(request, "accounts/tokens.html", {"rows": listed, "own_posts": own})


@allowed("accounts.tokens")
def token_new(request: StaffRequest, pk: int) -> HttpResponse:
    """Issue a key in a post within its rights."""
    posts = Post.objects.visible_to(request.actor).select_related("user", "unit")
    post = get_object_or_404(posts, pk=pk)
    rights = sorted(GRANTS[Role(post.role)].rights - PERSONAL)
    form = TokenForm(request.POST or None, rights=rights)
    if request.method == "POST" and form.is_valid():
        try:
            token = actions.issue_token(post, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            context = {"token": token, "secret": getattr(token, "secret", "")}
            return render(request, "accounts/token_once.html", context)
    context = {"form": form, "lent": post}
    context["key"] = request.POST.get("_key") or secrets.token_urlsafe(12)
    return render(request, "accounts/token_new.html", context, status=422 if form.errors else 200)


@allowed("accounts.tokens")
@require_POST
def token_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """Stop a key at once."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.actor), pk=pk)
    try:
        actions.revoke_token(token, by=request.actor)
        messages.success(request, _("密钥已停用，对方系统立即不能再用。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:tokens")
