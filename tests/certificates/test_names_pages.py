"""The pages round a wrong name: the holder's, and those of staff."""

import pytest

from accounts.enums import Role
from accounts.services import grant_role, sync_groups
from certificates.models import Award, NameCorrection
from certificates.services import ask_for_name, decline_name_correction, reissue_award
from tests.certificates.test_names import award_of, manager
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.courses import NOW

pytestmark = pytest.mark.django_db
LIST = "/certificates/given/names/"
ASKED = {"wanted_name": "Siân Łukasz", "why": "Two letters are missing."}


@pytest.fixture
def home():
    return OrganisationFactory(name="Riverside Primary School")


@pytest.fixture
def award(home):
    return award_of(UserFactory(full_name="Sian Lukasz"), home)


@pytest.fixture
def coordinator():
    return manager()


def text_of(response):
    return " ".join(response.content.decode().split())


def asked(award, name="Siân Łukasz"):
    return ask_for_name(award=award, asked_by=award.user, wanted_name=name, why="A slip", now=NOW)


class TestTheHolder:
    def page(self, award):
        return f"{award.get_absolute_url()}name/"

    def test_from_the_list_to_the_request_and_back(self, client, award):
        client.force_login(award.user)
        assert self.page(award) in text_of(client.get("/certificates/"))
        form = text_of(client.get(self.page(award)))
        assert "Sian Lukasz" in form
        assert 'name="is_for_account"' in form
        response = client.post(self.page(award), ASKED, follow=True)
        assert "you asked for the name <strong>Siân Łukasz</strong>" in text_of(response)
        assert "You asked for the name “Siân Łukasz”. We will reply." in text_of(
            client.get("/certificates/")
        )
        assert client.get(self.page(award)).status_code == 302
        correction = NameCorrection.objects.get()
        response = client.post(f"/certificates/names/{correction.public_id}/withdraw/", follow=True)
        assert "Your request is taken back" in text_of(response)
        assert "Tell us what it should be" in text_of(response)
        again = client.post(f"/certificates/names/{correction.public_id}/withdraw/", follow=True)
        assert "was answered or taken back before" in text_of(again)

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"wanted_name": ""}, "Enter the name as it should be printed."),
            ({"why": " "}, "Say in a few words what is wrong."),
            ({"wanted_name": "a" * 151}, "Keep it to 150 characters; these are 151."),
            ({"wanted_name": "Sian 田"}, "Our typeface has no “田”"),
            ({"wanted_name": "Sian Lukasz"}, "This is the name that stands on the certificate."),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self, client, award, typed, words):
        client.force_login(award.user)
        response = client.post(self.page(award), ASKED | {"why": "A letter fell out"} | typed)
        assert response.status_code == 422
        text = text_of(response)
        assert words in text
        for kept in ({"why": "A letter fell out"} | typed).values():
            assert kept.strip() in text
        assert not NameCorrection.objects.exists()

    def test_another_s_is_not_there(self, client, award, coordinator):
        correction = asked(award)
        client.force_login(coordinator)
        assert client.get(self.page(award)).status_code == 404
        assert client.post(self.page(award), ASKED).status_code == 404
        withdraw = f"/certificates/names/{correction.public_id}/withdraw/"
        assert client.post(withdraw).status_code == 404

    def test_a_replaced_one_says_so(self, client, award, coordinator):
        reissue_award(award=award, reissued_by=coordinator, now=NOW)
        client.force_login(award.user)
        assert "was replaced or revoked before" in text_of(
            client.get(self.page(award), follow=True)
        )
        assert client.post(self.page(award), ASKED).status_code == 409

    def test_they_read_why_it_was_declined(self, client, award, coordinator):
        decline_name_correction(
            correction=asked(award), reason="We know you as Sian.", decided_by=coordinator, now=NOW
        )
        client.force_login(award.user)
        text = text_of(client.get(award.get_absolute_url()))
        assert "We know you as Sian." in text
        assert "Ask again" in text

    def test_staff_do_not_see_the_holder_s_part(self, client, award, coordinator):
        asked(award)
        client.force_login(coordinator)
        assert "Take this request back" not in text_of(client.get(award.get_absolute_url()))


