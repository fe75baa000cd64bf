"""Setting up a new site, and its demo."""

import datetime
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from accounts.enums import MembershipKind
from accounts.models import Area, JobRole, JoinRequest, Organisation, User, Venue
from accounts.permissions import CONTENT_ROLES
from accounts.services import (
    grant_role,
    invite_person,
    invite_team,
    join_organisation,
    load_courts,
    read_courts,
    sync_groups,
)
from courses.models import CatalogueIndexPage
from courses.packfiles import read_pack
from courses.services import load_course_pack
from courses.services.evaluating import set_up_evaluation
from lms.core.models import SiteSettings
from lms.pages import demo
from lms.pages.first_pages import FIRST_PAGES
from lms.pages.models import ContentPage, HomePage, SecondReaderTask

DOORS = [
    {
        "title": "Learn",
        "text": "Short online courses for people whose work brings them close to these families. "
        "Free, in your own time, on your phone if you like.",
        "link_text": "See the courses",
        "url": "/courses/",
    },
    {
        "title": "Start today",
        "text": "All you need is an e-mail address. Your place is kept, and your certificate "
        "arrives by itself.",
        "link_text": "Create your account",
        "url": "/accounts/signup/",
    },
    {
        "title": "Check a certificate",
        "text": "Somebody has shown you a certificate of ours? Type its code and see whether it "
        "is good. You need no account.",
        "link_text": "Check a code",
        "url": "/check/",
    },
]
WHY = (
    "<h2>A hidden sentence</h2>"
    "<p>When somebody is sent to prison, the people at home are left with questions that come all "
    "at once. Where will he go tonight? Who collects the children? How do we pay the rent? Many "
    "tell nobody, and most services never ask.</p>"
    "<p>A teacher, a nurse, a court usher or a housing officer who notices can change what "
    "happens next. Our courses show how: what these families meet, what the figures can and "
    "cannot tell you, and how to open a conversation kindly.</p>"
)


REVIEW = "Somebody else reads it first"


@transaction.atomic
def set_up_site(*, hostname: str, port: int, now: datetime.datetime) -> HomePage:
    """Give an empty database its home page, catalogue, settings and groups.

    Whatever exists already is left as it is, so that an editor's home page is never replaced.
    """
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        # Wagtail's own welcome page stands where ours belongs.
        for page in root.get_children().filter(slug="home", content_type__model="page"):
            page.delete()
        root = Page.objects.get(pk=root.pk)
        home = HomePage(
            title="Notice the family behind the sentence",
            slug="home",
            lead="When somebody goes to prison, their family serves a hidden sentence. We help the "
            "people who meet those families to notice and to help.",
            body=[
                ("doors", DOORS),
                ("text", WHY),
            ],
        )
        root.add_child(instance=home)
        home.save_revision().publish()
    if not CatalogueIndexPage.objects.exists():
        index = CatalogueIndexPage(title="Courses", slug="courses", show_in_menus=True)
        home.add_child(instance=index)
        index.save_revision().publish()
    if not ContentPage.objects.exists():  # one that an editor deleted stays deleted
        for page in FIRST_PAGES:
            written = ContentPage(show_in_menus=True, **page)
            home.add_child(instance=written)
            written.save_revision().publish()
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    if site.root_page_id != home.pk:
        site.root_page = home
        site.hostname, site.port, site.site_name = hostname, port, "Family Approach"
        site.save()
    SiteSettings.objects.get_or_create(
        site=site,
        defaults={
            "charity_name": "Family Approach",
            "programme_name": "Family Approach",
            "contact_email": "hello@example.org",
        },
    )
    set_up_evaluation()
    sync_groups(on=timezone.localdate(now))
    _set_up_review()
    return home


def _set_up_review() -> None:
    """Let somebody who may publish ask another such person to read first.

    Wagtail's own workflow names groups that nobody is in. They go, with the workflow if it was left
    as it came; what an administrator made of workflows since is kept.
    """
    reviewers = Group.objects.filter(name__in=[role.label for role in CONTENT_ROLES])
    task, is_new = SecondReaderTask.objects.get_or_create(name=REVIEW)
    task.groups.set(reviewers)
    if is_new:
        unread = {"name__in": ["Moderators approval", REVIEW], "active": True}
        for old in (
            *Workflow.objects.filter(**unread),
            *GroupApprovalTask.objects.filter(**unread),
        ):
            old.deactivate()
        workflow = Workflow.objects.create(name=REVIEW)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.update_or_create(
            page=Page.get_first_root_node(), defaults={"workflow": workflow}
        )
    Group.objects.filter(name__in=["Moderators", "Editors"]).delete()


