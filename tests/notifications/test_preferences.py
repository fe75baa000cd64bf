"""What people choose, the page they choose it on, and what is then sent."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import AuditEntry, User
from notifications.enums import DAILY_DIGEST, MessageChoice
from notifications.models import Preference
from notifications.services import (
    NoticeKind,
    PreferenceRefused,
    deliver_due,
    deliver_notice,
    preferences_of,
    register_kind,
    registered_kinds,
    save_preferences,
)
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW
from tests.factories.notifications import (
    MessageFactory,
    NoticeFactory,
    PreferenceFactory,
    UnsubscriptionFactory,
)
from tests.notifications.conftest import (
    AWAITED,
    BY_ADDRESS,
    GREETING,
    INVITATION,
    LEADS_ONLY,
    NECESSARY,
    NEWS,
    SECRET,
    TO_ANYBODY,
    URGENT,
)

pytestmark = pytest.mark.django_db

PAGE = "/account/messages/"


def deliver(notice):
    sent = deliver_notice(pk=notice.pk, now=NOW)
    notice.refresh_from_db()
    return sent


def in_force(user):
    return {
        row.kind.code: row.choice
        for group in preferences_of(user)
        for row in group.optional + group.necessary
        if row.kind.code.startswith("tests.")
    }


# --- The kinds themselves -------------------------------------------------------------------------


def test_every_kind_of_the_site_says_what_it_is():
    ours = [kind for kind in registered_kinds() if not kind.code.startswith("tests.")]
    assert {kind.code for kind in ours} >= {"certificates.certificate_ready", DAILY_DIGEST}
    assert [kind.code for kind in ours if not kind.label] == []


def test_what_has_a_secret_is_in_the_e_mail_only_so_nobody_may_choose_to_read_it_here():
    fields = {"template": "x", "context": dict}
    with pytest.raises(ValueError, match="secret"):
        register_kind(NoticeKind("tests.loose_secret", has_secret=True, **fields))
    assert SECRET in registered_kinds()
    assert INVITATION in registered_kinds()


# --- What is in force -----------------------------------------------------------------------------


def test_without_a_choice_everything_comes_at_once():
    assert set(in_force(UserFactory()).values()) == {MessageChoice.AT_ONCE}


def test_a_choice_is_one_persons_and_one_kinds():
    person = PreferenceFactory(kind=GREETING.code, choice="inbox").user
    assert in_force(person)[GREETING.code] == "inbox"
    assert in_force(person)[NEWS.code] == "at_once"
    assert in_force(UserFactory())[GREETING.code] == "at_once"


def test_a_stored_choice_does_not_switch_off_what_became_necessary():
    person = PreferenceFactory(kind=NECESSARY.code, choice="inbox").user
    assert in_force(person)[NECESSARY.code] == "at_once"
    assert deliver(NoticeFactory(recipient=person, kind=NECESSARY.code))


def test_what_became_urgent_is_not_held():
    person = PreferenceFactory(kind=URGENT.code, choice="digest").user
    assert in_force(person)[URGENT.code] == "at_once"
    assert deliver(NoticeFactory(recipient=person, kind=URGENT.code))


def test_an_unsubscription_of_the_address_counts_until_its_owner_chooses():
    person = UserFactory(email="sian@example.org")
    UnsubscriptionFactory(address="sian@example.org", kind=GREETING.code)
    assert in_force(person)[GREETING.code] == "inbox"
    assert not deliver(NoticeFactory(recipient=person))
    save_preferences(user=person, choices={GREETING.code: "at_once"}, now=NOW)
    assert in_force(person)[GREETING.code] == "at_once"
    assert deliver(NoticeFactory(recipient=person))


def test_the_page_shows_what_concerns_a_person():
    lead = UserFactory(roles_today=["lead"])
    assert LEADS_ONLY.code in in_force(lead)
    assert LEADS_ONLY.code not in in_force(UserFactory())
    assert BY_ADDRESS.code not in in_force(lead)


def test_the_choices_take_two_queries(django_assert_num_queries):
    person = PreferenceFactory().user
    with django_assert_num_queries(2):
        preferences_of(person)


# --- Choosing -------------------------------------------------------------------------------------


def test_a_choice_is_kept_and_audited_by_kind():
    person = UserFactory()
    changed = save_preferences(
        user=person, choices={GREETING.code: "digest", NEWS.code: "at_once"}, now=NOW
    )
    assert changed == [GREETING.code]
    assert dict(Preference.objects.values_list("kind", "choice")) == {GREETING.code: "digest"}
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.fields) == (
        person,
        "messages.chosen",
        [GREETING.code],
    )


def test_the_same_choice_again_changes_nothing():
    person = UserFactory()
    save_preferences(user=person, choices={GREETING.code: "inbox"}, now=NOW)
    assert save_preferences(user=person, choices={GREETING.code: "inbox"}, now=NOW) == []
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("code", "choice"),
    [
        (NECESSARY.code, "inbox"),
        (NECESSARY.code, "at_once"),
        (URGENT.code, "digest"),
        (GREETING.code, "never"),
        (GREETING.code, ""),
        ("tests.unheard_of", "inbox"),
        (LEADS_ONLY.code, "inbox"),
        (BY_ADDRESS.code, "inbox"),
        (DAILY_DIGEST, "inbox"),
    ],
)
def test_what_is_not_offered_is_refused_and_nothing_is_kept(code, choice):
    person = UserFactory()
    with pytest.raises(PreferenceRefused):
        save_preferences(user=person, choices={NEWS.code: "inbox", code: choice}, now=NOW)
    assert not Preference.objects.exists()
    save_preferences(user=person, choices={NEWS.code: "inbox", URGENT.code: "inbox"}, now=NOW)
    assert Preference.objects.count() == 2


def test_a_lead_can_choose_what_only_leads_get():
    lead = UserFactory(roles_today=["lead"])
    save_preferences(user=lead, choices={LEADS_ONLY.code: "inbox"}, now=NOW)
    assert in_force(lead)[LEADS_ONLY.code] == "inbox"


# --- What was held when somebody changes their mind -----------------------------------------------


def held_for(person, **fields):
    return MessageFactory(recipient=person, state="held", sent_at=None, **fields)


def test_back_to_at_once_gets_what_was_held():
    person = PreferenceFactory(choice="digest").user
    notice, other = held_for(person, attempts=1), held_for(PreferenceFactory().user)
    save_preferences(user=person, choices={GREETING.code: "at_once"}, now=NOW)
    notice.refresh_from_db()
    other.refresh_from_db()
    assert (notice.state, notice.due_at, notice.attempts) == ("waiting", NOW, 0)
    assert other.state == "held"
    posted = notice.posted_at
    assert deliver_due(now=NOW) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.posted_at) == ("sent", posted)


def test_only_here_keeps_what_was_held_without_an_e_mail():
    person = PreferenceFactory(choice="digest").user
    notice, news = held_for(person), held_for(person, kind=NEWS.code)
    PreferenceFactory(user=person, kind=NEWS.code, choice="digest")
    save_preferences(user=person, choices={GREETING.code: "inbox"}, now=NOW)
    notice.refresh_from_db()
    news.refresh_from_db()
    assert (notice.state, news.state) == ("kept", "held")


def test_choosing_the_summary_again_switches_it_on_again():
    person = PreferenceFactory(kind=DAILY_DIGEST, choice="inbox").user
    PreferenceFactory(user=person, kind=NEWS.code, choice="digest")
    assert in_force(person)[NEWS.code] == "inbox"
    save_preferences(user=person, choices={NEWS.code: "inbox", GREETING.code: "digest"}, now=NOW)
    assert in_force(person)[GREETING.code] == "digest"


# --- What is sent ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "state", "mails"),
    [("at_once", "sent", 1), ("digest", "held", 0), ("inbox", "kept", 0)],
)
def test_the_choice_of_the_moment_counts(choice, state, mails):
    person = UserFactory(full_name="Siân")
    notice = NoticeFactory(recipient=person)
    PreferenceFactory(user=person, choice=choice)
    assert deliver(notice) == bool(mails)
    assert (notice.state, len(mail.outbox)) == (state, mails)
    assert (notice.subject, notice.body) == ("Hello", "Dear Siân, welcome")
    assert (notice.posted_at, notice.claim, notice.read_at) == (NOW, None, None)
    # Whatever came of it, it is not done twice.
    assert not deliver(notice)
    assert len(mail.outbox) == mails


def test_a_choice_for_an_address_alone_is_nobodys():
    """A person's choices do not reach a referee who happens to have the same address."""
    person = PreferenceFactory(choice="inbox").user
    assert deliver(NoticeFactory(recipient=None, address=person.email))


