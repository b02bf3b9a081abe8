import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0002_proposed_groups_longer_sources")]

    operations = [
        migrations.AddField("shape", "label_x", models.IntegerField(default=0), preserve_default=False),
        migrations.AddField("shape", "label_y", models.IntegerField(default=0), preserve_default=False),
        migrations.AddField(
            "villageimport",
            "within",
            models.ForeignKey(
                default="th",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="places.place",
            ),
            preserve_default=False,
        ),
    ]
