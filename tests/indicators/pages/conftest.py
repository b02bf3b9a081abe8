"""A published framework of two dimensions and a browser for the tests of its pages."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.http import HttpResponseBase
from django.urls import reverse

from tests.indicators.frameworks import full_report, published, report_and_approve, round_of
from tests.persons import signed_in

DISTRICTS = ("5701", "5704", "5712")


@pytest.fixture
def version(db):
    """The department's framework of 2566, published."""
    return published()


@pytest.fixture
def six_months(version):
    """Its 6-month round, open."""
    return round_of(version)


@pytest.fixture
def reported(six_months):
    """Phaya Mengrai has reported everything: 85 % thrice, four steps of five."""
    report_and_approve(six_months, full_report("5712"))
    return six_months


def address(name: str, *args: object, query: str = "") -> str:
    return reverse(name, args=args) + query


def answer(user, name: str, *args: object, query: str = "", status: int = 200, **headers):
    response = signed_in(user).get(address(name, *args, query=query), **headers)
    assert response.status_code == status, (name, args, response.status_code)
    return response


def text_of(response: HttpResponseBase) -> str:
    return body_of(response).decode()


def body_of(response: HttpResponseBase) -> bytes:
    if getattr(response, "streaming", False):
        return b"".join(response)
    return response.content


def page(user, name: str, *args: object, query: str = "", status: int = 200, **headers) -> str:
    """The page's text with its white space as a reader sees it."""
    text = text_of(answer(user, name, *args, query=query, status=status, **headers))
    return " ".join(text.split())


def send(user, name: str, *args: object, status: int = 302, **data):
    response = signed_in(user).post(address(name, *args), data)
    assert response.status_code == status, text_of(response)[:3000]
    return response


def report_districts(one, codes: Iterable[str], per_cent: int = 85) -> None:
    for code in codes:
        report_and_approve(one, full_report(code, per_cent=per_cent))
