"""Triggers that tell the search index what changed, for migrations.

In the transaction that changes a row its kind and number are put down in policy_searchpending, by
whatever code or hand the change was made; the job takes them from there.
"""

from __future__ import annotations

from django.db.migrations import RunSQL

MANY = RunSQL(
    """
    CREATE FUNCTION policy_search_changed_many() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      EXECUTE format(
        'INSERT INTO policy_searchpending (kind, key) SELECT $2, found.key FROM (%s) AS found (key)',
        TG_ARGV[1]
      ) USING CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END, TG_ARGV[0];
      RETURN NULL;
    END $$
    """,
    "DROP FUNCTION policy_search_changed_many()",
)

FUNCTION = RunSQL(
    """
    CREATE FUNCTION policy_search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE found bigint;
    BEGIN
      EXECUTE format('SELECT (%s)', TG_ARGV[1]) INTO found
        USING CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
      IF found IS NOT NULL THEN
        INSERT INTO policy_searchpending (kind, key) VALUES (TG_ARGV[0], found);
      END IF;
      RETURN NULL;
    END $$
    """,
    "DROP FUNCTION policy_search_changed()",
)


def watch(table: str, kind: str, key: str = "id") -> RunSQL:
    """Return the operation that watches a table for the kind.

    key: SQL for the number of the thing that a row belongs to, where ``$1`` is the row: "id",
    "meeting_id", "(SELECT meeting_id FROM policy_agendaitem WHERE id = $1.item_id)".
    """
    expression = key if "$1" in key else f"$1.{key}"
    quoted = expression.replace("'", "''")
    return RunSQL(
        f"CREATE TRIGGER search_changed_{kind} AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION policy_search_changed('{kind}', '{quoted}')",
        f"DROP TRIGGER search_changed_{kind} ON {table}",
    )


def watch_many(table: str, kind: str, keys: str) -> RunSQL:
    """Return the operation that watches a table of which a row stands behind many things of the kind.

    keys: the query for their numbers, where ``$1`` is the row: "SELECT id FROM policy_mission
    WHERE version_id = $1.id".
    """
    quoted = keys.replace("'", "''")
    return RunSQL(
        f"CREATE TRIGGER search_changed_{kind} AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION policy_search_changed_many('{kind}', '{quoted}')",
        f"DROP TRIGGER search_changed_{kind} ON {table}",
    )


def take_in_all(kind: str, keys: str) -> RunSQL:
    """Return the operation that has the job take in what there is of a new kind. keys: a query."""
    words = f"INSERT INTO policy_searchpending (kind, key) SELECT '{kind}', found.key FROM ({keys}) AS found (key)"  # noqa: S608 -- a migration's own words
    return RunSQL(words, RunSQL.noop)
