"""A person's own certificates: those that stand, what there is to do, and what was before."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from certificates.enums import AwardStatus, Freshness, Standing
from certificates.models import Award, NameCorrection
from certificates.queries.awards import check_url, written_day
from certificates.queries.names import waiting_corrections_of
from courses.models import Enrolment
from lms.core.templatetags.ui import minutes

DUE_DAYS = 60  # before it expires: when the first reminder goes out
_FRESHNESS_TAGS = {Freshness.CURRENT: "green", Freshness.DUE: "yellow", Freshness.LAPSED: "red"}
_STANDING_TAGS = {
    Standing.VALID: "green",
    Standing.EXPIRED: "yellow",
    Standing.REPLACED: "grey",
    Standing.REVOKED: "red",
}


@dataclass(frozen=True, slots=True)
class MyCertificate:
    """One certificate as its holder sees it in their list, in ready words."""

    title: str
    url: str
    tag: str
    tag_kind: str
    facts: tuple[str, ...]
    code: str = ""
    check_url: str = ""
    until: str = ""
    download_url: str = ""
    pdf_words: str = ""
    refresher_url: str = ""
    refresher_text: str = ""
    name_url: str = ""
    name_words: str = ""


@dataclass(frozen=True, slots=True)
class MyCertificates:
    """The certificates that stand, one for a course, and those that were before them."""

    standing: list[MyCertificate]
    earlier: list[MyCertificate]


def freshness_of(award: Award, *, on: datetime.date) -> Freshness:
    """Say whether a certificate that stands is current, to be refreshed soon, or lapsed."""
    if award.expires_on is None or (award.expires_on - on).days > DUE_DAYS:
        return Freshness.CURRENT
    return Freshness.LAPSED if award.expires_on < on else Freshness.DUE


def my_certificates(user: User, *, on: datetime.date) -> MyCertificates:
    """List a person's own certificates, the newest first.

    Of each course the latest that stands is there to be used; replaced, revoked and refreshed ones
    are history.
    """
    awards = list(
        Award.objects.filter(user=user)
        .select_related("completion__course")
        .order_by("-completed_on", "-pk")
    )
    under_way = set(
        Enrolment.objects.under_way().counted().filter(user=user).values_list("course", flat=True)
    )
    corrections = waiting_corrections_of(user)
    seen: set[int] = set()
    standing, earlier = [], []
    for award in awards:
        course = award.completion.course_id
        if award.status == AwardStatus.VALID and course not in seen:
            seen.add(course)
            wanted = corrections.get(award.pk)
            standing.append(_current(award, on, is_under_way=course in under_way, wanted=wanted))
        else:
            earlier.append(_earlier(award, on, is_refreshed=course in seen))
    return MyCertificates(standing, earlier)


def _current(
    award: Award, on: datetime.date, *, is_under_way: bool, wanted: NameCorrection | None
) -> MyCertificate:
    freshness = freshness_of(award, on=on)
    refresher_url, refresher_text = _refresher(award, freshness, is_under_way=is_under_way)
    download = reverse("certificates:download", args=[award.public_id])
    return MyCertificate(
        title=award.course_title,
        url=award.get_absolute_url(),
        tag=str(freshness.label),
        tag_kind=_FRESHNESS_TAGS[freshness],
        facts=_facts(award),
        code=award.written_code,
        check_url=check_url(award.code),
        until=_until(award, freshness),
        download_url=download if award.is_rendered else "",
        pdf_words=_pdf_words(award),
        refresher_url=refresher_url,
        refresher_text=refresher_text,
        name_url=reverse("certificates:ask-for-name", args=[award.public_id]),
        name_words=_name_words(wanted),
    )


def _earlier(award: Award, on: datetime.date, *, is_refreshed: bool) -> MyCertificate:
    standing = award.standing(on)
    is_refreshed = is_refreshed and award.status == AwardStatus.VALID
    return MyCertificate(
        title=award.course_title,
        url=award.get_absolute_url(),
        tag=_("Refreshed") if is_refreshed else str(standing.label),
        tag_kind="grey" if is_refreshed else _STANDING_TAGS[standing],
        facts=(*_facts(award), _("Code %(code)s") % {"code": award.written_code}),
    )


def _facts(award: Award) -> tuple[str, ...]:
    return (
        award.holder_name,
        _("Completed on %(day)s") % {"day": written_day(award.completed_on)},
        _("%(time)s of CPD") % {"time": minutes(award.cpd_minutes)},
    )


def _until(award: Award, freshness: Freshness) -> str:
    if award.expires_on is None:
        return _("It does not expire.")
    day = {"day": written_day(award.expires_on)}
    if freshness == Freshness.LAPSED:
        return _("It was valid until %(day)s.") % day
    return _("Valid until %(day)s.") % day


def _pdf_words(award: Award) -> str:
    if award.is_rendered:
        return ""
    if award.is_refused:
        return _("The PDF could not be made. We will put it right.")
    return _("The PDF is being made. Look again in a minute.")


def _name_words(wanted: NameCorrection | None) -> str:
    if wanted is None:
        return ""
    return _("You asked for the name “%(name)s”. We will reply.") % {"name": wanted.wanted_name}


def _refresher(award: Award, freshness: Freshness, *, is_under_way: bool) -> tuple[str, str]:
    """Say where a refresher begins or goes on; nowhere while the certificate is current."""
    course = award.completion.course
    if is_under_way:
        return reverse("courses:continue", args=[course.slug]), _("Carry on with the refresher")
    is_open = course.is_published and course.latest_version_id is not None
    if freshness == Freshness.CURRENT or not is_open:
        return "", ""
    return f"{course.get_absolute_url()}#refresher", _("Take the refresher")
