"""What certificates holds about people, and how its audit lines read."""

from django.utils.translation import gettext_lazy as _

from accounts.services import register_action
from accounts.services.held import (
    Holding,
    each,
    register_holdings,
    register_not_personal,
)
from certificates.models import Award, Bundle, CertificateDesign, NameCorrection

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
    ),
    Holding(
        model="certificates.NameCorrection",
        label=_("Names you asked us to correct on certificates"),
        why=_("To put them right, and to show later who changed what."),
        kept=_("As long as the certificate."),
        people=("user",),
        related=("award", "decided_by", "new_award"),
        order=("-asked_at", "-pk"),
        facts=each(
            lambda correction: {
                _("Course"): correction.award.course_title,
                _("Name on it"): correction.award.holder_name,
                _("Name it should be"): correction.wanted_name,
                _("What you wrote"): correction.why,
                _("For your account too"): correction.is_for_account,
                _("Asked"): correction.asked_at,
                _("State"): correction.get_state_display(),
                _("Answered"): correction.decided_at,
                _("By"): correction.decided_by and str(correction.decided_by),
                _("Why it was declined"): correction.reason,
                _("New code"): correction.new_award and correction.new_award.written_code,
            }
        ),
    ),
    # Of the other person no more than it takes to know which it was.
    Holding(
        model="certificates.NameCorrection",
        label=_("Names on other people’s certificates that you decided about"),
        why=_("To know who changed what."),
        kept=_("As long as the certificate of the person it is about."),
        people=("decided_by",),
        related=("award",),
        order=("-decided_at", "-pk"),
        facts=each(
            lambda correction: {
                _("Course"): correction.award.course_title,
                _("Answered"): correction.decided_at,
                _("State"): correction.get_state_display(),
            }
        ),
    ),
    Holding(
        model="certificates.Bundle",
        label=_("Zip files of certificates you asked for"),
        why=_("To make them for you, and to know who took which certificates."),
        kept=_("The file seven days; that you asked for it, as long as you have an account."),
        people=("asked_by",),
        related=("course",),
        order=("-asked_at", "-pk"),
        facts=each(
            lambda bundle: {
                _("Certificates of"): bundle.title,
                _("Course"): bundle.course and bundle.course.title,
                _("Completed from"): bundle.completed_from,
                _("Completed until"): bundle.completed_until,
                _("Certificates"): bundle.total,
                _("Asked for"): bundle.asked_at,
                _("State"): bundle.get_state_display(),
            }
        ),
    ),
]
NOT_PERSONAL = {
    "certificates.BundledAward.bundle": "The list behind a file, which is shown; goes with it.",
    "certificates.BundledAward.award": "That it was put into a file for a week; goes with it.",
}


def _awards_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    awards = Award.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
    return {str(award.pk): {"course": award.course_title} for award in awards}


def _designs_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    designs = CertificateDesign.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
    return {str(design.pk): {"design": design.name} for design in designs}


def _corrections_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    rows = NameCorrection.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
    return {str(x.pk): {"course": x.award.course_title} for x in rows.select_related("award")}


def _bundles_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    bundles = Bundle.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
    return {str(bundle.pk): {"title": bundle.title} for bundle in bundles}


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
    "name_correction.asked": (
        _("%(actor)s said that their name is wrong on their certificate for “%(course)s”."),
        _corrections_by_id,
    ),
    "name_correction.withdrawn": (
        _("%(actor)s took back what they said about their name on a certificate for “%(course)s”."),
        _corrections_by_id,
    ),
    "name_correction.made": (
        _("%(actor)s agreed to correct %(subject)s’s name on a certificate for “%(course)s”."),
        _corrections_by_id,
    ),
    "name_correction.declined": (
        _("%(actor)s left %(subject)s’s name on a certificate for “%(course)s” as it was."),
        _corrections_by_id,
    ),
    "bundle.asked": (
        _("%(actor)s asked for the certificates of %(title)s in a zip file."),
        _bundles_by_id,
    ),
    "bundle.made": (_("The zip file of certificates of %(title)s was made."), _bundles_by_id),
    "bundle.downloaded": (
        _("%(actor)s downloaded the certificates of %(title)s in a zip file."),
        _bundles_by_id,
    ),
    "design.chosen": (
        _("%(actor)s chose the design “%(design)s” for new certificates."),
        _designs_by_id,
    ),
}


def register() -> None:
    """Hand all of it to the registries, once, when the app is ready."""
    register_holdings(HOLDINGS)
    for field, reason in NOT_PERSONAL.items():
        register_not_personal(field, reason)
    for code, (sentence, words) in ACTIONS.items():
        register_action(code, sentence, words)
