"""The register of facts: how an entry stands, who looks after it, where it is shown."""

import datetime
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page, ReferenceIndex

from accounts.enums import Role, ScopeKind
from accounts.models import RoleGrant, User
from courses.models import CoursePage, Fact, FactCheck
from courses.models.facts import DUE_DAYS


@dataclass(frozen=True)
class FactState:
    """How far an entry may be believed, in words and as a kind of tag."""

    words: str
    kind: str  # "", "yellow" or "red"


@dataclass(frozen=True)
class FactUse:
    title: str
    url: str


def fact_state(fact: Fact, *, on: datetime.date) -> FactState:
    """Say how `fact` stands on the day `on`: kept, due within DUE_DAYS, or past its review."""
    days = (fact.review_on - on).days
    if fact.is_retired:
        return FactState(_("No longer kept"), "grey")
    if days < 0:
        late = ngettext("Past its review by a day", "Past its review by %(n)d days", -days)
        return FactState(late % {"n": -days}, "red")
    if days == 0:
        return FactState(_("Review it today"), "yellow")
    if days <= DUE_DAYS:
        due = ngettext("Review it by tomorrow", "Review it within %(n)d days", days)
        return FactState(due % {"n": days}, "yellow")
    return FactState(_("In date"), "")


def facts_for(user: User, *, on: datetime.date) -> QuerySet[Fact]:
    """Select what `user` is asked to check by the day `on`: their own entries.

    For somebody who edits courses, those without an owner at work are theirs too.
    """
    mine = Q(owner=user)
    if user in keepers_of_facts(on):
        mine |= Q(owner__isnull=True) | Q(owner__is_active=False)
    return Fact.objects.to_check(on).filter(mine).order_by("review_on", "pk")


def keepers_of_facts(on: datetime.date) -> list[User]:
    """List who looks after facts nobody owns: who edits courses, or else the administrators."""
    for role in (Role.EDITOR, Role.ADMINISTRATOR):
        grants = RoleGrant.objects.current(on).filter(
            role=role, scope_kind=ScopeKind.EVERYTHING, user__is_active=True
        )
        if found := [grant.user for grant in grants.select_related("user").order_by("user_id")]:
            return list(dict.fromkeys(found))
    return []


def uses_of(fact: Fact) -> list[FactUse]:
    """List the pages that show `fact`, by course and title. Three queries, however many."""
    # Whatever kind of page it is, the index names Page as what the reference stands in.
    pages = ReferenceIndex.get_references_to(fact).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    found = Page.objects.filter(pk__in=[int(each.object_id) for each in pages])
    courses = {page.path: page.title for page in CoursePage.objects.only("path", "title")}

    def title_of(page: Page) -> str:
        above = (page.path[:end] for end in range(page.steplen, len(page.path), page.steplen))
        course = next((courses[path] for path in above if path in courses), "")
        return f"{course}: {page.title}" if course else page.title

    uses = [
        FactUse(title_of(page), reverse("wagtailadmin_pages:edit", args=[page.pk]))
        for page in found.order_by("title", "pk")
    ]
    return sorted(uses, key=lambda use: use.title)


def checks_of(fact: Fact) -> QuerySet[FactCheck]:
    """Select the checks of `fact`, the latest first, each with who made it."""
    return fact.checks.select_related("checked_by").order_by("-recorded_at", "-pk")


def due_in_words(fact: Fact, *, on: datetime.date) -> str:
    """Say by which day `fact` is to be checked, and how late that is."""
    return f"{date_format(fact.review_on)}: {fact_state(fact, on=on).words}"
