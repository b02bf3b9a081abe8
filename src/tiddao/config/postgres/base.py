"""Django's PostgreSQL backend, which asks for the embedded server only when it first connects."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base

from tiddao.config.embedded import connection_target


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL; without a HOST in the settings, the embedded cluster of this installation."""

    def get_connection_params(self) -> dict[str, Any]:
        if not self.settings_dict["HOST"]:
            self.settings_dict.update(connection_target(durable=settings.DURABLE_DATABASE))
            if self.settings_dict["NAME"]:  # none: Django asks for the server, not for a database
                self._make_database(self.settings_dict["NAME"])
        params: dict[str, Any] = super().get_connection_params()
        return params

    def _make_database(self, name: str) -> None:
        """Create the product's own database in a new cluster; a race is won by either side."""
        with psycopg.connect(
            host=self.settings_dict["HOST"],
            user=self.settings_dict["USER"],
            dbname="postgres",
            autocommit=True,
        ) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if found.fetchone() is None:
                make = psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute(make)
