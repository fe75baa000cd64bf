"""Zip files of certificates: what may be chosen, what a choice comes to, how far a file is."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.enums import Permission
from accounts.models import Organisation, User
from accounts.permissions import grants_carrying
from accounts.queries import current_grants, organisations_reached
from certificates.enums import AwardStatus, BundleState, PackOutcome
from certificates.models import Award, Bundle, BundledAward
from certificates.queries.awards import written_day
from courses.models import Course
from lms.core.words import moment_in_words

_TAGS = {
    BundleState.MAKING: "yellow",
    BundleState.READY: "green",
    BundleState.FAILED: "red",
    BundleState.GONE: "grey",
}


@dataclass(frozen=True, slots=True)
class BundleChoice:
    """Which certificates: those of an organisation at the time, perhaps of one course or period."""

    organisation: Organisation
    course: Course | None = None
    completed_from: datetime.date | None = None
    completed_until: datetime.date | None = None

    @property
    def key(self) -> str:
        """The choice in one line, the same for the same choice."""
        parts = (
            self.organisation.pk,
            self.course.pk if self.course else "",
            self.completed_from or "",
            self.completed_until or "",
        )
        return "organisation:" + ":".join(map(str, parts))


@dataclass(frozen=True, slots=True)
class ChosenAwards:
    """What a choice comes to, before anything is made."""

    standing: int
    without_pdf: int
    not_standing: int


def organisations_to_choose(user: User, *, on: datetime.date) -> QuerySet[Organisation]:
    """Select the organisations whose certificates `user` may see, and that have any, by name."""
    grants = grants_carrying(current_grants(user, on=on), Permission.VIEW_AWARDS)
    if not grants:
        return Organisation.objects.none()
    has_some = Exists(Award.objects.filter(organisation=OuterRef("pk")))
    return organisations_reached(grants).filter(has_some).order_by("name", "pk")


def courses_to_choose() -> QuerySet[Course]:
    """Select the courses that certificates were given for, by title."""
    has_some = Exists(Award.objects.filter(completion__course=OuterRef("pk")))
    return Course.objects.filter(has_some).order_by("title", "pk")


def awards_chosen(choice: BundleChoice, user: User, *, now: datetime.datetime) -> QuerySet[Award]:
    """Select the certificates of a choice that `user` may see, however they stand."""
    chosen = Award.objects.visible_to(user, on=timezone.localdate(now)).filter(
        organisation=choice.organisation
    )
    if choice.course is not None:
        chosen = chosen.filter(completion__course=choice.course)
    if choice.completed_from is not None:
        chosen = chosen.filter(completed_on__gte=choice.completed_from)
    if choice.completed_until is not None:
        chosen = chosen.filter(completed_on__lte=choice.completed_until)
    return chosen


def chosen_awards(choice: BundleChoice, user: User, *, now: datetime.datetime) -> ChosenAwards:
    """Count what a choice comes to: what stands, what of it has no PDF yet, what fell."""
    stands = Q(status=AwardStatus.VALID)
    counts = awards_chosen(choice, user, now=now).aggregate(
        standing=Count("pk", filter=stands),
        without_pdf=Count("pk", filter=stands & Q(rendered_at__isnull=True)),
        not_standing=Count("pk", filter=~stands),
    )
    return ChosenAwards(**counts)


def is_still_allowed(bundle: Bundle, user: User, *, now: datetime.datetime) -> bool:
    """Say whether `user` may still see every certificate in a file."""
    seen = Award.objects.visible_to(user, on=timezone.localdate(now)).values("pk")
    return not bundle.bundled.exclude(award__in=seen).exists()


def bundles_of(user: User) -> QuerySet[Bundle]:
    """List the files that `user` asked for, the latest first."""
    rows = Bundle.objects.visible_to(user).select_related("course")
    return rows.order_by("-asked_at", "-pk")


def choice_in_words(
    course: Course | None, since: datetime.date | None, until: datetime.date | None
) -> str:
    """Say which certificates: 'Hidden Sentence, completed from 1 May 2026 to 3 May 2027'."""
    return _("%(course)s, %(period)s") % {
        "course": course.title if course else _("All courses"),
        "period": _period(since, until),
    }


def _period(since: datetime.date | None, until: datetime.date | None) -> str:
    words = {"since": since and written_day(since), "until": until and written_day(until)}
    if since and until:
        return _("completed from %(since)s to %(until)s") % words
    if since:
        return _("completed since %(since)s") % words
    return _("completed until %(until)s") % words if until else _("completed at any time")


@dataclass(frozen=True, slots=True)
class ListedBundle:
    """A file as its list and its page show it, in ready words."""

    url: str
    title: str
    choice: str
    asked: str
    state: str
    tag: str
    tag_kind: str
    facts: tuple[str, ...]


def listed_bundle(bundle: Bundle) -> ListedBundle:
    """Put a file into words. Its course comes with it."""
    state = BundleState(bundle.state)
    count = ngettext("%(n)d certificate", "%(n)d certificates", bundle.total) % {"n": bundle.total}
    facts = [_("Asked for on %(moment)s") % {"moment": moment_in_words(bundle.asked_at)}, count]
    if state == BundleState.READY and bundle.expires_at:
        facts.append(filesizeformat(bundle.size))
        facts.append(_("Kept until %(moment)s") % {"moment": moment_in_words(bundle.expires_at)})
    return ListedBundle(
        url=bundle.get_absolute_url(),
        title=bundle.title,
        choice=choice_in_words(bundle.course, bundle.completed_from, bundle.completed_until),
        asked=moment_in_words(bundle.asked_at),
        state=str(bundle.state),
        tag=str(state.label),
        tag_kind=_TAGS[state],
        facts=tuple(facts),
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A certificate that is not in a file, and why."""

    holder: str
    course: str
    code: str
    why: str


def left_out_of(bundle: Bundle) -> list[LeftOut]:
    """List the certificates that a file was to have and has not."""
    rows: QuerySet[BundledAward] = (
        bundle.bundled.exclude(outcome__in=("", PackOutcome.PACKED))
        .select_related("award")
        .order_by("position")
    )
    return [
        LeftOut(
            holder=row.award.holder_name,
            course=row.award.course_title,
            code=row.award.written_code,
            why=str(PackOutcome(row.outcome).label),
        )
        for row in rows
    ]
