from django.db import migrations

FIELDS = ("site_id", "charity_name", "programme_name", "contact_email", "contact_phone")


def carry(source, target):
    target.objects.bulk_create(target(**row) for row in source.objects.values(*FIELDS))


def forward(apps, schema_editor):
    carry(apps.get_model("pages", "SiteSettings"), apps.get_model("core", "SiteSettings"))


def backward(apps, schema_editor):
    carry(apps.get_model("core", "SiteSettings"), apps.get_model("pages", "SiteSettings"))


class Migration(migrations.Migration):
    """The charity's name and contact stand below every app, since each of them says it."""

    dependencies = [("pages", "0001_initial"), ("core", "0002_site_settings")]

    operations = [
        migrations.RunPython(forward, backward),
        migrations.DeleteModel(name="SiteSettings"),
    ]
