"""The book that the pages show, and the person who keeps it."""

import pytest

from tests.budget.books.shown import Shown
from tests.persons import make_person, signed_in
from tiddao.people.models import Role


@pytest.fixture
def shown(db):
    return Shown()


@pytest.fixture
def keeper(db):
    """The finance officer of พญาเม็งราย, in a browser."""
    return signed_in(make_person(Role.FINANCE_OFFICER, "CDD-5712", name="นางสมมุติ การเงิน"))
