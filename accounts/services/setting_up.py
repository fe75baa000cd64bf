"""People whom others made known, coming in for the first time."""

import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Membership, User
from accounts.queries.joining import person_to_set_up
from accounts.services.audit import record_audit
from accounts.services.invitations import accept_invitation, read_invitation
from lms.core.links import LinkUsed


@transaction.atomic
def set_up_by_invitation(*, token: str, now: datetime.datetime) -> tuple[User, Membership]:
    """Let somebody who was imported come in by the link sent to their address.

    Whoever has the link reads that address, so it counts as verified. Only for people who have
    no password and have never signed in; everybody else proves who they are at the door.

    Raises: as `read_invitation`; LinkUsed when there is nobody (any more) to set up.
    """
    invitation = read_invitation(token, now=now)
    user = person_to_set_up(invitation)
    if user is None:
        raise LinkUsed
    membership = accept_invitation(token=token, user=user, now=now)
    address, _created = EmailAddress.objects.get_or_create(user=user, email=user.email)
    address.verified = True
    address.primary = True
    address.save()
    record_audit(actor=user, action="address.verified", target=user, now=now)
    return user, membership
