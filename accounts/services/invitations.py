"""Inviting people to an organisation: one by an e-mailed link, or a team by one link for many."""

import datetime

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import InvitationKind, MembershipKind
from accounts.models import (
    Invitation,
    InvitationUse,
    JobRole,
    Membership,
    Organisation,
    User,
    never_came_in,
)
from accounts.permissions import is_shared_address
from accounts.queries import can_invite_to, can_name_lead_of
from accounts.services.audit import record_audit
from accounts.services.people import join_organisation
from accounts.services.settling import PURPOSE
from accounts.signals import invitation_sent
from lms.core.errors import DomainError
from lms.core.links import (
    LinkAltered,
    LinkUsed,
    find_link,
    issue_link,
    read_link,
    use_link,
    withdraw_links,
)

SINGLE_LASTS = datetime.timedelta(days=14)
MAX_TEAM = 500
MAX_DAYS = 90
MAX_ADDRESS = 254
_TEAM_SALT = "team-invitation"


class NotYours(DomainError):
    code = "not_yours"
    status = 403
    message = _("You cannot invite people to this organisation.")


class NotAnAddress(DomainError):
    code = "not_an_address"
    status = 422
    message = _("Enter an e-mail address, like name@example.org.")


class SharedAddress(DomainError):
    code = "shared_address"
    status = 422
    message = _(
        "Several people seem to read this address. Certificates are personal: use an address that "
        "only this person reads."
    )


class AlreadyMember(DomainError):
    code = "already_member"
    message = _("This person already belongs to this organisation.")


class LimitOutOfRange(DomainError):
    code = "limit_out_of_range"
    status = 422
    message = _("A link is for 1 to %(people)d people and lasts 1 to %(days)d days.") % {
        "people": MAX_TEAM,
        "days": MAX_DAYS,
    }


class InvitationWithdrawn(DomainError):
    code = "invitation_withdrawn"
    status = 410
    message = _("This invitation has been withdrawn. Ask whoever sent it to you for a new one.")


class InvitationExpired(DomainError):
    code = "invitation_expired"
    status = 410
    message = _("This invitation is too old. Ask whoever sent it to you for a new one.")


class InvitationFull(DomainError):
    code = "invitation_full"
    status = 410
    message = _(
        "As many people have joined by this link as it was made for. Ask whoever sent it to you "
        "for a new one."
    )


@transaction.atomic
def invite_person(
    *,
    organisation: Organisation,
    email: str,
    invited_by: User,
    now: datetime.datetime,
    full_name: str = "",
    job_role: JobRole | None = None,
    membership_kind: MembershipKind = MembershipKind.PLAIN,
    is_held: bool = False,
) -> Invitation:
    """Invite one person by their address, and tell them unless the invitation `is_held`.

    Somebody who is invited already keeps that invitation, with what is said of them now; it is sent
    again only if it was held or has expired.

    Raises: NotYours, also for a lead invited by somebody who may not name one; NotAnAddress;
    SharedAddress; AlreadyMember when they hold that place in the organisation today.
    """
    _refuse_stranger(invited_by, organisation, now, kind=membership_kind)
    email = _own_address(email)
    _refuse_member(organisation, email, membership_kind)
    said = {"full_name": full_name, "job_role": job_role, "membership_kind": membership_kind}
    invitation, created = Invitation.objects.select_for_update().get_or_create(
        organisation=organisation,
        email=email,
        kind=InvitationKind.SINGLE,
        used=0,
        withdrawn_at=None,
        defaults={**said, "invited_by": invited_by, "is_held": True},
    )
    changed = [name for name, value in said.items() if getattr(invitation, name) != value]
    if created:
        record_audit(actor=invited_by, action="invitation.made", target=invitation, now=now)
    elif changed:
        for name in changed:
            setattr(invitation, name, said[name])
        invitation.save(update_fields=[*changed, "updated_at"])
        record_audit(
            actor=invited_by,
            action="invitation.changed",
            target=invitation,
            now=now,
            fields=changed,
        )
    if not is_held and not _is_good(invitation, now):
        _send(invitation, now, invited_by)
    return invitation


def _is_good(invitation: Invitation, now: datetime.datetime) -> bool:
    """Say whether the person was told and may still join by what they got."""
    return invitation.expires_at is not None and invitation.expires_at > now


