import datetime

from django.db import transaction
from django.utils import timezone

from accounts.enums import MembershipKind
from accounts.models import Membership, Organisation, User
from accounts.services.audit import record_audit
from accounts.services.roles import refresh_roles


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
    """Make `user` a member of `organisation` from `starts_on`; asking twice returns the first."""
    membership, created = Membership.objects.get_or_create(
        user=user,
        organisation=organisation,
        kind=kind,
        ends_on=None,
        defaults={"starts_on": starts_on},
    )
    if created:
        record_audit(actor=actor, action="membership.begun", target=membership, now=now)
        refresh_roles(user=user, on=timezone.localdate(now))
    return membership