class TestStaff:
    def test_the_list_says_what_waits(self, client, award, coordinator):
        correction = asked(award)
        client.force_login(coordinator)
        text = text_of(client.get(LIST))
        for said in ("Sian Lukasz", "Siân Łukasz", "Riverside Primary School"):
            assert said in text
        assert correction.get_absolute_url() in text
        decline_name_correction(correction=correction, reason="No", decided_by=coordinator, now=NOW)
        assert "No name waits to be corrected" in text_of(client.get(LIST))
        answered = text_of(client.get(f"{LIST}?show=answered"))
        assert "Declined" in answered
        assert str(coordinator) in answered

    def test_a_new_certificate(self, client, award, coordinator):
        correction = asked(award)
        client.force_login(coordinator)
        page = correction.get_absolute_url()
        assert 'value="Siân Łukasz"' in text_of(client.get(page))
        answer = {"decision": "reissue", "holder_name": "Siân Łukasz", "reason": ""}
        text = text_of(client.post(page, answer, follow=True))
        new = Award.objects.get(replaces=award)
        assert "The new certificate is given" in text
        assert new.written_code in text
        assert "What do you decide?" not in text

    def test_declined(self, client, award, coordinator):
        correction = asked(award)
        client.force_login(coordinator)
        answer = {"decision": "decline", "holder_name": "Siân Łukasz", "reason": "No such name."}
        text = text_of(client.post(correction.get_absolute_url(), answer, follow=True))
        assert "No such name." in text
        assert not Award.objects.filter(replaces=award).exists()

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            ({}, "Choose what you decide."),
            ({"decision": "reissue", "holder_name": " "}, "Enter the name as it should be"),
            ({"decision": "reissue", "holder_name": "Siân 田"}, "Our typeface has no “田”"),
            (
                {"decision": "reissue", "holder_name": "Sian Lukasz"},
                "stands on the certificate now",
            ),
            ({"decision": "decline", "reason": ""}, "Say why the name stays as it is."),
            ({"decision": "perhaps"}, "Choose one of the two."),
        ],
    )
    def test_what_is_wrong_is_said(self, client, award, coordinator, answer, words):
        correction = asked(award)
        client.force_login(coordinator)
        response = client.post(correction.get_absolute_url(), answer)
        assert response.status_code == 422
        assert words in text_of(response)
        assert NameCorrection.objects.get().state == "asked"

    def test_answered_meanwhile(self, client, award, coordinator):
        correction = asked(award)
        decline_name_correction(correction=correction, reason="No", decided_by=coordinator, now=NOW)
        client.force_login(coordinator)
        answer = {"decision": "reissue", "holder_name": "Siân Łukasz"}
        response = client.post(correction.get_absolute_url(), answer)
        assert response.status_code == 409
        assert "was answered or taken back before" in text_of(response)

    def test_their_own_is_not_theirs_to_answer(self, client, home):
        coordinator = manager(Role.COORDINATOR)
        correction = asked(award_of(coordinator, home), name="Somebody Else")
        client.force_login(coordinator)
        assert client.get(correction.get_absolute_url()).status_code == 404

    def test_the_award_s_own_page_in_the_admin_leads_there(self, client, award, coordinator):
        correction = asked(award)
        sync_groups(on=NOW.date())
        admin = UserFactory()
        grant_role(user=admin, role=Role.ADMINISTRATOR, scope=None, now=NOW, starts_on=NOW.date())
        client.force_login(admin)
        text = text_of(client.get(f"/cms/certificates/given/{award.public_id}/"))
        assert "Siân Łukasz" in text
        assert correction.get_absolute_url() in text


@pytest.mark.parametrize("show", ["", "?show=answered"])
@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_list_takes_as_many_queries_whatever_its_length(
    client, home, coordinator, count, show, django_assert_num_queries
):
    for _ in range(count):
        correction = asked(award_of(UserFactory(full_name="Sian Lukasz"), home))
        if show:
            decline_name_correction(
                correction=correction, reason="No", decided_by=coordinator, now=NOW
            )
    client.force_login(coordinator)
    client.get(LIST + show)
    # Who it is; their roles (two each time) for the page, the number that waits, and the list;
    # that number, how many there are, and those shown.
    with django_assert_num_queries(7):
        client.get(LIST + show)
