from django.db import migrations


class Migration(migrations.Migration):
    """Counting what holds a common word goes through all entries: their texts and signs stand apart,
    so that three times as many fit on a page; titles, which order what is found, stay with them (at
    128 they did not, and it was slower). Holds for what is taken in from now on (``tiddao reindex``).
    """

    dependencies = [
        ("policy", "0011_history_of_many"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE policy_searchentry SET (toast_tuple_target = 1024)",
            "ALTER TABLE policy_searchentry RESET (toast_tuple_target)",
        ),
    ]
