"""The tables of an empty database, made from the models at once.

Replaying every migration takes a minute, nearly all of it spent on what the models looked like in
between, which is nobody's business in a database without a row (ADR 3). A test makes one database
each way and compares them down to the last trigger.
"""

from __future__ import annotations

import pgtrigger
from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.migrations import RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.state import ProjectState


def is_untouched() -> bool:
    """No migration that knows our models was ever applied here."""
    loader = MigrationExecutor(connection).loader
    knowing = _that_know_ours(loader.graph)
    return not any(app in knowing for app, _ in loader.applied_migrations)


def make_first_tables() -> None:
    """Make all tables, triggers and functions, and write every migration down as applied.

    Libraries that know nothing of ours migrate by themselves. All else is one transaction: killed
    half way, the database is untouched.
    """
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    knowing = _that_know_ours(graph)
    executor.migrate([leaf for leaf in graph.leaf_nodes() if leaf[0] not in knowing])
    applied = executor.recorder.applied_migrations()
    with transaction.atomic():
        with connection.schema_editor() as editor:
            for app in sorted(knowing):
                for model in apps.get_app_config(app).get_models():
                    editor.create_model(model)
        pgtrigger.install()
        run_statements()
        for step in graph.nodes:
            if step not in applied:
                executor.recorder.record_applied(*step)
        emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def run_statements() -> None:
    """Run what our migrations say in SQL, oldest first: the models do not know of it.

    Statements about rows find none; the others make functions and triggers.
    """
    loader = MigrationExecutor(connection).loader
    graph, knowing = loader.graph, _that_know_ours(loader.graph)
    plan = dict.fromkeys(step for leaf in graph.leaf_nodes() for step in graph.forwards_plan(leaf))
    unseen = ProjectState()  # statements do not look at the models
    with connection.schema_editor() as editor:
        for app, name in plan:
            for operation in loader.get_migration(app, name).operations:
                if app in knowing and isinstance(operation, RunSQL):
                    operation.database_forwards(app, editor, unseen, unseen)


def _that_know_ours(graph: MigrationGraph) -> set[str]:
    """Return the labels of the apps whose migrations are ours or build upon ours."""
    own = {each.label for each in apps.get_app_configs() if each.name.startswith("tiddao.")}
    return {
        leaf[0]
        for leaf in graph.leaf_nodes()
        if any(app in own for app, _ in graph.forwards_plan(leaf))
    }
