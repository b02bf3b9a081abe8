"""What an office does about its people: accounts and posts."""

from tiddao.people.actions.accounts import (
    OpenedAccount,
    add_alias,
    change_own_password,
    close_account,
    open_account,
    reopen_account,
    reset_password,
    set_preferences,
)
from tiddao.people.actions.posts import NewPost, appoint, end_post
from tiddao.people.actions.refusals import NameMeetsAnother, Refused

__all__ = [
    "NameMeetsAnother",
    "NewPost",
    "OpenedAccount",
    "Refused",
    "add_alias",
    "appoint",
    "change_own_password",
    "close_account",
    "end_post",
    "open_account",
    "reopen_account",
    "reset_password",
    "set_preferences",
]
