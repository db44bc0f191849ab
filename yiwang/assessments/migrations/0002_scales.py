"""The forms as shipped, and the division that follows the resident in the database."""

from datetime import date
from pathlib import Path

import yaml
from django.db import migrations

SCALES = Path(__file__).resolve().parent.parent / "data" / "scales.yaml"


def load(apps, schema_editor):
    scales = apps.get_model("assessments", "Scale")
    for row in yaml.safe_load(SCALES.read_text(encoding="utf-8")):
        content = dict(row)
        starts = content.pop("effective_from")
        if not scales.objects.filter(code=content["code"]).exists():
            scales.objects.create(
                code=content["code"], number=1, content=content, by_label="一网",
                effective_from=date.fromisoformat(str(starts)),
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_tables"), ("tags", "0002_kinds")]

    operations = [
        # As for tags: when a resident's division changes, the database carries these along.
        migrations.RunSQL(
            """
            ALTER TABLE assessments_personassessment
                ADD CONSTRAINT assessment_lies_where_the_resident_lives
                FOREIGN KEY (resident_id, division_id)
                REFERENCES residents_resident (id, division_id) ON UPDATE CASCADE;
            """,
            """
            ALTER TABLE assessments_personassessment
                DROP CONSTRAINT assessment_lies_where_the_resident_lives;
            """,
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
