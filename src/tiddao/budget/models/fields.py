"""Fields and triggers that the tables of this area share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pgtrigger
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class ExactDecimalField(models.DecimalField):  # type: ignore[type-arg]  # not subscriptable when run
    """A number with all the digits of its cell: a numeric without a scale, so nothing is rounded."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_digits": 80, "decimal_places": 40, **options})

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 -- Django's signature
        return "numeric"


class BahtField(models.DecimalField):  # type: ignore[type-arg]  # not subscriptable when run
    """Baht, exact to the satang; up to a hundred million million."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_digits": 16, "decimal_places": 2, **options})


class PercentField(models.DecimalField):  # type: ignore[type-arg]  # not subscriptable when run
    """Per cent or percentage points, to six decimals: whoever shows it rounds."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_digits": 16, "decimal_places": 6, **options})


NOTHING = Decimal(0)


def append_only() -> pgtrigger.Trigger:
    """Refuse UPDATE and DELETE, whoever asks."""
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
