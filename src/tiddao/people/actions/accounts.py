"""Opening, closing and looking after accounts."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.core.validators import RegexValidator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tiddao.kernel.names import repair_spelling
from tiddao.ledger.actions import record
from tiddao.ledger.actors import Actor
from tiddao.people.actions.posts import NewPost, place_in_post, state_of
from tiddao.people.actions.refusals import NameMeetsAnother, Refused
from tiddao.people.models import Alias, User
from tiddao.people.queries import same_folded_name

USERNAME = RegexValidator(
    r"\A[a-z0-9][a-z0-9._-]{2,59}\Z",
    _("Use 3 to 60 small letters, digits, dots or dashes."),
)
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as something else


@dataclass(frozen=True, slots=True)
class OpenedAccount:
    """one_time_password: shown once and kept nowhere; empty where the opener chose a password."""

    user_id: int
    post_id: int
    one_time_password: str


@transaction.atomic
def open_account(
    *,
    username: str,
    name_th: str,
    post: NewPost,
    name_en: str = "",
    expires_on: date | None = None,
    password: str | None = None,
    others: Collection[int] = (),
    by: Actor,
    at: datetime,
) -> OpenedAccount:
    """Open an account for a person in their first post.

    password: None makes one that must be changed at the first sign-in. others: accounts that the
    opener has looked at and found to be other persons in spite of the like name.
    Raises NameMeetsAnother for a like name that is not among them; Refused as in ``appoint``, for a
    username that is taken or for a name without letters; ValidationError for an unfit username.
    """
    username = username.strip().lower()
    USERNAME(username)
    name_th = " ".join(repair_spelling(name_th).split())
    if not name_th:
        raise Refused("no-name", _("A person needs a name."))
    if User.objects.filter(username__iexact=username).exists():
        raise Refused("username-taken", _("This user name is taken."))
    alike = same_folded_name(name_th) - frozenset(others)
    if alike:
        raise NameMeetsAnother(
            _("Somebody whose name differs in spelling at most has an account already."), alike
        )
    one_time = "" if password is not None else one_time_password()
    user = User(
        username=username,
        name_th=name_th,
        name_en=name_en.strip(),
        expires_on=expires_on,
        password_is_temporary=password is None,
        created_at=at,
    )
    user.set_password(password if password is not None else one_time)
    user.save(force_insert=True)
    held = place_in_post(user, post)
    record(
        "open_account",
        on=f"user:{user.pk}/post:{held.pk}",
        by=by,
        at=at,
        place=held.office.place_id,
        after={"username": username, "name": name_th, "expires_on": expires_on}
        | {"post": state_of(held)},
        detail={"role": post.role, "office": post.office_code, "like_names": len(others)},
    )
    return OpenedAccount(user.pk, held.pk, one_time)


@transaction.atomic
def close_account(user_id: int, *, place: str, by: Actor, at: datetime) -> None:
    """Close an account: no sign-in, and whoever is signed in with it is so no longer.

    Its posts stay as they are recorded. place: of the office that closes it, for the ledger.
    Raises Refused for the own account; closing a closed one changes and records nothing.
    """
    if by.reference == f"user:{user_id}":
        raise Refused("own-account", _("Nobody closes the own account."))
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.is_active:
        return
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(
        "close_account", on=f"user:{user_id}", by=by, at=at, place=place,
        before={"active": True}, after={"active": False},
    )  # fmt: skip


@transaction.atomic
def reopen_account(
    user_id: int, *, place: str, expires_on: date | None = None, by: Actor, at: datetime
) -> None:
    """Let a closed or expired account sign in again, until the given day where there is one."""
    user = User.objects.select_for_update().get(pk=user_id)
    if by.reference == f"user:{user_id}":
        raise Refused("own-account", _("Nobody reopens the own account."))
    before = {"active": user.is_active, "expires_on": user.expires_on}
    user.is_active = True
    user.expires_on = expires_on
    user.save(update_fields=["is_active", "expires_on"])
    record(
        "reopen_account", on=f"user:{user_id}", by=by, at=at, place=place,
        before=before, after={"active": True, "expires_on": expires_on},
    )  # fmt: skip


@transaction.atomic
def reset_password(user_id: int, *, place: str, by: Actor, at: datetime) -> str:
    """Give an account a new one-time password and return it; every session of it ends.

    Raises Refused for a closed account and for the own one (which has its page for that).
    """
    if by.reference == f"user:{user_id}":
        raise Refused("own-account", _("Change your own password on its own page."))
    user = User.objects.select_for_update().get(pk=user_id)
    if not user.is_active:
        raise Refused("account-closed", _("The account is closed; reopen it first."))
    one_time = one_time_password()
    user.set_password(one_time)
    user.password_is_temporary = True
    user.save(update_fields=["password", "password_is_temporary"])
    record("reset_password", on=f"user:{user_id}", by=by, at=at, place=place)
    return one_time


@transaction.atomic
def change_own_password(user: User, password: str, *, at: datetime) -> None:
    """Give the person the password they chose themselves."""
    user.set_password(password)
    user.password_is_temporary = False
    user.save(update_fields=["password", "password_is_temporary"])
    actor = Actor(f"user:{user.pk}", user.name_th)
    record("change_password", on=f"user:{user.pk}", by=actor, at=at)


@transaction.atomic
def add_alias(user_id: int, name: str, *, place: str, by: Actor, at: datetime) -> Alias:
    """Add another spelling under which the person is met. Adding it again changes nothing.

    Raises Refused for a name without letters, or one that is already somebody else's.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    name = " ".join(name.split())
    if not name:
        raise Refused("no-name", _("A person needs a name."))
    known = Alias.objects.filter(user=user, name=name).first()
    if known is not None:
        return known
    if same_folded_name(name) - {user_id}:
        raise Refused("name-of-another", _("This is the name of somebody else."))
    alias = Alias(user=user, name=name)
    alias.save(force_insert=True)
    record("add_alias", on=f"user:{user_id}", by=by, at=at, place=place, after={"alias": name})
    return alias


@transaction.atomic
def set_preferences(user_id: int, *, language: str, font: str, by: Actor, at: datetime) -> None:
    """Keep the person's language ("th", "en", "" for none) and letters ("" or "looped")."""
    user = User.objects.select_for_update().get(pk=user_id)
    before = {"language": user.language, "font": user.font}
    user.language, user.font = language, font
    user.save(update_fields=["language", "font"])
    record(
        "set_preferences", on=f"user:{user_id}", by=by, at=at,
        before=before, after={"language": language, "font": font},
    )  # fmt: skip


def one_time_password() -> str:
    """Return a random password that can be read over the telephone (78 bits)."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
