"""People in the site: who sees whom, and the screens that give and take roles."""

import datetime

import pytest
from django.utils import timezone

from accounts.enums import MembershipKind, Role, ScopeKind
from accounts.models import AuditEntry, RoleGrant, User
from accounts.queries.directory import people_seen_by
from accounts.services import grant_role, sync_groups
from tests.factories.accounts import (
    AreaFactory,
    JobRoleFactory,
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
LONG_AGO = datetime.date(2026, 1, 1)


def today():
    return timezone.localdate()


@pytest.fixture
def as_holder(client):
    """Sign somebody in who holds a role, and give them back."""

    def sign_in(role=Role.ADMINISTRATOR, scope=None):
        user = UserFactory(full_name="The Viewer")
        grant_role(user=user, role=role, scope=scope, now=timezone.now(), starts_on=LONG_AGO)
        client.force_login(user)
        return user

    return sign_in


def text_of(response):
    return " ".join(response.content.decode().split())


def names(response):
    return [row.name for row in response.context["rows"]]


def give_address(user):
    return f"/people/{user.public_id}/roles/give/"


def take_address(grant):
    return f"/people/{grant.user.public_id}/roles/{grant.pk}/take/"


# --- who sees whom ---


class TestReach:
    def seen_by(self, viewer):
        return set(people_seen_by(User.objects.get(pk=viewer.pk), on=today()))

    def test_a_role_for_everything_sees_everybody(self):
        nowhere = UserFactory()
        member = MembershipFactory().user
        viewer = RoleGrantFactory(role=Role.COORDINATOR).user
        assert self.seen_by(viewer) == {nowhere, member, viewer}

    def test_a_lead_sees_the_people_of_their_organisation(self):
        lead = MembershipFactory(kind=MembershipKind.LEAD)
        colleague = MembershipFactory(organisation=lead.organisation).user
        MembershipFactory(organisation__area=lead.organisation.area)
        UserFactory()
        assert self.seen_by(lead.user) == {lead.user, colleague}

    def test_who_has_left_is_seen_no_more(self):
        lead = MembershipFactory(kind=MembershipKind.LEAD)
        MembershipFactory(organisation=lead.organisation, ends_on=today() - DAY)
        MembershipFactory(organisation=lead.organisation, starts_on=today() + DAY)
        leaving = MembershipFactory(organisation=lead.organisation, ends_on=today()).user
        assert self.seen_by(lead.user) == {lead.user, leaving}

    def test_an_area_reaches_its_organisations_and_the_roles_held_there(self):
        area, other = AreaFactory(), AreaFactory()
        viewer = RoleGrantFactory(role=Role.COORDINATOR, scope_kind=ScopeKind.AREA, area=area).user
        inside = MembershipFactory(organisation__area=area).user
        MembershipFactory(organisation__area=other)
        at_court = RoleGrantFactory(
            role=Role.VOLUNTEER, scope_kind=ScopeKind.COURT, court=VenueFactory(area=area)
        ).user
        to_come = RoleGrantFactory(
            role=Role.TRAINER, scope_kind=ScopeKind.AREA, area=area, starts_on=today() + DAY
        ).user
        RoleGrantFactory(
            role=Role.VOLUNTEER, scope_kind=ScopeKind.COURT, court=VenueFactory(area=other)
        )
        RoleGrantFactory(
            role=Role.TRAINER, scope_kind=ScopeKind.AREA, area=area, ends_on=today() - DAY
        )
        RoleGrantFactory(role=Role.TRAINER)  # for everything: no place inside the area
        assert self.seen_by(viewer) == {viewer, inside, at_court, to_come}

    def test_a_court_reaches_who_holds_a_role_there(self):
        court = VenueFactory()
        held = {"scope_kind": ScopeKind.COURT, "court": court}
        viewer = RoleGrantFactory(role=Role.COORDINATOR, **held).user
        volunteer = RoleGrantFactory(role=Role.VOLUNTEER, **held).user
        MembershipFactory(organisation__area=court.area)
        assert self.seen_by(viewer) == {viewer, volunteer}

    @pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.TRAINER, Role.EDITOR])
    def test_other_roles_see_nobody(self, role):
        MembershipFactory()
        assert self.seen_by(RoleGrantFactory(role=role).user) == set()

    def test_a_role_that_ended_sees_nobody(self):
        viewer = RoleGrantFactory(role=Role.COORDINATOR, ends_on=today() - DAY).user
        assert self.seen_by(viewer) == set()


