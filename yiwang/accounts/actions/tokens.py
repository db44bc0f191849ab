"""Keys of other systems: issued in a post within some of its rights, and revoked (INF-11)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.authentication import new_secret, token_key
from yiwang.accounts.models import ApiToken, Post
from yiwang.accounts.roles import GRANTS, Role
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.memory import forget
from yiwang.core.vault import keyed_hash

# What only a person may do, whichever post a system borrows.
PERSONAL = frozenset({"accounts.manage", "accounts.tokens", "accounts.self", "accounts.delegate"})


@act("accounts.tokens")
def issue_token(
    post: Post, *, name: str, scopes: list[str], per_minute: int, expires_on: date, by: Actor
) -> ApiToken:
    """Give a system a key; the answer carries `secret`, which is shown once and kept nowhere."""
    today = timezone.localdate()
    if not post.is_held(today):
        raise Refused("not_held", _("这个岗位今天不在任，不能发密钥。"))
    if expires_on <= today:
        raise Refused("expires", _("到期日期须在今天之后。"), {"expires_on": _("须在今天之后。")})
    beyond = set(scopes) - (GRANTS[Role(post.role)].rights - PERSONAL)
    if beyond or not scopes:
        raise Refused("scopes", _("权限范围须在这个岗位的权限之内，至少一项。"))
    secret = new_secret()
    token = ApiToken.objects.create(
        name=name,
        post=post,
        digest=keyed_hash("token", secret),
        hint=secret[-4:],
        scopes=sorted(scopes),
        per_minute=per_minute,
        expires_on=expires_on,
    )
    note(name=name, scopes=sorted(scopes), per_minute=per_minute, expires_on=expires_on)
    token.secret = secret
    return token


@act("accounts.tokens")
def revoke_token(token: ApiToken, *, reason: str = "", by: Actor) -> ApiToken:
    """Stop a key at once. Refused when it was stopped before."""
    lock(token)
    if token.revoked_at is not None:
        raise Refused("revoked", _("这个密钥已经停用。"))
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at", "updated_at"])
    forget(token_key(bytes(token.digest)))
    return token
