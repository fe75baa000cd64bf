"""Addresses of courses are plain letters, and those a course had before are remembered."""

import re

import django.db.models.deletion
from django.db import migrations, models
from django.utils.text import slugify

PLAIN = r"^[-a-zA-Z0-9_]+\Z"


def make_plain(apps, schema_editor):
    courses = apps.get_model("courses", "Course").objects
    for pk, slug, key in courses.order_by("pk").values_list("pk", "slug", "key"):
        if re.match(PLAIN, slug):
            continue
        base = slugify(slug) or slugify(key) or "course"
        name, number = base, 1
        while courses.filter(slug=name).exclude(pk=pk).exists():
            number += 1
            name = f"{base}-{number}"
        courses.filter(pk=pk).update(slug=name)


class Migration(migrations.Migration):

    dependencies = [
        ("courses", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(make_plain, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="course",
            constraint=models.CheckConstraint(
                condition=models.Q(("slug__regex", PLAIN)),
                name="course_slug_is_plain",
                violation_error_message="Use only letters from a to z, digits, hyphens and underscores.",
            ),
        ),
        migrations.CreateModel(
            name="FormerAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=255, unique=True, verbose_name="address")),
                ("course", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="former_addresses", to="courses.course")),
            ],
        ),
    ]
