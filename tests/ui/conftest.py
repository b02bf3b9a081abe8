"""Pages without a database: a signed-in person made of thin air."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.utils import translation


@pytest.fixture(autouse=True)
def thai():
    with translation.override("th"):
        yield


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def asked(path="/ui/gallery/", user=None, **query):
    request = RequestFactory().get(path, query)
    request.user = user or AnonymousUser()
    request._messages = CookieStorage(request)
    return request


def officer(name="นางสาวกัลยรัตน์ สมมุติ", font=""):
    return SimpleNamespace(is_authenticated=True, font=font, get_full_name=lambda: name)


def signed_in(path="/ui/gallery/", font="", **query):
    request = asked(path, officer(font=font), **query)
    request.standing = SimpleNamespace(
        may=lambda *_: False,
        roots=frozenset(),
        posts=(SimpleNamespace(title="พัฒนาการอำเภอ", office_name="สพอ.พญาเม็งราย", tenure=""),),
    )
    return request