@transaction.atomic
def send_invitation(
    *, invitation: Invitation, now: datetime.datetime, sent_by: User | None = None
) -> Invitation:
    """Tell the person, who may not have been told yet, by a new link; earlier ones go on working.

    The link is good for 14 days. Raises: InvitationWithdrawn; LinkUsed once they have joined;
    AlreadyMember when they joined in another way.
    """
    invitation = _locked(invitation)
    if invitation.withdrawn_at is not None:
        raise InvitationWithdrawn
    if invitation.used or invitation.kind != InvitationKind.SINGLE:
        raise LinkUsed
    kind = MembershipKind(invitation.membership_kind)
    _refuse_member(invitation.organisation, invitation.email, kind)
    _send(invitation, now, sent_by)
    return invitation


def _send(invitation: Invitation, now: datetime.datetime, sent_by: User | None) -> None:
    link = issue_link(purpose=PURPOSE, subject=str(invitation.pk), now=now, lasts=SINGLE_LASTS)
    invitation.is_held = False
    invitation.sent_at = now
    invitation.expires_at = link.expires_at
    invitation.save(update_fields=["is_held", "sent_at", "expires_at", "updated_at"])
    record_audit(actor=sent_by, action="invitation.sent", target=invitation, now=now)
    invitation_sent.send(sender=Invitation, invitation=invitation, link=link, now=now)


@transaction.atomic
def invite_team(
    *,
    organisation: Organisation,
    invited_by: User,
    now: datetime.datetime,
    limit: int,
    lasts_days: int,
) -> Invitation:
    """Make one link by which up to `limit` people may join within `lasts_days` days.

    Raises: NotYours; LimitOutOfRange.
    """
    _refuse_stranger(invited_by, organisation, now)
    if not (1 <= limit <= MAX_TEAM and 1 <= lasts_days <= MAX_DAYS):
        raise LimitOutOfRange
    invitation = Invitation.objects.create(
        organisation=organisation,
        kind=InvitationKind.TEAM,
        limit=limit,
        expires_at=now + datetime.timedelta(days=lasts_days),
        invited_by=invited_by,
    )
    record_audit(actor=invited_by, action="invitation.made", target=invitation, now=now)
    return invitation


def team_token(invitation: Invitation) -> str:
    """Write the token of a team's link; the same for an invitation each time."""
    return Signer(salt=_TEAM_SALT).sign(invitation.public_id.hex)


@transaction.atomic
def withdraw_invitation(
    *, invitation: Invitation, withdrawn_by: User, now: datetime.datetime
) -> Invitation:
    """Make an invitation and its links useless; those who joined by it stay. Twice is once.

    Raises: NotYours; LinkUsed for one person's invitation that they have accepted.
    """
    _refuse_stranger(withdrawn_by, invitation.organisation, now)
    invitation = _locked(invitation)
    if invitation.withdrawn_at is not None:
        return invitation
    if invitation.kind == InvitationKind.SINGLE and invitation.used:
        raise LinkUsed
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at", "updated_at"])
    withdraw_links(purpose=PURPOSE, subject=str(invitation.pk), now=now)
    record_audit(actor=withdrawn_by, action="invitation.withdrawn", target=invitation, now=now)
    return invitation


def read_invitation(token: str, *, now: datetime.datetime) -> Invitation:
    """Find what a token offers, for a page that shows it. Changes nothing.

    Raises: LinkAltered for a token that is not ours; InvitationWithdrawn; InvitationExpired,
    LinkExpired; InvitationFull for a team's link, LinkUsed for one person's.
    """
    invitation = find_invitation(token)
    _refuse_unusable(invitation, token, now)
    return invitation


def find_invitation(token: str) -> Invitation:
    """Find the invitation of a token, whether or not it can still be accepted.

    Raises: LinkAltered for a token that is not ours.
    """
    rows = Invitation.objects.select_related("organisation__area", "invited_by", "job_role")
    try:
        public_id = Signer(salt=_TEAM_SALT).unsign(token)
    except BadSignature:
        return rows.get(pk=int(find_link(token, purpose=PURPOSE).subject))
    found = rows.filter(public_id=public_id, kind=InvitationKind.TEAM).first()
    if found is None:
        raise LinkAltered
    return found


