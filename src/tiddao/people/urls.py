"""The map of this area. The ledger's page is here, for who may read what is decided here."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from tiddao.people.views import home, ledger, people

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("profile/", home.profile, name="profile"),
    path("people/", people.people, name="people"),
    path("people/add/", people.person_add, name="person-add"),
    path("people/receive/", people.person_receive, name="person-receive"),
    path("people/<int:user_id>/", people.person, name="person"),
    path("people/<int:user_id>/posts/add/", people.post_add, name="post-add"),
    path("people/<int:user_id>/posts/<int:post_id>/end/", people.post_end, name="post-end"),
    path("people/<int:user_id>/password/", people.person_password, name="person-password"),
    path("people/<int:user_id>/close/", people.person_close, name="person-close"),
    path("people/<int:user_id>/reopen/", people.person_reopen, name="person-reopen"),
    path("people/<int:user_id>/names/", people.alias_add, name="alias-add"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/export/", ledger.ledger_export, name="ledger-export"),
    path("accounts/forgotten/", home.forgotten_password, name="forgotten-password"),
    # Before allauth's own: accounts are given by an office, and passwords reset by it.
    re_path(
        r"^accounts/(?P<rest>(?:signup|email|confirm-email|password/set|password/reset|login/code)"
        r"(?:/.*)?)$",
        home.not_here,
        name="not-here",
    ),
]
