import uuid

from django.db import migrations, models


def give_public_ids(apps, schema_editor):
    """Give every notice that is there an id of its own; a default would give all the same."""
    notices = apps.get_model("notifications", "Notice").objects.filter(public_id=None)
    batch = []
    for notice in notices.only("pk").order_by("pk").iterator(1000):
        notice.public_id = uuid.uuid4()
        batch.append(notice)
        if len(batch) == 1000:
            notices.model.objects.bulk_update(batch, ["public_id"])
            batch = []
    notices.model.objects.bulk_update(batch, ["public_id"])


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="public_id",
            field=models.UUIDField(null=True, editable=False),
        ),
        migrations.RunPython(give_public_ids, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="notice",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