# --- the list ---


class TestList:
    def test_each_filter_narrows(self, client, as_holder):
        as_holder()
        area = AreaFactory()
        work = JobRoleFactory()
        siân = UserFactory(full_name="Siân Pritchard", email="sp@example.org", job_role=work)
        place = MembershipFactory(user=siân, organisation__area=area).organisation
        grant_role(user=siân, role=Role.TRAINER, now=timezone.now(), starts_on=LONG_AGO)
        other = MembershipFactory(user__full_name="Pritchard Other").user
        for asked in (
            {"q": "siân prit"},
            {"q": "sp@example"},
            {"organisation": place.pk},
            {"area": area.pk},
            {"role": "trainer"},
            {"audience": work.audience_id},
            {"q": "prit", "role": "trainer", "area": area.pk},
        ):
            response = client.get("/people/", asked)
            assert (response.status_code, names(response)) == (200, ["Siân Pritchard"]), asked
        assert set(names(client.get("/people/"))) == {str(siân), str(other), "The Viewer"}
        assert "Nobody matches that" in text_of(client.get("/people/", {"q": "nobody at all"}))

    def test_leads_are_found_by_their_role(self, client, as_holder):
        as_holder()
        lead = MembershipFactory(kind=MembershipKind.LEAD).user
        assert names(client.get("/people/", {"role": "lead"})) == [str(lead)]

    def test_it_says_where_people_belong_and_what_they_do(self, client, as_holder):
        as_holder()
        user = UserFactory(full_name="Helen Marsh", is_active=False)
        place = OrganisationFactory(name="Hill School")
        for kind in MembershipKind:
            MembershipFactory(user=user, organisation=place, kind=kind)
        grant_role(user=user, role=Role.TRAINER, now=timezone.now(), starts_on=LONG_AGO)
        text = text_of(client.get("/people/"))
        assert "Hill School (lead, champion)" in text
        assert "Account closed" in text

    @pytest.mark.parametrize(
        "asked",
        [
            {"q": "\x00"},
            {"q": "x" * 101},
            {"organisation": "x"},
            {"organisation": str(10**30)},
            {"area": "-1"},
            {"role": "king"},
            {"audience": "0 OR 1=1"},
        ],
    )
    def test_bad_questions_are_explained(self, client, as_holder, asked):
        as_holder()
        response = client.get("/people/", asked)
        assert response.status_code == 422
        assert "There is something to put right" in text_of(response)
        assert names(response) == []

    def test_an_organisation_out_of_reach_is_no_choice(self, client, as_holder):
        own, other = OrganisationFactory(), OrganisationFactory()
        as_holder(Role.LEAD, own)
        assert client.get("/people/", {"organisation": own.pk}).status_code == 200
        for asked in ({"organisation": other.pk}, {"area": other.area_id}):
            assert client.get("/people/", asked).status_code == 422
        assert other.name not in text_of(client.get("/people/"))

    @pytest.mark.parametrize("page", ["0", "-1", "abc", "999", "\x00", "1" * 50])
    def test_a_page_that_is_not_there_shows_another(self, client, as_holder, page):
        as_holder()
        assert client.get("/people/", {"page": page}).status_code == 200

    def test_pages_keep_what_was_asked(self, client, as_holder):
        as_holder()
        for number in range(51):
            UserFactory(full_name=f"Łukasz {number:02}")
        response = client.get("/people/", {"q": "Łukasz"})
        assert len(names(response)) == 50
        assert "?q=%C5%81ukasz&amp;page=2" in text_of(response)
        assert names(client.get("/people/", {"q": "Łukasz", "page": 2})) == ["Łukasz 50"]

    def test_somebody_who_reaches_nobody_else_sees_themselves(self, client, as_holder):
        as_holder(Role.COORDINATOR, OrganisationFactory())
        assert names(client.get("/people/")) == ["The Viewer"]  # through the role itself

    @pytest.mark.parametrize("count", [1, 3, 30, 300])
    def test_queries(self, client, as_holder, count, django_assert_num_queries):
        as_holder()
        area = AreaFactory()
        work = JobRoleFactory()
        for _ in range(count):
            user = UserFactory(job_role=work)
            MembershipFactory(user=user, organisation__area=area)
            RoleGrantFactory(user=user, role=Role.TRAINER)
        client.get("/people/")
        # Session, person, roles and leads (for the right, and for the scope); the choices of four
        # filters; the count, the page, where they belong, what they hold.
        with django_assert_num_queries(14):
            assert client.get("/people/").status_code == 200


