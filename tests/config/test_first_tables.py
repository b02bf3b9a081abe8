"""A database made from the models at once is the one that all migrations make, to the last trigger."""

from __future__ import annotations

import json
from pathlib import Path

from tests.served.installation import tiddao

# Nearly all of its time goes to drawing the models as they once were. A field that no model holds
# yet is the same when it is copied as when it is taken apart and built anew, which takes far longer.
BY_MIGRATIONS = """
import copy, gc
from django.core.management import call_command
from django.db.models import Field
gc.set_threshold(100_000, 20, 20)
Field.clone = copy.deepcopy
call_command("migrate", verbosity=0)
"""
BY_MODELS = "from tiddao.config.first_tables import make_first_tables\nmake_first_tables()\n"
DESCRIBE = """
import json
from django.db import connection
asked = {
    # Whether a column may be empty stands with the columns; the name of that rule says nothing.
    "columns": '''
        SELECT table_name, column_name, data_type, udt_name, is_nullable, column_default,
            character_maximum_length, numeric_precision, numeric_scale, collation_name, is_identity
        FROM information_schema.columns WHERE table_schema = 'public' ''',
    "constraints": '''
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ''',
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": '''
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled::text,
            obj_description(oid, 'pg_trigger')
        FROM pg_trigger WHERE NOT tgisinternal ''',
    "functions": '''
        SELECT proname, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind <> 'a' ''',
    "types": "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace",
    "migrations": "SELECT app, name FROM django_migrations",
    "kinds": "SELECT app_label, model FROM django_content_type",
}
found = {}
with connection.cursor() as cursor:
    for name, query in asked.items():
        cursor.execute(query)
        found[name] = sorted(json.dumps(row) for row in cursor.fetchall())
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found["rows"] = []
    for (table,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        found["rows"].append(json.dumps([table, cursor.fetchone()[0]]))
    found["rows"].sort()
print(json.dumps(found))
"""


def described(home: Path, way: str) -> dict[str, set[str]]:
    """Make the tables of a new installation that way; return what its catalogue says."""
    answer = tiddao(home, "shell", "--no-imports", "-c", way + DESCRIBE)
    assert answer.returncode == 0, answer.stderr
    return {name: set(rows) for name, rows in json.loads(answer.stdout.splitlines()[-1]).items()}


def test_both_ways_make_the_same_database(tmp_path: Path) -> None:
    by_migrations = described(tmp_path / "migrated", BY_MIGRATIONS)
    by_models = described(tmp_path / "made", BY_MODELS)
    assert len(by_migrations["columns"]) > 1000
    assert len(by_migrations["triggers"]) > 100
    for name, rows in by_migrations.items():
        assert by_models[name] - rows == set(), name
        assert rows - by_models[name] == set(), name