def test_people_without_an_account_get_theirs_and_have_no_messages_here():
    notice = NoticeFactory(recipient=None, address="referee@example.org")
    assert deliver(notice)
    assert (notice.state, notice.posted_at, notice.subject, notice.body) == ("sent", None, "", "")


def test_an_unsubscribed_address_gets_nothing_of_that_kind():
    UnsubscriptionFactory(address="referee@example.org", kind=GREETING.code)
    stopped = NoticeFactory(recipient=None, address="Referee@Example.org")
    other = NoticeFactory(recipient=None, address="Referee@Example.org", kind=NEWS.code)
    assert not deliver(stopped)
    assert (stopped.state, stopped.body) == ("declined", "")
    assert deliver(other)


def test_an_unsubscription_does_not_stop_what_is_necessary():
    UnsubscriptionFactory(address="referee@example.org", kind=NECESSARY.code)
    assert deliver(
        NoticeFactory(recipient=None, address="referee@example.org", kind=NECESSARY.code)
    )


def test_a_person_without_a_password_is_written_to_like_anybody():
    booked = User.objects.create_user("booked@example.org", full_name="Booked Person")
    assert not booked.has_usable_password()
    assert deliver(NoticeFactory(recipient=booked))
    assert mail.outbox[0].to == ["booked@example.org"]