# --- one person ---


class TestPerson:
    def test_roles_are_a_timeline_with_who_gave_them(self, client, as_holder):
        admin = as_holder()
        user = UserFactory(full_name="Grace Adeyemi")
        RoleGrantFactory(user=user, role=Role.TRAINER, granted_by=admin)
        RoleGrantFactory(user=user, role=Role.EDITOR, starts_on=today() + DAY)
        RoleGrantFactory(
            user=user,
            role=Role.VOLUNTEER,
            ends_on=today(),
            taken_at=timezone.now(),
            ended_by=admin,
            end_reason="Moved away <b>",
        )
        text = text_of(client.get(f"/people/{user.public_id}/"))
        assert "Given by The Viewer on" in text
        assert "To begin" in text
        assert "Held now" in text
        assert ", by The Viewer" in text
        assert "Why it was taken: Moved away &lt;b&gt;" in text

    def test_why_a_role_was_taken_is_for_those_who_could_give_it(self, client, as_holder):
        organisation = OrganisationFactory()
        as_holder(Role.LEAD, organisation)
        user = MembershipFactory(organisation=organisation).user
        RoleGrantFactory(
            user=user, role=Role.TRAINER, ends_on=today() - DAY, end_reason="A private matter"
        )
        response = client.get(f"/people/{user.public_id}/")
        assert "Trainer" in text_of(response)
        assert "A private matter" not in text_of(response)
        assert "Give a role" not in text_of(response)

    def test_the_audit_is_for_those_who_may_read_it(self, client, as_holder):
        user = UserFactory(full_name="Grace Adeyemi")
        admin = as_holder()
        grant_role(
            user=user,
            role=Role.TRAINER,
            granted_by=admin,
            now=timezone.now(),
            starts_on=today(),
        )
        line = "The Viewer gave Grace Adeyemi the role Trainer."
        assert line in text_of(client.get(f"/people/{user.public_id}/"))
        assert AuditEntry.objects.filter(action="audit.read").count() == 1
        as_holder(Role.COORDINATOR)
        assert line not in text_of(client.get(f"/people/{user.public_id}/"))

    @pytest.mark.parametrize("count", [1, 3, 30])
    def test_queries(self, client, as_holder, count, django_assert_num_queries):
        admin = as_holder()
        user = UserFactory()
        for number in range(count):
            MembershipFactory(user=user)
            RoleGrantFactory(
                user=user,
                role=Role.VOLUNTEER,
                granted_by=admin,
                scope_kind=ScopeKind.COURT,
                court=VenueFactory(),
            )
            grant_role(
                user=user,
                role=Role.TRAINER,
                scope=VenueFactory(),
                now=timezone.now(),
                starts_on=today() + number * DAY,
            )
        client.get(f"/people/{user.public_id}/")
        with django_assert_num_queries(17):
            assert client.get(f"/people/{user.public_id}/").status_code == 200


# --- giving ---


def answers(**changed):
    return {"role": "trainer", "scope": "everything", "starts_on": f"{today():%d/%m/%Y}", **changed}


