"""What is said where Django itself refuses a request, and the way on from there."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme


def page_before(request: HttpRequest) -> str | None:
    """Return path and query of our own page that the request came from; None where it is not known."""
    said = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}, request.is_secure()):
        return None
    address = urlsplit(said)
    return address._replace(scheme="", netloc="", fragment="").geturl() or None


def page_above(path: str) -> str | None:
    """Return the way up from a path to the nearest of our addresses, "../"; None where there is none.

    Relative: the page that shows it says nothing that was not asked for.
    """
    parts = path.strip("/").split("/")
    for length in range(len(parts) - 1, 0, -1):
        try:
            resolve(f"/{'/'.join(parts[:length])}/")
        except Resolver404:
            continue
        return "../" * (len(parts) - length)
    return None


def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django's signature
    """Say that a form was older than the last sign-in of this browser, or came without its cookie."""
    return render(request, "403_csrf.html", {"form_page": page_before(request)}, status=403)


class OpenedByHandMiddleware:
    """Leads on where an address that only takes what a form sends was opened or loaded again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != 405 or request.method != "GET":
            return answer
        page = render(request, "405.html", {"above": page_above(request.path)}, status=405)
        page["Allow"] = answer["Allow"]
        return page
