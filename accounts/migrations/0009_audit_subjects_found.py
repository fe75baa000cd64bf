"""Lines written before there was a subject: find it where the record is still there."""

from django.db import migrations

OF_A_PERSON = {"accounts.rolegrant": "RoleGrant", "accounts.membership": "Membership"}


def find(apps, schema_editor):
    entry_model = apps.get_model("accounts", "AuditEntry")
    for label, name in OF_A_PERSON.items():
        model = apps.get_model("accounts", name)
        entries = entry_model.objects.filter(target_type=label, subject=None)
        ids = [pk for pk in entries.values_list("target_id", flat=True) if pk.isdecimal()]
        for pk, person in model.objects.filter(pk__in=ids).values_list("pk", "user_id"):
            entries.filter(target_id=str(pk)).update(subject_id=person)


def forget(apps, schema_editor):
    apps.get_model("accounts", "AuditEntry").objects.update(subject_id=None)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_audit_subjects")]
    operations = [migrations.RunPython(find, forget)]
