"""A held paper says whose book its entry is in; those there were are told from their entries."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

_OF_ENTRIES = """
    UPDATE budget_paperheld SET book_id = entry.book_id
      FROM budget_bookentry AS entry WHERE entry.id = budget_paperheld.entry_id;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('budget', '0011_history_of_many'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='paperheld',
            name='update_update',
        ),
        migrations.AddField(
            model_name='paperheld',
            name='book',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='budget.book'),
        ),
        migrations.RunSQL(_OF_ENTRIES, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='paperheld',
            name='book',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='budget.book'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperheld',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."by" IS DISTINCT FROM (NEW."by") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."evidence" IS DISTINCT FROM (NEW."evidence") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."paper" IS DISTINCT FROM (NEW."paper"))', func='INSERT INTO "budget_paperheldevent" ("at", "by", "end_reason", "ended_at", "entry_id", "evidence", "id", "note", "paper", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."at", NEW."by", NEW."end_reason", NEW."ended_at", NEW."entry_id", NEW."evidence", NEW."id", NEW."note", NEW."paper", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='c948cf331253b7010311fb34d93f1359499c4450', operation='UPDATE', pgid='pgtrigger_update_update_cf39e', table='budget_paperheld', when='AFTER')),
        ),
    ]
