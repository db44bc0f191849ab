"""The only way source records leave the register, the first privacy notice and the first retention rules."""

import csv
from datetime import date
from pathlib import Path

import yaml
from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"

# Runs with the rights of the owner of the tables, for nobody but who may write an order, and only
# against an order of the same hour; the order itself can never be changed or removed.
ERASE = """
CREATE FUNCTION personal_erase_records(person bigint, code text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE gone bigint;
BEGIN
    IF NOT has_table_privilege(session_user, 'personal_erasure', 'INSERT') THEN
        RAISE EXCEPTION 'only the application may erase';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM personal_erasure
        WHERE resident_id = person AND field IN (code, '')
            AND created_at > now() - interval '1 hour'
    ) THEN
        RAISE EXCEPTION 'no order to erase';
    END IF;
    IF code = '' THEN
        DELETE FROM residents_sourcerecord WHERE resident_id = person;
    ELSE
        -- A record that brought more than this keeps the rest.
        UPDATE residents_sourcerecord SET values_open = values_open - code, sealed = sealed - code
        WHERE resident_id = person AND (values_open ? code OR sealed ? code);
    END IF;
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$
"""


def first_texts(apps, schema_editor):
    alias = schema_editor.connection.alias
    notice = yaml.safe_load((DATA / "notice.yaml").read_text(encoding="utf-8"))
    apps.get_model("personal", "Notice").objects.using(alias).create(
        **notice, published_by="系统"
    )
    rule = apps.get_model("personal", "RetentionRule")
    with (DATA / "retention.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rule.objects.using(alias).create(
                data_class=row["data_class"], days=int(row["days"]), action=row["action"],
                by_itself=row["by_itself"] == "1", source=row["source"],
                starts_on=date.fromisoformat(row["starts_on"]),
            )


class Migration(migrations.Migration):

    dependencies = [
        ('personal', '0001_tables'),
    ]

    operations = [
        migrations.RunSQL(ERASE, "DROP FUNCTION personal_erase_records(bigint, text)"),
        migrations.RunPython(first_texts, migrations.RunPython.noop),
    ]
