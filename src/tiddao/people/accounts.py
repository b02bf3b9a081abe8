"""How allauth behaves here."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from tiddao.people.actions import change_own_password
from tiddao.people.models import User

# Django judges new passwords, but has no Thai for what it says: named here, our catalogue has it.
DJANGOS_WORDS = (
    _("Your password can’t be too similar to your other personal information."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
    _("Your password can’t be a commonly used password."),
    _("Your password can’t be entirely numeric."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "min_length",
    ),
    _("The password is too similar to the %(verbose_name)s."),
    _("This password is too common."),
    _("This password is entirely numeric."),
)

log = logging.getLogger("tiddao.people.sign_in")


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are given by an office, never taken by a visitor; closed ones stay outside."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The user name or the password is not right."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("The present password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 -- allauth's signature
        return False

    def pre_login(self, request: HttpRequest, user: User, **circumstances: Any) -> Any:
        """Refuse an account that is closed or past its last day, whatever the password."""
        if not user.may_sign_in(on=timezone.localdate()):
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **circumstances)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note a failed attempt: whence, and on which account in a spelling nobody can read back.

        Two attempts on one account carry one mark, so that guessing can be seen in the log.
        """
        typed = str(credentials.get("username", "")).strip().lower()
        mark = salted_hmac("tiddao.people.sign_in", typed, algorithm="sha256").hexdigest()[:12]
        log.warning("sign-in failed from %s on account %s", self.get_client_ip(request), mark)

    def set_password(self, user: User, password: str) -> None:
        change_own_password(user, password, at=timezone.now())