@transaction.atomic
def accept_invitation(*, token: str, user: User, now: datetime.datetime) -> Membership:
    """Make `user` a member by the token; never more people than the invitation is for.

    The person is locked, then a place of the invitation is taken by one guarded statement, which
    holds the row to the end of the transaction: of two who want the last place, one finds it gone.
    Accepting twice returns the first membership.

    Raises: as `read_invitation`; LinkUsed for somebody who joined by it and has left; AlreadyMember
    for one who belongs there in another way, which uses nothing up. Somebody who was a member
    before they were invited, put there by the programme, comes in by it and stays one.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    invitation = find_invitation(token)
    kind = MembershipKind(invitation.membership_kind)
    held = Membership.objects.filter(
        user=user, organisation=invitation.organisation, kind=kind, ends_on=None
    ).first()
    if invitation.uses.filter(user=user).exists():
        if held is None:
            raise LinkUsed(_("You have joined by this link before. Ask for a new one."))
        return held
    _refuse_unusable(invitation, token, now)
    if held is not None and invitation.is_of_member(held):
        use_link(token, purpose=PURPOSE, now=now)
        _take_place(invitation, user, now)
        return held
    if held is not None:
        name = invitation.organisation.name
        raise AlreadyMember(_("You already belong to %(name)s.") % {"name": name})
    if invitation.kind == InvitationKind.SINGLE:
        use_link(token, purpose=PURPOSE, now=now)
    _take_place(invitation, user, now)
    _fill_gaps(user, invitation)
    return _join(user, invitation.organisation, kind, now)


def _take_place(invitation: Invitation, user: User, now: datetime.datetime) -> None:
    free = Invitation.objects.usable(now).filter(pk=invitation.pk)
    taken = free.update(used=F("used") + 1, updated_at=now)
    invitation.refresh_from_db(fields=["used", "withdrawn_at", "expires_at"])
    if not taken:
        _refuse_closed(invitation, now)
    InvitationUse.objects.create(invitation=invitation, user=user, number=invitation.used, at=now)
    record_audit(actor=user, action="invitation.accepted", target=invitation, now=now)


def _fill_gaps(user: User, invitation: Invitation) -> None:
    """Keep what the inviter said of a person who has not said it of themselves."""
    gaps = [
        name
        for name in ("full_name", "job_role")
        if not getattr(user, name) and getattr(invitation, name)
    ]
    for name in gaps:
        setattr(user, name, getattr(invitation, name))
    if gaps:
        user.save(update_fields=gaps)


def _join(
    user: User, organisation: Organisation, kind: MembershipKind, now: datetime.datetime
) -> Membership:
    """Make the person a member; a lead or champion is one besides."""
    for each in dict.fromkeys([MembershipKind.PLAIN, kind]):
        membership = join_organisation(
            user=user,
            organisation=organisation,
            kind=each,
            now=now,
            starts_on=timezone.localdate(now),
            actor=user,
        )
    return membership


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("organisation")
    return rows.get(pk=invitation.pk)


def _refuse_unusable(invitation: Invitation, token: str, now: datetime.datetime) -> None:
    _refuse_closed(invitation, now)
    if invitation.kind == InvitationKind.SINGLE:
        read_link(token, purpose=PURPOSE, now=now)


def _refuse_closed(invitation: Invitation, now: datetime.datetime) -> None:
    if invitation.withdrawn_at is not None:
        raise InvitationWithdrawn
    if invitation.used >= invitation.limit:
        raise LinkUsed if invitation.kind == InvitationKind.SINGLE else InvitationFull
    if not _is_good(invitation, now):
        raise InvitationExpired


def _refuse_stranger(
    user: User,
    organisation: Organisation,
    now: datetime.datetime,
    kind: MembershipKind = MembershipKind.PLAIN,
) -> None:
    today = timezone.localdate(now)
    if not can_invite_to(user, organisation, on=today):
        raise NotYours
    if kind == MembershipKind.LEAD and not can_name_lead_of(user, organisation, on=today):
        raise NotYours(_("You cannot invite somebody as the lead of this organisation."))


def _own_address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise NotAnAddress from error
    if len(email) > MAX_ADDRESS:
        raise NotAnAddress
    if is_shared_address(email):
        raise SharedAddress
    return email


def _refuse_member(organisation: Organisation, email: str, kind: MembershipKind) -> None:
    members = Membership.objects.filter(
        user__email__iexact=email, organisation=organisation, kind=kind, ends_on=None
    )
    # Whoever the programme put there and has never come in may be invited to.
    if members.exclude(never_came_in("user__")).exists():
        raise AlreadyMember
