"""An account is closed and opened again: who may, what follows, and that nothing is lost."""

import datetime

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role, ScopeKind
from accounts.models import AccountClosing, AuditEntry
from accounts.services import close_account, open_account
from accounts.services.closings import (
    ClosedAlready,
    ClosingReasonMissing,
    MayNotClose,
    NotClosed,
)
from accounts.services.roles import LastAdministrator
from notifications.services import deliver_due
from tests.factories.accounts import MembershipFactory, RoleGrantFactory, UserFactory
from tests.factories.certificates import AwardFactory

pytestmark = pytest.mark.django_db
NOON = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)


def administrator():
    grant = RoleGrantFactory(role=Role.ADMINISTRATOR, starts_on=datetime.date(2026, 1, 1))
    return grant.user


@pytest.fixture
def admin(client, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    admin = administrator()
    client.force_login(admin)
    return admin


def page(name, person):
    return reverse(f"accounts:account-{name}", args=[person.public_id])


class TestClosing:
    def test_it_is_shown_on_get_and_done_on_post(self, client, admin):
        grace = UserFactory()
        assert page("close", grace) in client.get(f"/people/{grace.public_id}/").content.decode()
        assert "Close their account" in client.get(page("close", grace)).content.decode()
        grace.refresh_from_db()
        assert grace.is_active
        reply = client.post(page("close", grace), {"reason": "Has  left\nthe school"}, follow=True)
        assert reply.redirect_chain[-1][0] == f"/people/{grace.public_id}/"
        said = reply.content.decode()
        assert "This account is closed" in said
        assert page("open", grace) in said
        grace.refresh_from_db()
        assert not grace.is_active
        closing = AccountClosing.objects.get()
        assert (closing.user, closing.closed_by) == (grace, admin)
        assert closing.reason == "Has left the school"
        entry = AuditEntry.objects.get(action="account.closed")
        assert (entry.actor, entry.subject) == (admin, grace)

    def test_they_are_signed_out_and_cannot_come_back(self, admin):
        grace = UserFactory()
        theirs = Client()
        theirs.force_login(grace)
        theirs.get("/account/security/devices/")  # which is where the list is kept
        assert theirs.get("/account/").status_code == 200
        close_account(user=grace, closed_by=admin, reason="Left", now=NOON)
        assert theirs.get("/account/").status_code == 302

    def test_they_are_told_and_not_why(self, admin):
        grace = UserFactory()
        close_account(user=grace, closed_by=admin, reason="Left the school", now=NOON)
        deliver_due(now=NOON)
        (message,) = mail.outbox
        assert (message.to, message.subject) == ([grace.email], "Your account is closed")
        assert "Left the school" not in message.body

    def test_certificates_stay_and_can_be_checked(self, client, admin):
        award = AwardFactory()
        close_account(user=award.user, closed_by=admin, reason="Left", now=NOON)
        shown = client.get(reverse("certificates:verify-code", args=[award.written_code]))
        assert "valid" in shown.content.decode().lower()

    @pytest.mark.parametrize("reason", ["", "  \n ", "x" * 251])
    def test_without_a_reason_nothing_is_done(self, client, admin, reason):
        grace = UserFactory()
        reply = client.post(page("close", grace), {"reason": reason})
        assert reply.status_code == 422
        assert reason.strip() in reply.content.decode()
        with pytest.raises(ClosingReasonMissing):
            close_account(user=grace, closed_by=admin, reason=reason, now=NOON)
        grace.refresh_from_db()
        assert grace.is_active

    def test_twice_is_once(self, client, admin):
        grace = UserFactory()
        client.post(page("close", grace), {"reason": "Left"})
        again = client.post(page("close", grace), {"reason": "Left"})
        assert again.status_code == 409
        assert str(ClosedAlready.message) in again.content.decode()
        assert AccountClosing.objects.count() == 1

    def test_the_database_keeps_one_open_closing(self, admin):
        grace = UserFactory()
        close_account(user=grace, closed_by=admin, reason="Left", now=NOON)
        with pytest.raises(
            IntegrityError, match=r"account_closed_once|account_closings?\.user_id|user_id"
        ):
            AccountClosing.objects.create(
                user=grace, closed_by=admin, closed_at=NOON, reason="Again"
            )

    def test_nobody_closes_their_own(self, client, admin):
        administrator()  # so that it is not for being the last
        assert client.get(page("close", admin)).status_code == 403
        assert client.post(page("close", admin), {"reason": "x"}).status_code == 403
        with pytest.raises(MayNotClose):
            close_account(user=admin, closed_by=admin, reason="x", now=NOON)

    def test_an_administrator_of_one_area_does_not(self, client, settings):
        settings.SECOND_FACTOR_REQUIRED = False
        member = MembershipFactory()
        local = RoleGrantFactory(
            role=Role.ADMINISTRATOR, scope_kind=ScopeKind.AREA, area=member.organisation.area
        ).user
        client.force_login(local)
        seen = client.get(f"/people/{member.user.public_id}/")
        assert seen.status_code == 200
        assert page("close", member.user) not in seen.content.decode()
        assert client.post(page("close", member.user), {"reason": "x"}).status_code == 403
        with pytest.raises(MayNotClose):
            close_account(user=member.user, closed_by=local, reason="x", now=NOON)

    def test_the_last_administrator_stays(self, admin):
        """Whoever closes may themselves have a role that ends."""
        last = administrator()
        RoleGrantFactory._meta.model.objects.filter(user=admin).update(
            ends_on=timezone.localdate() + datetime.timedelta(days=9)
        )
        with pytest.raises(LastAdministrator):
            close_account(user=last, closed_by=admin, reason="x", now=timezone.now())
        administrator()
        close_account(user=last, closed_by=admin, reason="x", now=timezone.now())


class TestOpening:
    @pytest.fixture
    def grace(self, admin):
        grace = UserFactory()
        close_account(user=grace, closed_by=admin, reason="Left", now=NOON)
        return grace

    def test_it_is_shown_on_get_and_done_on_post(self, client, admin, grace):
        assert "Open their account again" in client.get(page("open", grace)).content.decode()
        grace.refresh_from_db()
        assert not grace.is_active
        reply = client.post(page("open", grace), follow=True)
        assert "can sign in again" in reply.content.decode()
        grace.refresh_from_db()
        assert grace.is_active
        closing = AccountClosing.objects.get()
        assert closing.opened_by == admin
        assert closing.opened_at is not None

    def test_they_are_told_and_what_was_not_sent_is_not(self, admin, grace):
        """A message of the closing that waits would be wrong by now."""
        open_account(user=grace, opened_by=admin, now=NOON)
        deliver_due(now=NOON)
        assert [message.subject for message in mail.outbox] == ["Your account is open again"]

    def test_an_open_one_is_refused_in_words(self, client, admin, grace):
        open_account(user=grace, opened_by=admin, now=NOON)
        reply = client.post(page("open", grace), follow=True)
        assert str(NotClosed.message) in reply.content.decode()
        assert AuditEntry.objects.filter(action="account.opened").count() == 1

    def test_one_closed_by_a_command_is_opened_too(self, admin):
        ada = UserFactory(is_active=False)
        open_account(user=ada, opened_by=admin, now=NOON)
        ada.refresh_from_db()
        assert ada.is_active

    def test_it_can_be_closed_again(self, admin, grace):
        open_account(user=grace, opened_by=admin, now=NOON)
        close_account(user=grace, closed_by=admin, reason="Again", now=NOON)
        assert AccountClosing.objects.filter(user=grace).count() == 2

    def test_nobody_without_the_right_opens(self, grace):
        with pytest.raises(MayNotClose):
            open_account(user=grace, opened_by=UserFactory(), now=NOON)
