"""Foreign keys point down the line of apps, as imports do. A linter of imports cannot see them."""

from django.apps import apps

LINE = [
    "core",
    "accounts",
    "notifications",
    "courses",
    "certificates",
    "volunteers",
    "scheduling",
    "courtdesk",
    "reporting",
    "pages",
]


def upward_keys(models):
    found = []
    for model in models:
        if model._meta.app_label not in LINE:
            continue
        for field in model._meta.get_fields():
            if not (field.many_to_one or field.one_to_one or field.many_to_many) or (
                field.auto_created and not field.concrete
            ):
                continue
            target = field.related_model._meta.app_label if field.related_model else None
            if target in LINE and LINE.index(target) > LINE.index(model._meta.app_label):
                found.append(f"{model._meta.label}.{field.name}")
    return found


def test_foreign_keys_point_down():
    assert upward_keys(apps.get_models()) == []


def test_there_are_keys_to_look_at():
    """The walk sees our keys at all: turned round, it finds many."""
    LINE.reverse()
    try:
        assert "courses.Completion.organisation" in upward_keys(apps.get_models())
    finally:
        LINE.reverse()
