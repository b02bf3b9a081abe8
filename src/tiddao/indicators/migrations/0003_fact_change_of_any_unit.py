from django.db import migrations, models


class Migration(migrations.Migration):
    """A group whose members change is out of date itself: a change names any unit, not only a place."""

    dependencies = [
        ("indicators", "0002_initial"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="factchange", name="fact_change_place"),
        migrations.RenameField(model_name="factchange", old_name="place_code", new_name="unit"),
        migrations.AlterField(
            model_name="factchange",
            name="unit",
            field=models.CharField(max_length=60),
        ),
        migrations.AddIndex(
            model_name="factchange",
            index=models.Index(
                fields=["round", "unit"],
                name="fact_change_unit",
                opclasses=["int8_ops", "varchar_pattern_ops"],
            ),
        ),
    ]
