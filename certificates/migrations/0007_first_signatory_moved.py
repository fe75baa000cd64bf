from django.db import migrations


def move(apps, schema_editor):
    """What a design had one of becomes the first of several."""
    design = apps.get_model("certificates", "CertificateDesign")
    logo = apps.get_model("certificates", "DesignLogo")
    signatory = apps.get_model("certificates", "DesignSignatory")
    for each in design.objects.order_by("pk"):
        if each.logo_id:
            logo.objects.create(design_id=each.pk, picture_id=each.logo_id, sort_order=0)
        if each.signatory_name or each.signatory_title or each.signature_id:
            signatory.objects.create(
                design_id=each.pk,
                name=each.signatory_name,
                title=each.signatory_title,
                picture_id=each.signature_id,
                sort_order=0,
            )


def move_back(apps, schema_editor):
    """Keep the first of each, which is all there was room for."""
    design = apps.get_model("certificates", "CertificateDesign")
    logo = apps.get_model("certificates", "DesignLogo")
    signatory = apps.get_model("certificates", "DesignSignatory")
    for each in design.objects.order_by("pk"):
        first_logo = logo.objects.filter(design_id=each.pk).order_by("sort_order", "pk").first()
        first = signatory.objects.filter(design_id=each.pk).order_by("sort_order", "pk").first()
        if first_logo:
            each.logo_id = first_logo.picture_id
        if first:
            each.signatory_name, each.signatory_title = first.name, first.title
            each.signature_id = first.picture_id
        each.save()
    logo.objects.all().delete()
    signatory.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("certificates", "0006_signatories_logos_courses")]

    operations = [
        migrations.RunPython(move, move_back),
        migrations.RemoveField("certificatedesign", "logo"),
        migrations.RemoveField("certificatedesign", "signatory_name"),
        migrations.RemoveField("certificatedesign", "signatory_title"),
        migrations.RemoveField("certificatedesign", "signature"),
    ]
