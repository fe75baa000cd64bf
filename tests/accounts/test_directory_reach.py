"""In the Wagtail admin somebody keeps the places that their own role reaches, and no others."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Area, User
from accounts.services import grant_role, sync_groups
from accounts.services.roles import refresh_all_roles
from notifications.models.texts import MessageTextVersion
from tests.factories.accounts import AreaFactory, OrganisationFactory, UserFactory, VenueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def areas(client):
    """Sign a coordinator of one area in; give back that area and another."""
    inside, outside = AreaFactory(name="Inside"), AreaFactory(name="Outside")
    user, now = UserFactory(), timezone.now()
    today = timezone.localdate(now)
    grant_role(user=user, role=Role.COORDINATOR, scope=inside, now=now, starts_on=today)
    sync_groups(on=today)
    client.force_login(user)
    return inside, outside


def organisation(area):
    return {"name": "Hill School", "kind": "school", "area": area.pk, "postcode": ""}


def test_lists_hold_what_is_in_reach(client, areas):
    inside, outside = areas
    own, _other = OrganisationFactory(area=inside), OrganisationFactory(area=outside)
    court, _elsewhere, _nowhere = [VenueFactory(area=x) for x in (inside, outside, None)]
    for kind, found in (("organisation", own), ("venue", court), ("area", inside)):
        for part in ("", "results/"):
            assert list(client.get(f"/cms/{kind}/{part}").context["object_list"]) == [found]


@pytest.mark.parametrize("then", ["edit", "history", "history-results", "usage"])
def test_what_is_out_of_reach_is_not_found(client, areas, then):
    inside, outside = areas
    for kind, factory in (("organisation", OrganisationFactory), ("venue", VenueFactory)):
        own, other = factory(area=inside), factory(area=outside)
        assert client.get(f"/cms/{kind}/{then}/{own.pk}/").status_code == 200
        assert client.get(f"/cms/{kind}/{then}/{other.pk}/").status_code == 404


def test_a_change_out_of_reach_changes_nothing(client, areas):
    inside, outside = areas
    other = OrganisationFactory(area=outside, name="Untouched")
    response = client.post(f"/cms/organisation/edit/{other.pk}/", organisation(inside))
    assert response.status_code == 404
    other.refresh_from_db()
    assert (other.name, other.area) == ("Untouched", outside)


def test_nothing_is_put_out_of_reach(client, areas):
    inside, outside = areas
    own = OrganisationFactory(area=inside)
    for address in ("/cms/organisation/new/", f"/cms/organisation/edit/{own.pk}/"):
        refused = client.post(address, organisation(outside))
        assert refused.status_code == 200
        assert "area" in refused.context["form"].errors
    nowhere = {"name": "A room", "kind": "training_room", "area": ""}
    assert "area" in client.post("/cms/venue/new/", nowhere).context["form"].errors
    own.refresh_from_db()
    assert own.area == inside
    assert client.post("/cms/organisation/new/", organisation(inside)).status_code == 302


def test_a_new_area_takes_a_role_for_everything(client, areas):
    assert client.get("/cms/area/new/").status_code == 302
    client.post("/cms/area/new/", {"name": "New", "slug": "new"})
    assert not Area.objects.filter(slug="new").exists()


# --- what is the whole site's is out of reach of a role for one place ---

WHOLE_SITE = [
    "/cms/message-texts/",
    "/cms/message-texts/accounts.role_taken/",
    "/cms/settings/notifications/messagesettings/",
    "/cms/settings/core/sitesettings/",
    "/cms/pages/",
    "/cms/images/",
    "/cms/documents/",
    "/cms/jobrole/",
    "/cms/audience/",
    "/cms/snippets/certificates/certificatedesign/",
]


def keeper_of(kind, role):
    area, now = AreaFactory(), timezone.now()
    place = {
        "everything": None,
        "area": area,
        "organisation": OrganisationFactory(area=area),
        "court": VenueFactory(area=area),
    }[kind]
    user, today = UserFactory(), timezone.localdate(now)
    grant_role(user=user, role=role, scope=place, now=now, starts_on=today)
    sync_groups(on=today)
    return User.objects.get(pk=user.pk)


def leads_away(client, address):
    response = client.get(address, follow=True)
    return response.status_code == 403 or response.request["PATH_INFO"] == "/cms/"


@pytest.mark.parametrize("kind", ["area", "organisation", "court"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_a_role_for_one_place_keeps_places_and_nothing_of_the_whole_site(client, kind, role):
    client.force_login(keeper_of(kind, role))
    assert client.get("/cms/organisation/").status_code == 200
    assert [x for x in WHOLE_SITE if not leads_away(client, x)] == []


def test_a_role_for_everything_keeps_all_of_it(client):
    client.force_login(keeper_of("everything", Role.ADMINISTRATOR))
    assert [x for x in WHOLE_SITE if leads_away(client, x)] == []


def test_a_text_of_messages_is_not_changed_from_one_school(client):
    client.force_login(keeper_of("organisation", Role.COORDINATOR))
    sent = {"subject": "Hello", "body": "{{ what_happened }}", "action": "save", "seen": ""}
    client.post("/cms/message-texts/accounts.role_taken/", sent)
    assert not MessageTextVersion.objects.exists()


@pytest.mark.parametrize("kind", ["area", "organisation", "court"])
def test_an_editor_of_one_place_has_nothing_in_the_editor(client, kind):
    """Such a role is no longer given; one from before holds nothing."""
    user = keeper_of(kind, Role.EDITOR)
    assert (user.is_staff, user.groups.count()) == (False, 0)


def test_whose_role_shrinks_to_one_place_leaves_the_group_of_everything():
    area, now = AreaFactory(), timezone.now()
    today, day = timezone.localdate(now), datetime.timedelta(days=1)
    user = UserFactory()
    grant_role(user=user, role=Role.COORDINATOR, now=now, starts_on=today, ends_on=today)
    grant_role(user=user, role=Role.COORDINATOR, scope=area, now=now, starts_on=today)
    names = set(user.groups.values_list("name", flat=True))
    assert names == {"Coordinator", "Coordinator of a place"}
    assert refresh_all_roles(on=today) == 0
    assert refresh_all_roles(on=today + day) == 1
    assert set(user.groups.values_list("name", flat=True)) == {"Coordinator of a place"}


def test_a_venue_is_not_checked_on_a_day_still_to_come():
    venue = VenueFactory.build(checked_on=timezone.localdate() + datetime.timedelta(days=1))
    with pytest.raises(ValidationError) as refusal:
        venue.clean()
    assert list(refusal.value.message_dict) == ["checked_on"]
    venue.checked_on = timezone.localdate()
    venue.clean()
