"""The messages about belonging to an organisation: template, recipient, dedupe key.

Their subjects name no organisation, since its name may say what somebody would rather not show.
"""

import datetime
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.template.defaultfilters import date as written_day
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.enums import JoinRequestState, Role
from accounts.models import Invitation, JoinRequest, Membership, User, never_came_in
from accounts.queries import champions_of
from lms.core.links import token_of
from lms.core.models import EmailedLink
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import NoticeKind, Placeholder, enqueue_notice


def tell_invitation(*, invitation: Invitation, link: EmailedLink, now: datetime.datetime) -> Notice:
    """Send somebody the link they are invited by; once for a link.

    Whoever was made known by others and has never come in is written to by address alone.
    """
    people = User.objects.at_address(invitation.email).filter(is_active=True)
    return enqueue_notice(
        kind=INVITATION.code,
        dedupe_key=f"invitation-{link.pk}",
        recipient=people.exclude(never_came_in()).first(),
        address=invitation.email,
        context={"invitation": invitation.pk, "link": str(link.pk)},
        now=now,
    )


def tell_join_requested(
    *, join_request: JoinRequest, recipient: User, now: datetime.datetime
) -> Notice:
    """Tell one who answers for an organisation that somebody asks to join; once for a request."""
    return enqueue_notice(
        kind=JOIN_REQUESTED.code,
        dedupe_key=f"join-requested-{join_request.public_id}-{recipient.pk}",
        recipient=recipient,
        context={"join_request": join_request.pk},
        now=now,
    )


def tell_join_decided(*, join_request: JoinRequest, now: datetime.datetime) -> Notice:
    """Tell somebody the answer to their request; once."""
    is_confirmed = join_request.state == JoinRequestState.CONFIRMED
    return enqueue_notice(
        kind=JOIN_CONFIRMED.code if is_confirmed else JOIN_DECLINED.code,
        dedupe_key=f"join-decided-{join_request.public_id}",
        recipient=join_request.user,
        context={"join_request": join_request.pk},
        now=now,
    )


def tell_champion_ended(
    *, membership: Membership, recipient: User, now: datetime.datetime
) -> Notice:
    """Tell one who answers for an organisation that its champion's time ends; once for an end."""
    return enqueue_notice(
        kind=CHAMPION_ENDED.code,
        dedupe_key=f"champion-ended-{membership.pk}-{membership.ends_on}-{recipient.pk}",
        recipient=recipient,
        context={"membership": membership.pk},
        now=now,
    )


def _invitation_of(notice: Notice) -> Invitation:
    rows = Invitation.objects.select_related("organisation", "invited_by")
    return rows.get(pk=notice.context["invitation"])


def _is_invitation_open(notice: Notice) -> bool:
    return (
        Invitation.objects.usable(timezone.now()).filter(pk=notice.context["invitation"]).exists()
    )


def _invitation_context(notice: Notice) -> dict[str, str]:
    invitation = _invitation_of(notice)
    link = EmailedLink.objects.get(pk=notice.context["link"])
    return {
        "name": invitation.full_name or _("colleague"),
        "inviter": str(invitation.invited_by),
        "organisation": invitation.organisation.name,
        "until": written_day(timezone.localdate(link.expires_at)),
        "join_url": _url("accounts:join", token_of(link)),
    }


def _request_of(notice: Notice) -> JoinRequest:
    rows = JoinRequest.objects.select_related("organisation", "user__job_role")
    return rows.get(pk=notice.context["join_request"])


def _is_request_open(notice: Notice) -> bool:
    return _request_of(notice).state == JoinRequestState.ASKED


def _request_context(notice: Notice) -> dict[str, str]:
    join_request = _request_of(notice)
    job_role, reason = join_request.user.job_role, join_request.reason
    return {
        "name": str(join_request.user),
        "job_role": job_role.name if job_role else _("work not said"),
        "organisation": join_request.organisation.name,
        "reason": _("They say: %(reason)s") % {"reason": reason} if reason else "",
        "requests_url": _url("accounts:join-request-list", join_request.organisation.public_id),
        "mine_url": _url("accounts:my-organisation"),
    }


def _membership_of(notice: Notice) -> Membership:
    rows = Membership.objects.select_related("organisation", "user")
    return rows.get(pk=notice.context["membership"])


def _is_vacant(notice: Notice) -> bool:
    membership = _membership_of(notice)
    if membership.ends_on is None:
        return False
    after = membership.ends_on + datetime.timedelta(days=1)
    return not champions_of(
        membership.organisation, on=max(after, timezone.localdate(timezone.now()))
    )


def _champion_context(notice: Notice) -> dict[str, str]:
    membership = _membership_of(notice)
    organisation = membership.organisation
    return {
        "name": str(membership.user),
        "organisation": organisation.name,
        "last_day": written_day(membership.ends_on),
        "people_url": _url("accounts:organisation-people", organisation.public_id),
    }


def _url(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)


def _requests_path(notice: Notice) -> str:
    organisation = _request_of(notice).organisation
    return reverse("accounts:join-request-list", args=[organisation.public_id])


