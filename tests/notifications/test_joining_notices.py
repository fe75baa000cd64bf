"""News of organisations, as messages: to whom, once, and whether they still hold."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from accounts.enums import MembershipKind
from accounts.services import (
    ask_to_join,
    confirm_join_request,
    decline_join_request,
    end_membership,
    end_place,
    invite_person,
    name_to_place,
    send_invitation,
    withdraw_invitation,
    withdraw_join_request,
)
from lms.core.links import token_of
from lms.core.models import EmailedLink
from notifications.models import Notice
from notifications.services import deliver_due
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.joining import make_lead

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_quiet_hours")]

DAY = datetime.timedelta(days=1)
# What a subject must not say on a screen that others see.
TELLING = ("prison", "court", "sentence", "offend", "crime", "custody")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def prison():
    return OrganisationFactory(name="Vale Prison Family Team")


@pytest.fixture
def lead(prison):
    user = make_lead(prison)
    user.full_name = "Helen Marsh"
    user.save()
    return user


def invite(prison, lead, now, **kwargs):
    return invite_person(
        organisation=prison, email="ann@example.org", invited_by=lead, now=now, **kwargs
    )


def deliver(now):
    deliver_due(now=now)
    return {message.to[0]: message for message in mail.outbox}


def html_of(message):
    return next(part for part, kind in message.alternatives if kind == "text/html")


def test_an_invitation_goes_out_with_its_link_and_a_neutral_subject(prison, lead, now):
    invite(prison, lead, now, full_name="Ann Hill")
    message = deliver(now)["ann@example.org"]
    token = token_of(EmailedLink.objects.get())
    assert message.subject == "An invitation from Helen Marsh"
    for text in (message.body, html_of(message)):
        assert f"/join/{token}/" in text
        assert "Vale Prison Family Team" in text
    assert "Dear Ann Hill" in message.body


def test_sending_again_is_a_message_of_its_own_and_a_held_one_is_none(prison, lead, now):
    invitation = invite(prison, lead, now, is_held=True)
    assert not Notice.objects.exists()
    for minute in range(2):
        later = now + datetime.timedelta(minutes=minute)
        send_invitation(invitation=invitation, now=later, sent_by=lead)
    assert Notice.objects.count() == 2


def test_a_withdrawn_invitation_is_not_sent(prison, lead, now):
    invitation = invite(prison, lead, now)
    withdraw_invitation(invitation=invitation, withdrawn_by=lead, now=now)
    assert deliver(now) == {}


def test_whoever_is_known_gets_it_as_themselves(prison, lead, now):
    user = UserFactory(email="ann@example.org")
    invite(prison, lead, now)
    assert Notice.objects.get().recipient == user


def test_leads_are_told_who_asks_and_the_person_the_answer(prison, lead, now):
    other = make_lead(prison)
    asked = ask_to_join(user=UserFactory(full_name="Ann Hill"), organisation=prison, now=now)
    told = deliver(now)
    assert set(told) == {lead.email, other.email}
    assert "Ann Hill" in told[lead.email].body
    assert "/requests/" in told[lead.email].body
    confirm_join_request(join_request=asked, decided_by=lead, now=now)
    answer = deliver(now)[asked.user.email]
    assert "You now belong to Vale Prison Family Team." in answer.body


def test_a_request_that_was_withdrawn_bothers_nobody(prison, lead, now):
    user = UserFactory()
    asked = ask_to_join(user=user, organisation=prison, now=now)
    withdraw_join_request(join_request=asked, user=user, now=now)
    assert deliver(now) == {}


@pytest.mark.parametrize("reason", ["", "You work at <b>our</b> sister school."])
def test_a_declined_request_says_why(prison, lead, now, reason):
    asked = ask_to_join(user=UserFactory(), organisation=prison, now=now)
    decline_join_request(join_request=asked, decided_by=lead, reason=reason, now=now)
    answer = deliver(now)[asked.user.email]
    assert "have declined your request" in answer.body
    assert ("They say:" in answer.body) == bool(reason)
    assert "<b>our" not in html_of(answer)


def champion(prison, lead, now):
    user = MembershipFactory(organisation=prison).user
    name_to_place(
        user=user,
        organisation=prison,
        kind=MembershipKind.CHAMPION,
        named_by=lead,
        starts_on=timezone.localdate(now) - DAY,
        now=now,
    )
    return user


def end(user, prison, by, now):
    end_place(
        user=user,
        organisation=prison,
        kind=MembershipKind.CHAMPION,
        ended_by=by,
        last_day=timezone.localdate(now),
        now=now,
    )


def test_the_end_of_the_last_champion_is_told_to_who_did_not_do_it(prison, lead, now):
    other = make_lead(prison)
    end(champion(prison, lead, now), prison, lead, now)
    told = deliver(now)
    assert set(told) == {other.email}
    assert "nobody follows yet" in told[other.email].body


def test_a_champion_who_leaves_by_themselves_is_told_of(prison, lead, now):
    user = champion(prison, lead, now)
    end_membership(
        user=user, organisation=prison, ended_by=user, last_day=timezone.localdate(now), now=now
    )
    assert set(deliver(now)) == {lead.email}


def test_where_another_champion_is_there_nobody_is_told(prison, lead, now):
    first, _second = champion(prison, lead, now), champion(prison, lead, now)
    end(first, prison, first, now)
    assert deliver(now) == {}


def test_where_another_follows_before_it_is_sent_nobody_is_told(prison, lead, now):
    first = champion(prison, lead, now)
    end(first, prison, first, now)
    champion(prison, lead, now)
    assert deliver(now) == {}


def test_no_subject_tells_a_bystander_anything(prison, lead, now):
    invite(prison, lead, now)
    make_lead(prison)
    end(champion(prison, lead, now), prison, lead, now)
    asked = ask_to_join(user=UserFactory(), organisation=prison, now=now)
    deliver(now)
    decline_join_request(join_request=asked, decided_by=lead, now=now)
    deliver(now)
    again = ask_to_join(user=UserFactory(), organisation=prison, now=now)
    confirm_join_request(join_request=again, decided_by=lead, now=now)
    deliver(now)
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert len(kinds) == 5
    for message in mail.outbox:
        assert not [word for word in TELLING if word in message.subject.lower()]