def test_a_closed_account_gets_nothing_but_what_says_so():
    gone = UserFactory(is_active=False)
    notice, necessary = (
        NoticeFactory(recipient=gone),
        NoticeFactory(recipient=gone, kind=NECESSARY.code),
    )
    farewell = NoticeFactory(recipient=gone, kind=TO_ANYBODY.code)
    assert [deliver(notice), deliver(necessary), deliver(farewell)] == [False, False, True]
    assert (notice.state, necessary.state, farewell.state) == ("dropped", "dropped", "sent")


def test_a_secret_is_sent_and_not_kept():
    notice = NoticeFactory(kind=SECRET.code)
    assert deliver(notice)
    assert "welcome" in mail.outbox[0].body
    assert (notice.subject, notice.body, notice.posted_at) == ("Hello", "", NOW)


@pytest.mark.parametrize(
    ("choice", "state", "posted"), [("inbox", "declined", None), ("digest", "sent", NOW)]
)
def test_a_secret_is_neither_kept_here_nor_held(choice, state, posted):
    person = PreferenceFactory(kind=INVITATION.code, choice=choice).user
    notice = NoticeFactory(recipient=person, kind=INVITATION.code)
    deliver(notice)
    assert (notice.state, notice.body, notice.posted_at) == (state, "", posted)


def test_what_could_not_be_mailed_can_be_read_here(settings):
    settings.EMAIL_BACKEND = "tests.notifications.test_services.RefusingBackend"
    person = UserFactory(email="refused@example.org")
    notice = NoticeFactory(recipient=person, attempts=8)
    assert not deliver(notice)
    assert (notice.state, notice.posted_at) == ("waiting", None)
    deliver_notice(pk=notice.pk, now=notice.due_at)
    notice.refresh_from_db()
    assert notice.state == "failed"
    assert (notice.subject, notice.body != "", notice.posted_at is None) == ("Hello", True, False)


@pytest.mark.parametrize("count", [1, 3, 30])
def test_choices_are_read_with_the_notice(count, django_assert_num_queries):
    for _ in range(count):
        NoticeFactory(recipient=PreferenceFactory().user)
    with django_assert_num_queries(2 + 4 * count):
        deliver_due(now=NOW)


# --- The page -------------------------------------------------------------------------------------


@pytest.fixture
def person(client):
    person = UserFactory()
    client.force_login(person)
    return person


def answers(**changes):
    """Everything the page asks, as it stands, with changes."""
    optional = [kind for kind in registered_kinds() if kind.is_listed and not kind.is_necessary]
    data = {f"kind-{k.code}": "at_once" for k in optional if not k.for_roles}
    return data | {f"kind-tests.{name}": choice for name, choice in changes.items()}


def test_the_page_needs_somebody(client):
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"
    assert client.post(PAGE, answers(news="inbox")).status_code == 302
    assert not Preference.objects.exists()


def test_the_page_shows_choices_and_what_is_always_on(client, person):
    page = client.get(PAGE).content.decode()
    assert reverse("notifications:preferences") == PAGE
    for kind in (GREETING, NEWS, AWAITED, URGENT):
        assert f'name="kind-{kind.code}"' in page
    assert f"kind-{NECESSARY.code}" not in page
    assert "Something you must know" in page
    assert "You could lose your place." in page
    assert "Always on" in page
    assert "7:30am" in page
    assert "Between 9pm and 7am" in page


def test_what_is_chosen_is_kept_and_shown(client, person):
    answer = client.post(PAGE, answers(greeting="digest", news="inbox"), follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Your choices are saved" in answer.content.decode()
    assert in_force(person)[GREETING.code] == "digest"
    assert in_force(person)[NEWS.code] == "inbox"
    page = client.get(PAGE).content.decode()
    assert page.count('value="digest" checked') == 1
    assert page.count('value="inbox" checked') == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"necessary": "inbox"}, "This page has changed"),
        ({"unheard_of": "inbox"}, "This page has changed"),
        ({"leads_only": "inbox"}, "This page has changed"),
        ({"news": "never"}, "never is not one of the available choices"),
        ({"news": "in\x00box"}, "is not one of the available choices"),
        ({"news": ""}, "Choose: News"),
        ({"urgent": "digest"}, "is not one of the available choices"),
    ],
)
def test_forged_answers_are_refused_and_nothing_is_kept(client, person, changes, said):
    answer = client.post(PAGE, answers(greeting="inbox", **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Preference.objects.exists()
    assert client.post(PAGE, answers(greeting="inbox")).status_code == 302
    assert Preference.objects.count() == 1


def test_a_missing_answer_is_asked_for_and_the_rest_kept_on_the_page(client, person):
    data = answers(greeting="inbox")
    del data[f"kind-{NEWS.code}"]
    answer = client.post(PAGE, data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Choose: News" in page
    assert "Error: " in page
    assert not Preference.objects.exists()


def test_the_page_takes_few_queries(client, person, django_assert_num_queries):
    client.get(PAGE)
    # The person; their choices, their address's unsubscriptions; the hours.
    with django_assert_num_queries(4):
        client.get(PAGE)
