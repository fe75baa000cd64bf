"""In the Wagtail admin somebody keeps the places that their own role reaches, and no others."""

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Area
from accounts.services import grant_role, sync_groups
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
