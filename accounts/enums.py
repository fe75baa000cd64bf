from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    SCHOOL = "school", _("School or college")
    CHILDRENS_CENTRE = "childrens_centre", _("Children's centre or family hub")
    SOCIAL_CARE = "social_care", _("Children's social care")
    PROBATION = "probation", _("Probation")
    POLICE = "police", _("Police")
    HEALTH = "health", _("Health")
    COURT = "court", _("Court")
    PRISON = "prison", _("Prison")
    HOUSING = "housing", _("Housing")
    CHARITY = "charity", _("Charity or community group")
    OTHER = "other", _("Other")


class VenueKind(TextChoices):
    COURT = "court", _("Court")
    TRAINING_ROOM = "training_room", _("Training room")
    PRISON = "prison", _("Prison")
    OTHER = "other", _("Other")


class MembershipKind(TextChoices):
    PLAIN = "plain", _("Member")
    LEAD = "lead", _("Lead")
    CHAMPION = "champion", _("Champion")


class Role(TextChoices):
    """What a person does for the programme. Everyone signed in is a learner without any role."""

    VOLUNTEER = "volunteer", _("Volunteer")
    TRAINER = "trainer", _("Trainer")
    LEAD = "lead", _("Organisation lead")
    COORDINATOR = "coordinator", _("Coordinator")
    EDITOR = "editor", _("Content editor")
    ADMINISTRATOR = "administrator", _("Administrator")


# Whoever holds one of these works with other people's data: they sign in with a second factor.
STAFF_ROLES = frozenset({Role.TRAINER, Role.COORDINATOR, Role.EDITOR, Role.ADMINISTRATOR})


class ScopeKind(TextChoices):
    EVERYTHING = "everything", _("Everything")
    AREA = "area", _("One area")
    ORGANISATION = "organisation", _("One organisation")
    COURT = "court", _("One court")


class Permission(TextChoices):
    """What the site guards. The matrix in accounts.permissions says which role may do it."""

    VIEW_AWARDS = "certificates.view_awards", _("See other people's certificates")
    MANAGE_AWARDS = "certificates.manage_awards", _("Revoke, correct and remake certificates")
    EDIT_DESIGNS = "certificates.edit_designs", _("Edit certificate designs")
    EDIT_COURSES = "courses.edit_courses", _("Write and revise courses")
    PUBLISH_COURSES = "courses.publish_courses", _("Publish courses")
    KEEP_FACTS = "courses.keep_facts", _("Keep the register of facts")
    VIEW_LEARNING = "courses.view_learning", _("See how far people are in their courses")
    ENROL_PEOPLE = "courses.enrol_people", _("Enrol the people of an organisation on courses")
    REPAIR_LEARNING = "courses.repair_learning", _("Put somebody's learning record right")
    VIEW_EVALUATIONS = "courses.view_evaluations", _("See what people think of courses")
    EDIT_PAGES = "pages.edit_pages", _("Edit the site's own pages and settings")
    KEEP_DIRECTORY = "accounts.keep_directory", _("Keep areas, organisations and venues")
    VIEW_PEOPLE = "accounts.view_people", _("See people and where they belong")
    INVITE_PEOPLE = "accounts.invite_people", _("Invite people and confirm who joins")
    IMPORT_PEOPLE = "accounts.import_people", _("Import people from a list")
    GRANT_ROLES = "accounts.grant_roles", _("Give and take roles")
    HELP_SIGN_IN = (
        "accounts.help_sign_in",
        _("Say who can sign in: close an account, open it, start its second step afresh"),
    )
    VIEW_AUDIT = "accounts.view_audit", _("Read the audit trail")
    EDIT_MESSAGES = "notifications.edit_messages", _("Edit the texts and hours of messages")
    VIEW_OUTBOX = "notifications.view_outbox", _("See messages sent, waiting and returned")


class InvitationKind(TextChoices):
    SINGLE = "single", _("One person")
    TEAM = "team", _("A team")


class JoinRequestState(TextChoices):
    ASKED = "asked", _("Waiting for an answer")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ImportState(TextChoices):
    """How far an import of people has come."""

    READING = "reading", _("Being read")
    REFUSED = "refused", _("Could not be read")
    READ = "read", _("Columns to match")
    MAPPED = "mapped", _("Words to match")
    JUDGING = "judging", _("Rows being looked at")
    PREVIEWED = "previewed", _("Ready to look at")
    RUNNING = "running", _("Being imported")
    INVITING = "inviting", _("Invitations being written")
    DONE = "done", _("Imported")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    ABANDONED = "abandoned", _("Given up")


# While an import is in one of these, its rows may still be prepared.
PREPARING_IMPORT = frozenset({ImportState.READ, ImportState.MAPPED, ImportState.PREVIEWED})
# In these a worker has something to do: before anything is written, and then.
_LOOKING = frozenset({ImportState.READING, ImportState.JUDGING})
WORKING_IMPORT = _LOOKING | {ImportState.RUNNING, ImportState.INVITING, ImportState.UNDOING}
# Nothing has been written yet, so that it can be given up.
UNWRITTEN_IMPORT = PREPARING_IMPORT | _LOOKING


class ImportField(TextChoices):
    """What a column of a list of people may hold."""

    FULL_NAME = "full_name", _("Full name")
    FIRST_NAME = "first_name", _("First name")
    LAST_NAME = "last_name", _("Last name")
    EMAIL = "email", _("E-mail address")
    JOB_ROLE = "job_role", _("Job role")
    ORGANISATION = "organisation", _("Organisation")
    KIND = "kind", _("Kind of organisation")
    AREA = "area", _("Area")
    POSTCODE = "postcode", _("Postcode")


class RowVerdict(TextChoices):
    """What an import would do with a row."""

    NEW = "new", _("Will be added")
    CHANGES = "changes", _("Will change")
    SAME = "same", _("Stays the same")
    LIKENESS = "likeness", _("Possibly the same person")
    WRONG = "wrong", _("Wrong")


class LikenessChoice(TextChoices):
    SAME = "same", _("The same person")
    DIFFERENT = "different", _("Somebody else")


class RowOutcome(TextChoices):
    """What became of a row when the import ran."""

    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    LEFT = "left", _("Left as it was")
    FAILED = "failed", _("Not imported")
    UNDONE = "undone", _("Undone")
    KEPT = "kept", _("Kept when the import was undone")


class InvitationChoice(TextChoices):
    SEND = "send", _("Send the invitations now")
    HOLD = "hold", _("Hold them: I will send them later")