def is_demo_loaded() -> bool:
    """Say whether the last of the demo people is there."""
    return User.objects.filter(email=demo.PEOPLE[-1].email).exists()


@transaction.atomic
def load_demo(*, pack_folder: Path, now: datetime.datetime) -> None:
    """Load the demo's places, people and course. The same every time; what is there is kept."""
    areas = {
        slug: Area.objects.get_or_create(slug=slug, defaults={"name": name})[0]
        for name, slug in demo.AREAS
    }
    for name, organisation_kind, area in demo.ORGANISATIONS:
        Organisation.objects.get_or_create(
            name=name, area=areas[area], defaults={"kind": organisation_kind}
        )
    load_courts(courts=read_courts())
    for name, venue_kind, area, code in demo.VENUES:
        venue, _created = Venue.objects.get_or_create(
            name=name, defaults={"kind": venue_kind, "area": areas[area], "code": code}
        )
        if venue.area is None:  # a court of the register, which knows no areas of ours
            venue.area = areas[area]
            venue.save(update_fields=["area", "updated_at"])
    load_course_pack(pack=read_pack(pack_folder), now=now)
    for person in demo.PEOPLE:
        _load_person(person, now)
    for colleague in demo.COLLEAGUES:
        _load_colleague(colleague, now)
    _load_invitations(now)


def _load_person(person: demo.DemoPerson, now: datetime.datetime) -> None:
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(
            person.email,
            demo.PASSWORD,
            full_name=person.full_name,
            job_role=JobRole.objects.get(name=person.job_role),
        )
    EmailAddress.objects.get_or_create(
        user=user, email=person.email, defaults={"verified": True, "primary": True}
    )
    organisation = Organisation.objects.get(name=person.organisation)
    today = now.date()
    kinds = [MembershipKind.PLAIN]
    kinds += [MembershipKind.LEAD] if person.is_lead else []
    kinds += [MembershipKind.CHAMPION] if person.is_champion else []
    for kind in kinds:
        join_organisation(user=user, organisation=organisation, kind=kind, starts_on=today, now=now)
    if person.role:
        scope = Venue.objects.get(name=person.scope_court) if person.scope_court else None
        grant_role(user=user, role=person.role, scope=scope, starts_on=today, now=now)


def _known(email: str, full_name: str, job_role: str) -> User:
    """Find or make somebody who has no password and signs in by a code."""
    user = User.objects.filter(email=email).first()
    if user is None:
        job = JobRole.objects.get(name=job_role)
        user = User.objects.create_user(email, full_name=full_name, job_role=job)
    EmailAddress.objects.get_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user


def _load_colleague(colleague: demo.Colleague, now: datetime.datetime) -> None:
    user = _known(colleague.email, colleague.full_name, colleague.job_role)
    if user.memberships.exists():
        return
    user.last_login = now - datetime.timedelta(days=1)  # they came in, and do not wait to
    user.save(update_fields=["last_login"])
    organisation = Organisation.objects.get(name=colleague.organisation)
    kinds = [MembershipKind.PLAIN]
    kinds += [MembershipKind.CHAMPION] if colleague.was_champion else []
    for kind in kinds:
        place = join_organisation(
            user=user,
            organisation=organisation,
            kind=kind,
            starts_on=_days_ago(colleague.days_ago, now),
            now=now,
        )
        if colleague.left_days_ago is not None:
            place.ends_on = _days_ago(colleague.left_days_ago, now)
            place.save(update_fields=["ends_on", "updated_at"])


def _load_invitations(now: datetime.datetime) -> None:
    """Show a lead what waits for them. Nobody is written to: the demo sends no mail by itself."""
    lead = next(person for person in demo.PEOPLE if person.is_lead)
    organisation = Organisation.objects.get(name=lead.organisation)
    if organisation.invitations.exists():
        return
    inviter = User.objects.get(email=lead.email)
    email, full_name = demo.INVITED
    invite_person(
        organisation=organisation,
        email=email,
        full_name=full_name,
        invited_by=inviter,
        is_held=True,
        now=now,
    )
    invite_team(
        organisation=organisation,
        invited_by=inviter,
        limit=demo.TEAM_LINK_LIMIT,
        lasts_days=demo.TEAM_LINK_DAYS,
        now=now,
    )
    asking = _known(*demo.ASKING)
    JoinRequest.objects.create(user=asking, organisation=organisation, asked_at=now)


def _days_ago(days: int, now: datetime.datetime) -> datetime.date:
    return timezone.localdate(now) - datetime.timedelta(days=days)
