"""Invitations that what has happened since has made pointless."""

import datetime

from accounts.enums import InvitationKind, MembershipKind
from accounts.models import Invitation, Membership, never_came_in
from accounts.services.audit import record_audit
from lms.core.links import withdraw_links

PURPOSE = "invitation"


def settle_invitations(
    membership: Membership, *, now: datetime.datetime, has_left: bool = False
) -> int:
    """End the unused invitations of one person to a place that they have taken, or left.

    An old link lets nobody back in who has left, and no lead is offered to send one to somebody who
    is there. Whoever has never come in needs theirs to do so, unless they have left. Says how many.
    """
    user = membership.user
    found = Invitation.objects.select_for_update().filter(
        organisation=membership.organisation,
        kind=InvitationKind.SINGLE,
        email=user.email.lower(),
        used=0,
        withdrawn_at=None,
    )
    if not (has_left and membership.kind == MembershipKind.PLAIN):
        found = found.filter(membership_kind=membership.kind)
        if type(user).objects.filter(never_came_in(), pk=user.pk).exists():
            return 0
    settled = list(found)
    for invitation in settled:
        invitation.withdrawn_at = now
        invitation.save(update_fields=["withdrawn_at", "updated_at"])
        withdraw_links(purpose=PURPOSE, subject=str(invitation.pk), now=now)
        record_audit(actor=None, action="invitation.settled", target=invitation, now=now)
    return len(settled)
