"""What accounts holds about people, signing in included."""

from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, Invitation, RoleGrant
from accounts.services.audit import sentences_of
from accounts.services.held import (
    Facts,
    Holding,
    each,
    register_holdings,
    register_not_personal,
)

WITH_ACCOUNT = _("As long as you have an account.")
TWO_YEARS = _("Two years.")


def _audit_facts(entries: list[AuditEntry]) -> list[Facts]:
    return [
        {_("When"): entry.at, _("What"): sentence, _("Fields"): entry.fields}
        for entry, sentence in zip(entries, sentences_of(entries), strict=True)
    ]


def _role_facts(grant: RoleGrant) -> Facts:
    return {
        _("Role"): grant.words,
        _("From"): grant.starts_on,
        _("Until"): grant.ends_on,
        _("Given by"): grant.granted_by and str(grant.granted_by),
        _("Taken at once"): grant.taken_at,
        _("Taken by"): grant.ended_by and str(grant.ended_by),
        _("Why it was taken"): grant.end_reason,
    }


def _invitation_facts(invitation: Invitation) -> Facts:
    return {
        _("Organisation"): invitation.organisation.name,
        _("Name"): invitation.full_name,
        _("E-mail address"): invitation.email,
        _("Sent"): invitation.sent_at,
        _("Good until"): invitation.expires_at,
        _("Withdrawn"): invitation.withdrawn_at,
    }


