"""What certificates holds about people, and how its audit lines read."""

from django.utils.translation import gettext_lazy as _

from accounts.services import register_action
from accounts.services.held import Holding, each, register_holdings
from certificates.models import Award, CertificateDesign

HOLDINGS = [
    Holding(
        model="certificates.Award",
        label=_("Your certificates"),
        why=_("To give them to you, and to tell whoever checks one that it is good."),
        kept=_("Six years after the course, since it may be needed as proof of CPD."),
        people=("user",),
        related=("organisation",),
        order=("-awarded_at", "-pk"),
        facts=each(
            lambda award: {
                _("Course"): award.course_title,
                _("Name on it"): award.holder_name,
                _("Code"): award.written_code,
                _("Completed on"): award.completed_on,
                _("Valid until"): award.expires_on,
                _("Status"): award.get_status_display(),
                _("Revoked"): award.revoked_at,
                _("Why it was revoked"): award.revoke_reason,
                _("Organisation at the time"): award.organisation and award.organisation.name,
            }
        ),
    )
]


def _awards_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    awards = Award.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
    return {str(award.pk): {"course": award.course_title} for award in awards}


def _designs_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    designs = CertificateDesign.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
    return {str(design.pk): {"design": design.name} for design in designs}


ACTIONS = {
    "award.issued": (_("%(subject)s was given a certificate for “%(course)s”."), _awards_by_id),
    "award.rendered": (
        _("The PDF of %(subject)s’s certificate for “%(course)s” was made."),
        _awards_by_id,
    ),
    "award.render_asked": (
        _("%(actor)s had the PDF of %(subject)s’s certificate for “%(course)s” made again."),
        _awards_by_id,
    ),
    "award.reissued": (
        _("%(actor)s corrected %(subject)s’s certificate for “%(course)s”."),
        _awards_by_id,
    ),
    "award.revoked": (
        _("%(actor)s revoked %(subject)s’s certificate for “%(course)s”."),
        _awards_by_id,
    ),
    "design.chosen": (
        _("%(actor)s chose the design “%(design)s” for new certificates."),
        _designs_by_id,
    ),
}


def register() -> None:
    """Hand all of it to the registries, once, when the app is ready."""
    register_holdings(HOLDINGS)
    for code, (sentence, words) in ACTIONS.items():
        register_action(code, sentence, words)