class TestGiving:
    def test_a_role_is_given_and_shown(self, client, as_holder):
        admin = as_holder()
        user = UserFactory(full_name="Grace Adeyemi")
        court = VenueFactory(name="Oxford Crown Court")
        until = today() + 30 * DAY
        data = answers(
            role="volunteer", scope="court", court=court.pk, ends_on=f"{until:%-d %B %Y}"
        )
        response = client.post(give_address(user), data, follow=True)
        grant = RoleGrant.objects.get(user=user)
        assert (grant.court, grant.granted_by, grant.ends_on) == (court, admin, until)
        text = text_of(response)
        assert "Grace Adeyemi now has the role Volunteer for Oxford Crown Court." in text

    def test_it_works_at_the_next_click_of_somebody_who_is_signed_in(self, client, as_holder):
        sync_groups(on=today())
        user = UserFactory()
        other = client.__class__()
        other.force_login(user)
        assert other.get("/people/").status_code == 403
        assert other.get("/cms/").status_code == 302
        as_holder()
        client.post(give_address(user), answers(role="coordinator"))
        assert other.get("/people/").status_code == 200
        assert other.get("/cms/").status_code == 200
        assert 'href="/people/"' in text_of(other.get("/my-learning/"))
        grant = RoleGrant.objects.get(user=user)
        client.post(take_address(grant), {"when": "now", "reason": "A mistake"})
        assert other.get("/people/").status_code == 403
        assert other.get("/cms/").status_code == 302

    def test_only_what_one_may_give_is_offered(self, client, as_holder):
        area = AreaFactory(name="Inside")
        AreaFactory(name="Outside")
        as_holder(Role.COORDINATOR, area)
        user = MembershipFactory(organisation__area=area).user
        text = text_of(client.get(give_address(user)))
        assert 'value="trainer"' in text
        assert 'value="administrator"' not in text
        assert 'value="everything"' not in text
        assert "Inside" in text
        assert "Outside" not in text

    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"role": ""}, "Choose a role."),
            ({"role": "king"}, "Choose one of the roles that you may give."),
            ({"role": ["king", "queen"]}, "Choose one of the roles that you may give."),
            ({"scope": ""}, "Choose what the role is for."),
            ({"scope": "moon"}, "Choose one of these."),
            ({"scope": "area"}, "Choose the one that the role is for."),
            ({"scope": "area", "area": "x"}, "Choose an area that your own role reaches."),
            (
                {"scope": "court", "court": str(10**30)},
                "Choose a court that your own role reaches.",
            ),
            ({"starts_on": ""}, "Enter the first day."),
            ({"starts_on": "soon"}, "Enter a day, for example 3/5/2027."),
            ({"starts_on": "1\x00/1/2030"}, "Enter a day, for example 3/5/2027."),
            ({"starts_on": "1/1/2020"}, "A role begins today or later."),
            ({"ends_on": "1/1/2020"}, "The last day must not be before the first."),
            ({"ends_on": "99/99/99999"}, "Enter a day, for example 3/5/2027."),
        ],
    )
    def test_what_is_wrong_is_explained_and_what_was_typed_kept(
        self, client, as_holder, changed, message
    ):
        as_holder()
        user = UserFactory()
        response = client.post(give_address(user), answers(**changed))
        text = text_of(response)
        assert response.status_code == 422
        assert message in text
        if changed.get("starts_on") == "soon":
            assert 'value="soon"' in text
        assert not RoleGrant.objects.filter(user=user).exists()
        assert client.post(give_address(user), answers()).status_code == 302

    def test_a_forged_role_or_place_is_refused(self, client, as_holder):
        area, other = AreaFactory(), AreaFactory()
        as_holder(Role.COORDINATOR, area)
        user = MembershipFactory(organisation__area=area).user
        for forged in (
            {"role": "administrator", "scope": "area", "area": area.pk},
            {"scope": "everything"},
            {"scope": "area", "area": other.pk},
            {"scope": "organisation", "organisation": OrganisationFactory(area=other).pk},
            {"scope": "court", "court": VenueFactory(area=other).pk},
            {"scope": "court", "court": VenueFactory(area=area, kind="training_room").pk},
        ):
            assert client.post(give_address(user), answers(**forged)).status_code == 422
        assert not RoleGrant.objects.filter(user=user).exists()
        data = answers(scope="area", area=area.pk)
        assert client.post(give_address(user), data).status_code == 302

    def test_a_role_that_only_a_mix_would_allow_is_refused_by_the_service(self, client, as_holder):
        area, other = AreaFactory(), AreaFactory()
        viewer = as_holder(Role.COORDINATOR)
        grant_role(
            user=viewer,
            role=Role.ADMINISTRATOR,
            scope=area,
            now=timezone.now(),
            starts_on=LONG_AGO,
        )
        user = UserFactory()
        data = answers(role="administrator", scope="area")
        refused = client.post(give_address(user), data | {"area": other.pk})
        assert refused.status_code == 403
        assert "Your own roles do not let you" in text_of(refused)
        assert client.post(give_address(user), data | {"area": area.pk}).status_code == 302

    def test_oneself(self, client, as_holder):
        admin = as_holder()
        assert "Nobody gives a role to themselves" in text_of(client.get(give_address(admin)))
        assert client.post(give_address(admin), answers()).status_code == 403
        assert RoleGrant.objects.filter(user=admin).count() == 1

    def test_twice_is_once(self, client, as_holder):
        as_holder()
        user = UserFactory()
        for _ in range(2):
            assert client.post(give_address(user), answers()).status_code == 302
        assert RoleGrant.objects.filter(user=user).count() == 1
        later = answers(ends_on=f"{today() + DAY:%d/%m/%Y}")
        response = client.post(give_address(user), later)
        assert response.status_code == 409
        assert "holds this role there already" in text_of(response)


