import datetime

from django.db import transaction
from django.utils import timezone

from accounts.enums import JoinRequestState, MembershipKind
from accounts.models import JoinRequest, Membership, Organisation, User
from accounts.services.audit import record_audit
from accounts.services.roles import refresh_roles
from accounts.services.settling import settle_invitations


@transaction.atomic
def join_organisation(
    *,
    user: User,
    organisation: Organisation,
    now: datetime.datetime,
    starts_on: datetime.date,
    kind: MembershipKind = MembershipKind.PLAIN,
    actor: User | None = None,
) -> Membership:
    """Make `user` a member of `organisation` from `starts_on`; asking twice returns the first.

    A membership that is still running and has an end goes on without one. A request to join that
    waits is confirmed by it, and an invitation that was not used ends.
    """
    running = Membership.objects.filter(
        user=user, organisation=organisation, kind=kind, ends_on__gte=starts_on
    ).first()
    if running is not None:
        running.ends_on = None
        running.save(update_fields=["ends_on", "updated_at"])
        record_audit(
            actor=actor, action="membership.continued", target=running, now=now, fields=["ends_on"]
        )
        return _after_joining(running, now)
    membership, created = Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        kind=kind,
        ends_on=None,
        defaults={"starts_on": starts_on},
    )
    if created:
        record_audit(actor=actor, action="membership.begun", target=membership, now=now)
        _after_joining(membership, now)
    return membership


def _after_joining(membership: Membership, now: datetime.datetime) -> Membership:
    """A request that waits is answered by the fact; a lead's role follows from the place."""
    JoinRequest.objects.filter(
        user=membership.user,
        organisation=membership.organisation,
        state=JoinRequestState.ASKED,
    ).update(state=JoinRequestState.CONFIRMED, decided_at=now, updated_at=now)
    settle_invitations(membership, now=now)
    refresh_roles(user=membership.user, on=timezone.localdate(now))
    return membership
