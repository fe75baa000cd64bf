"""Every model with a person in it is shown to that person, or says why not."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from accounts.services.held import holdings, not_personal

OURS = {"core", "accounts", "notifications", "courses", "certificates", "volunteers"}
OURS |= {"scheduling", "courtdesk", "reporting", "pages"}


def leads_to_a_person(field):
    if field.is_relation and field.related_model is get_user_model():
        return field.concrete
    return isinstance(field, models.EmailField)


def own_fields(model):
    """The fields a model declares itself; those it inherits are its parent's business."""
    return [x for x in model._meta.local_fields if leads_to_a_person(x)]


def unregistered(all_models):
    """Fields that lead to a person, of models that nobody has registered."""
    registered = {}
    for holding in holdings():
        found_by = {*holding.people, *holding.addresses}
        registered.setdefault(holding.model.lower(), set()).update(found_by)
    found = []
    for model in all_models:
        people = registered.get(model._meta.label_lower)
        for field in own_fields(model):
            name = f"{model._meta.label}.{field.name}"
            # Of a registered model every key to a person must be one it is found by; an address
            # beside such a key is shown with the record.
            is_known = people and (not field.is_relation or field.name in people)
            if not is_known and name.lower() not in not_personal():
                found.append(name)
    return found


def children_unregistered(all_models):
    """Rows of ours that hang on a person's registered row, such as the answers of an enrolment."""
    registered = {holding.model.lower() for holding in holdings()}
    found = []
    for model in all_models:
        if model._meta.app_label not in OURS or model._meta.label_lower in registered:
            continue
        for field in model._meta.local_fields:
            owner = field.related_model if field.is_relation else None
            if (
                owner not in (None, get_user_model())
                and owner._meta.label_lower in registered
                and owner._meta.app_label in OURS
                and f"{model._meta.label_lower}.{field.name}" not in not_personal()
            ):
                found.append(f"{model._meta.label}.{field.name}")
    return found


def everything():
    return apps.get_models(include_auto_created=True)


def test_every_model_with_a_person_in_it_is_registered():
    assert unregistered(everything()) == []


def test_what_hangs_on_a_person_s_record_is_registered_too():
    assert children_unregistered(everything()) == []


def test_a_new_model_is_noticed():
    class Note(models.Model):
        about = models.ForeignKey(get_user_model(), models.PROTECT)
        address = models.EmailField()
        enrolment = models.ForeignKey("courses.Enrolment", models.PROTECT)

        class Meta:
            app_label = "courses"
            apps = type(apps)()

    Note._meta.get_field("about").remote_field.model = get_user_model()
    enrolment = Note._meta.get_field("enrolment").remote_field
    enrolment.model = apps.get_model("courses.Enrolment")
    assert unregistered([Note]) == ["courses.Note.about", "courses.Note.address"]
    assert children_unregistered([Note]) == ["courses.Note.enrolment"]


def test_what_is_called_not_personal_exists():
    known = {
        f"{model._meta.label_lower}.{field.name}"
        for model in everything()
        for field in model._meta.local_fields
    }
    assert set(not_personal()) - known == set()
    assert all(not_personal().values())


def test_every_entry_finds_its_records(db):
    """Each lookup is a real one, and each entry says why and how long."""
    user = get_user_model().objects.create_user("someone@example.org")
    for holding in holdings():
        holding.facts(list(holding.records_of(user)))
        assert str(holding.label)
        assert str(holding.why).endswith(".")
        assert str(holding.kept).endswith(".")