HOLDINGS = [
    Holding(
        model="accounts.User",
        label=_("Your account"),
        why=_("To know you when you sign in, and to put your name on your certificates."),
        kept=WITH_ACCOUNT,
        people=("pk",),
        related=("job_role__audience",),
        facts=each(
            lambda user: {
                _("Name"): user.full_name,
                _("E-mail address"): user.email,
                _("Work"): user.job_role and user.job_role.name,
                _("Counted as"): user.job_role and user.job_role.audience.name,
                _("Joined"): user.date_joined,
                _("Last signed in"): user.last_login,
                _("Active"): user.is_active,
                _("Has a password"): user.has_usable_password(),
            }
        ),
    ),
    Holding(
        model="account.EmailAddress",
        label=_("Your e-mail addresses"),
        why=_("To sign you in, and to write to you."),
        kept=_("Until you remove them, or as long as you have an account."),
        people=("user",),
        facts=each(
            lambda address: {
                _("Address"): address.email,
                _("Confirmed"): address.verified,
                _("Main"): address.primary,
            }
        ),
    ),
    Holding(
        model="accounts.Membership",
        label=_("Where you belong"),
        why=_("To show your organisation who of its people is trained, and to count by area."),
        kept=WITH_ACCOUNT,
        people=("user",),
        related=("organisation",),
        facts=each(
            lambda membership: {
                _("Organisation"): membership.organisation.name,
                _("As"): membership.get_kind_display(),
                _("From"): membership.starts_on,
                _("Until"): membership.ends_on,
            }
        ),
    ),
    Holding(
        model="accounts.RoleGrant",
        label=_("Your roles"),
        why=_("To let you do your work here, and to know who let you."),
        kept=WITH_ACCOUNT,
        people=("user",),
        related=("area", "organisation", "court", "granted_by", "ended_by"),
        facts=each(_role_facts),
    ),
    Holding(
        model="accounts.RoleGrant",
        label=_("Roles you gave to others or took"),
        why=_("To know who gave which rights."),
        kept=_("As long as the person it was given to has an account."),
        people=("granted_by", "ended_by"),
        related=("area", "organisation", "court"),
        # Of the other person no more than it takes to know which it was.
        facts=each(
            lambda grant: {
                _("Role"): grant.words,
                _("From"): grant.starts_on,
                _("Until"): grant.ends_on,
            }
        ),
    ),
    Holding(
        model="accounts.SecondFactorReset",
        label=_("When your second steps to sign in were forgotten"),
        why=_("To know who opened your account to a new one, and why."),
        kept=WITH_ACCOUNT,
        people=("user",),
        related=("reset_by",),
        facts=each(
            lambda reset: {
                _("When"): reset.at,
                _("By"): str(reset.reset_by),
                _("Why"): reset.reason,
            }
        ),
    ),
    Holding(
        model="accounts.SecondFactorReset",
        label=_("When you let others start afresh with their second steps"),
        why=_("To know who opened an account to a new one."),
        kept=_("As long as the person it was about has an account."),
        people=("reset_by",),
        facts=each(lambda reset: {_("When"): reset.at, _("Why"): reset.reason}),
    ),
    Holding(
        model="accounts.AccountClosing",
        label=_("When your account was closed"),
        why=_("To know who closed it, why, and who opened it again."),
        kept=WITH_ACCOUNT,
        people=("user",),
        related=("closed_by", "opened_by"),
        facts=each(
            lambda closing: {
                _("Closed"): closing.closed_at,
                _("By"): str(closing.closed_by),
                _("Why"): closing.reason,
                _("Opened again"): closing.opened_at,
                _("Opened by"): str(closing.opened_by or ""),
            }
        ),
    ),
    Holding(
        model="accounts.AccountClosing",
        label=_("Accounts of others that you closed or opened again"),
        why=_("To know who did."),
        kept=_("As long as the person it was about has an account."),
        people=("closed_by", "opened_by"),
        facts=each(
            lambda closing: {
                _("Closed"): closing.closed_at,
                _("Opened again"): closing.opened_at,
            }
        ),
    ),
    Holding(
        model="accounts.Invitation",
        label=_("Invitations to you"),
        why=_("To let you join the organisation that invited you."),
        kept=WITH_ACCOUNT,
        people=(),
        addresses=("email",),
        related=("organisation",),
        facts=each(_invitation_facts),
    ),
    Holding(
        model="accounts.Invitation",
        label=_("Invitations you made for others"),
        why=_("To know who let whom in."),
        kept=WITH_ACCOUNT,
        people=("invited_by",),
        related=("organisation",),
        facts=each(
            lambda invitation: {
                _("Organisation"): invitation.organisation.name,
                _("For"): invitation.get_kind_display(),
                _("Made"): invitation.created_at,
            }
        ),
    ),
    Holding(
        model="accounts.InvitationUse",
        label=_("Invitations you joined by"),
        why=_("To know how you came to your organisation."),
        kept=WITH_ACCOUNT,
        people=("user",),
        related=("invitation__organisation",),
        facts=each(
            lambda use: {
                _("Organisation"): use.invitation.organisation.name,
                _("When"): use.at,
            }
        ),
    ),
    Holding(
        model="accounts.JoinRequest",
        label=_("Your requests to join an organisation"),
        why=_("To have them answered, and to know who did."),
        kept=WITH_ACCOUNT,
        people=("user",),
        related=("organisation", "decided_by"),
        facts=each(
            lambda request: {
                _("Organisation"): request.organisation.name,
                _("Asked"): request.asked_at,
                _("State"): request.get_state_display(),
                _("Answered"): request.decided_at,
                _("By"): request.decided_by and str(request.decided_by),
                _("Why"): request.reason,
            }
        ),
    ),
    Holding(
        model="accounts.JoinRequest",
        label=_("Requests to join that you answered"),
        why=_("To know who let whom in."),
        kept=WITH_ACCOUNT,
        people=("decided_by",),
        related=("organisation",),
        facts=each(
            lambda request: {
                _("Organisation"): request.organisation.name,
                _("Answered"): request.decided_at,
                _("State"): request.get_state_display(),
            }
        ),
    ),
    Holding(
        model="accounts.PeopleImportRow",
        label=_("Lines about you in lists that were imported"),
        why=_("To bring you in, and to be able to undo that within a day."),
        kept=_("Eight days; what the line said is deleted then."),
        people=("person",),
        related=("people_import",),
        facts=each(
            lambda row: {
                _("List"): row.people_import.file_name,
                _("Row"): row.number,
                _("What it said"): ", ".join(filter(None, row.values)),
            }
        ),
    ),
    Holding(
        model="accounts.PeopleImport",
        label=_("Lists of people you imported"),
        why=_("To show you what came of them."),
        kept=WITH_ACCOUNT,
        people=("started_by",),
        facts=each(
            lambda done: {
                _("List"): done.file_name,
                _("When"): done.created_at,
                _("State"): done.get_state_display(),
            }
        ),
    ),
    Holding(
        model="mfa.Authenticator",
        label=_("Your second steps to sign in"),
        why=_("To make sure that it is you. The secrets in them are never shown."),
        kept=_("Until you remove them, or as long as you have an account."),
        people=("user",),
        facts=each(
            lambda way: {
                _("Kind"): str(way.get_type_display()),
                _("Set up"): way.created_at,
                _("Last used"): way.last_used_at,
            }
        ),
    ),
    Holding(
        model="usersessions.UserSession",
        label=_("Where you are signed in"),
        why=_("To let you see and end it."),
        kept=_("Until you sign out, or two weeks after you last came."),
        people=("user",),
        facts=each(
            lambda session: {
                _("Since"): session.created_at,
                _("Last seen"): session.last_seen_at,
                _("Address of the device"): session.ip,
                _("Browser"): session.user_agent,
            }
        ),
    ),
    Holding(
        model="socialaccount.SocialAccount",
        label=_("Accounts of yours elsewhere that you sign in with"),
        why=_("To let you sign in through your agency."),
        kept=_("Until you disconnect them."),
        people=("user",),
        facts=each(
            lambda account: {
                _("Through"): account.provider,
                _("Connected"): account.date_joined,
                _("Last used"): account.last_login,
            }
        ),
    ),
    Holding(
        model="accounts.AuditEntry",
        label=_("The audit trail about you"),
        why=_("To be able to say later who changed what, and when. It holds no content."),
        kept=TWO_YEARS,
        people=("subject",),
        related=("actor", "subject"),
        order=("-at", "-pk"),
        facts=_audit_facts,
    ),
    Holding(
        model="accounts.AuditEntry",
        label=_("The audit trail of what you did"),
        why=_("To be able to say later who changed what, and when. It holds no content."),
        kept=TWO_YEARS,
        people=("actor",),
        related=("actor", "subject"),
        order=("-at", "-pk"),
        facts=_audit_facts,
    ),
]
NOT_PERSONAL = {
    "accounts.PeopleImportFile.people_import": "Waits to be read, then goes; its lines are shown.",
    "accounts.PeopleImportRow.likeness": "A guess that a line may mean them; gone with it.",
    "accounts.User_groups.user": "Written from the roles held, which are shown.",
    "accounts.User_user_permissions.user": "Nothing here writes it; rights come from roles.",
    "socialaccount.SocialToken.account": "A secret of the account shown; kept nowhere unless set.",
}


def register() -> None:
    """Hand all of it to the registry, once, when the app is ready."""
    register_holdings(HOLDINGS)
    for field, reason in NOT_PERSONAL.items():
        register_not_personal(field, reason)
