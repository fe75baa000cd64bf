from django.conf import settings
from django.db import migrations

NAME = "Standard certificate"


def make(apps, schema_editor):
    design = apps.get_model("certificates", "CertificateDesign")
    if not design.objects.filter(is_default=True).exists():
        design.objects.create(name=NAME, issuer=settings.WAGTAIL_SITE_NAME, is_default=True)


def unmake(apps, schema_editor):
    """Take the design away again, unless a certificate was given with it."""
    design = apps.get_model("certificates", "CertificateDesign")
    design.objects.filter(name=NAME, awards__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]

    operations = [migrations.RunPython(make, unmake)]