# --- taking ---


class TestTaking:
    def test_at_once(self, client, as_holder):
        admin = as_holder()
        grant = RoleGrantFactory(role=Role.TRAINER, user__full_name="Grace")
        assert "Take the role Trainer" in text_of(client.get(take_address(grant)))
        response = client.post(
            take_address(grant), {"when": "now", "reason": "Left the charity"}, follow=True
        )
        grant.refresh_from_db()
        assert (grant.ended_by, grant.end_reason) == (admin, "Left the charity")
        assert "Grace no longer has the role Trainer." in text_of(response)

    def test_with_the_end_of_a_day(self, client, as_holder):
        as_holder()
        grant = RoleGrantFactory(role=Role.TRAINER)
        until = today() + 3 * DAY
        data = {"when": "day", "last_day": f"{until:%d/%m/%Y}", "reason": "Moving on"}
        response = client.post(take_address(grant), data, follow=True)
        grant.refresh_from_db()
        assert (grant.ends_on, grant.taken_at) == (until, None)
        assert "The last day of" in text_of(response)

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ({}, "Choose when the role ends."),
            ({"when": "now"}, "Say in a few words why the role is taken."),
            ({"when": "now", "reason": " "}, "Say in a few words why the role is taken."),
            ({"when": "now", "reason": "x\x00"}, "Null characters are not allowed."),
            ({"when": "now", "reason": "x" * 251}, "at most 250 characters"),
            ({"when": "never", "reason": "x"}, "Choose one of these."),
            ({"when": "day", "reason": "x"}, "Enter the last day."),
            ({"when": "day", "reason": "x", "last_day": "1/1/2020"}, "is today or later"),
        ],
    )
    def test_what_is_wrong_is_explained(self, client, as_holder, data, message):
        as_holder()
        grant = RoleGrantFactory(role=Role.TRAINER)
        response = client.post(take_address(grant), data)
        assert response.status_code == 422
        assert message in text_of(response)
        grant.refresh_from_db()
        assert grant.ends_on is None
        good = {"when": "now", "reason": "x"}
        assert client.post(take_address(grant), good).status_code == 302

    def test_one_that_one_could_not_give(self, client, as_holder):
        as_holder(Role.COORDINATOR)
        grant = RoleGrantFactory(role=Role.EDITOR)
        data = {"when": "now", "reason": "x"}
        assert client.post(take_address(grant), data).status_code == 403
        grant.refresh_from_db()
        assert grant.ends_on is None

    def test_the_last_administrator(self, client, as_holder):
        admin = as_holder()
        grant = RoleGrant.objects.get(user=admin)
        response = client.post(take_address(grant), {"when": "now", "reason": "x"})
        assert response.status_code == 409
        assert "This is the last administrator for everything." in text_of(response)

    def test_somebody_else_s_role_under_this_person_is_not_found(self, client, as_holder):
        as_holder()
        grant = RoleGrantFactory(role=Role.TRAINER)
        for address in (
            f"/people/{UserFactory().public_id}/roles/{grant.pk}/take/",
            f"/people/{grant.user.public_id}/roles/{10**30}/take/",
            f"/people/{grant.user.public_id}/roles/0/take/",
        ):
            assert client.get(address).status_code == 404
            assert client.post(address, {"when": "now", "reason": "x"}).status_code == 404
        grant.refresh_from_db()
        assert grant.ends_on is None

    def test_one_that_has_ended_is_not_found(self, client, as_holder):
        as_holder()
        grant = RoleGrantFactory(role=Role.TRAINER, ends_on=today() - DAY)
        assert client.get(take_address(grant)).status_code == 404
