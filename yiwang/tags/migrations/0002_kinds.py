"""The kinds of tags as shipped, and the division that follows the resident in the database."""

from datetime import date
from pathlib import Path

import yaml
from django.db import migrations

KINDS = Path(__file__).resolve().parent.parent / "data" / "kinds.yaml"


def load(apps, schema_editor):
    kinds = apps.get_model("tags", "TagKind")
    versions = apps.get_model("tags", "TagKindVersion")
    for row in yaml.safe_load(KINDS.read_text(encoding="utf-8")):
        content = dict(row)
        code = content.pop("code")
        if not kinds.objects.filter(code=code).exists():
            kind = kinds.objects.create(code=code, **content)
            versions.objects.create(
                kind=kind, number=1, content=content, effective_from=date(2004, 1, 1), by_label="一网"
            )


class Migration(migrations.Migration):
    dependencies = [("tags", "0001_tables")]

    operations = [
        # Both columns together: when a resident's division changes, however it changes, the
        # database carries the tags along in the same statement.
        migrations.RunSQL(
            """
            CREATE UNIQUE INDEX resident_with_division ON residents_resident (id, division_id);
            ALTER TABLE tags_tag ADD CONSTRAINT tag_lies_where_the_resident_lives
                FOREIGN KEY (resident_id, division_id)
                REFERENCES residents_resident (id, division_id) ON UPDATE CASCADE;
            """,
            """
            ALTER TABLE tags_tag DROP CONSTRAINT tag_lies_where_the_resident_lives;
            DROP INDEX resident_with_division;
            """,
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
