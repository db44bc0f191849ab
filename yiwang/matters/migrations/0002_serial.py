"""The serial of matter numbers; processes take it in blocks (actions.acceptance.BLOCK)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_tables")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE matters_serial INCREMENT BY 20", "DROP SEQUENCE matters_serial"
        )
    ]