def _people_path(notice: Notice) -> str:
    organisation = _membership_of(notice).organisation
    return reverse("accounts:organisation-people", args=[organisation.public_id])


def _mine_path(notice: Notice) -> str:
    return reverse("accounts:my-organisation")


# Who is told about an organisation's people.
_ANSWERING = frozenset({Role.LEAD, Role.COORDINATOR, Role.ADMINISTRATOR})
_LINK_TEXT = _l("My organisation")
_ORGANISATION = Placeholder(_l("The name of the organisation"), "Riverside Primary School")
_MINE_URL = Placeholder(
    _l("The address of the reader's own organisation"),
    "https://example.org/my-organisation/",
    is_link=True,
)
_ANSWERED = {
    "organisation": _ORGANISATION,
    "mine_url": replace(_MINE_URL, is_required=True),
}
_WHY_ANSWERED = _l("You get this because you asked to join an organisation.")
_WHY_LOOKING_AFTER = _l("You get this because you look after the people of {{ organisation }}.")

# Its reader may be standing beside whoever sent it, so it does not wait for the morning.
INVITATION = NoticeKind(
    code="accounts.invitation",
    template="accounts/email/invitation",
    context=_invitation_context,
    still_holds=_is_invitation_open,
    label=_l("An invitation to join an organisation"),
    when=_l("To somebody whom a lead or coordinator invites to join an organisation."),
    why=_l("You get this because {{ inviter }} gave us your address to invite you."),
    placeholders={
        "name": Placeholder(_l("Who is invited; 'colleague' where no name is known"), "Nadia"),
        "inviter": Placeholder(_l("Who invites them"), "Helen Marsh", in_subject=True),
        "organisation": _ORGANISATION,
        "until": Placeholder(_l("The last day the link works"), "3 May 2027"),
        "join_url": Placeholder(
            _l("The link they join by, which is theirs alone"),
            "https://example.org/join/example/",
            is_required=True,
            is_link=True,
        ),
    },
    group=MessageGroup.ORGANISATION,
    is_listed=False,
    is_awaited=True,
    has_secret=True,
)
JOIN_REQUESTED = NoticeKind(
    code="accounts.join_requested",
    template="accounts/email/join_requested",
    context=_request_context,
    still_holds=_is_request_open,
    label=_l("Somebody asks to join your organisation"),
    when=_l("To those who look after an organisation, when somebody asks to join it."),
    why=_WHY_LOOKING_AFTER,
    placeholders={
        "name": Placeholder(_l("Who asks"), "Tomasz Łukaszewski"),
        "job_role": Placeholder(_l("Their work"), "Teacher or lecturer"),
        "organisation": _ORGANISATION,
        "requests_url": Placeholder(
            _l("The address of the requests to join"),
            "https://example.org/organisations/example/requests/",
            is_required=True,
            is_link=True,
        ),
    },
    group=MessageGroup.ORGANISATION,
    for_roles=_ANSWERING,
    link=_requests_path,
    link_text=_l("See who asks to join"),
)
JOIN_CONFIRMED = NoticeKind(
    code="accounts.join_confirmed",
    template="accounts/email/join_confirmed",
    context=_request_context,
    label=_l("You have joined the organisation you asked to join"),
    when=_l("To somebody who asked to join an organisation, when its lead confirms it."),
    why=_WHY_ANSWERED,
    placeholders=_ANSWERED,
    group=MessageGroup.ORGANISATION,
    link=_mine_path,
    link_text=_LINK_TEXT,
)
JOIN_DECLINED = NoticeKind(
    code="accounts.join_declined",
    template="accounts/email/join_declined",
    context=_request_context,
    label=_l("The organisation you asked to join has said no"),
    when=_l("To somebody who asked to join an organisation, when its lead declines it."),
    why=_WHY_ANSWERED,
    placeholders={
        **_ANSWERED,
        "reason": Placeholder(
            _l("'They say:' and the reason, if one was given"),
            "They say: we do not know you at this school.",
        ),
    },
    group=MessageGroup.ORGANISATION,
    link=_mine_path,
    link_text=_LINK_TEXT,
)
CHAMPION_ENDED = NoticeKind(
    code="accounts.champion_ended",
    template="accounts/email/champion_ended",
    context=_champion_context,
    still_holds=_is_vacant,
    label=_l("Your organisation needs a new champion"),
    when=_l("To those who look after an organisation, when its champion's time ends."),
    why=_WHY_LOOKING_AFTER,
    placeholders={
        "name": Placeholder(_l("Whose time as champion ends"), "Grace Adeyemi"),
        "organisation": _ORGANISATION,
        "last_day": Placeholder(_l("Their last day"), "3 May 2027"),
        "people_url": Placeholder(
            _l("The address of the organisation's people"),
            "https://example.org/organisations/example/people/",
            is_required=True,
            is_link=True,
        ),
    },
    group=MessageGroup.ORGANISATION,
    for_roles=_ANSWERING,
    link=_people_path,
    link_text=_l("See the people of the organisation"),
)
KINDS = [INVITATION, JOIN_REQUESTED, JOIN_CONFIRMED, JOIN_DECLINED, CHAMPION_ENDED]
