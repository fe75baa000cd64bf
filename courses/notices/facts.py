"""The reminder to whoever looks after facts: which of them to look up again."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.enums import Permission
from accounts.models import User
from accounts.permissions import roles_with
from courses.models import Fact
from courses.queries.facts import due_in_words, facts_for
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import Entry, NoticeKind, Placeholder, enqueue_notice
from notifications.services.kinds import Value


def tell_facts_to_check(*, user: User, on: datetime.date, now: datetime.datetime) -> Notice:
    """Tell `user` which facts to check: once in a week, however often it is asked."""
    year, week, _day = on.isocalendar()
    return enqueue_notice(
        kind=FACTS_TO_CHECK.code,
        dedupe_key=f"facts-to-check-{user.pk}-{year}-{week}",
        recipient=user,
        context={"on": on.isoformat()},
        now=now,
    )


def _facts(notice: Notice) -> list[Fact]:
    if notice.recipient is None:
        return []
    on = datetime.date.fromisoformat(str(notice.context["on"]))
    return list(facts_for(notice.recipient, on=on))


def _context(notice: Notice) -> dict[str, Value]:
    on = datetime.date.fromisoformat(str(notice.context["on"]))
    facts = _facts(notice)
    many = ngettext("%(n)d fact", "%(n)d facts", len(facts)) % {"n": len(facts)}
    return {
        "how_many": many,
        "facts": [
            Entry(
                title=fact.title,
                url=settings.SITE_URL + reverse("courses_check_fact", args=[fact.pk]),
                text=due_in_words(fact, on=on),
            )
            for fact in facts
        ],
    }


_EXAMPLES = [
    Entry(
        "Opening hours of the prisoners’ families helpline",
        "https://example.org/cms/facts/12/check/",
        "30 November 2026: Review it within 6 days",
    ),
    Entry(
        "Help with the cost of visits",
        "https://example.org/cms/facts/15/check/",
        "20 November 2026: Past its review by 4 days",
    ),
]

FACTS_TO_CHECK = NoticeKind(
    code="courses.facts_to_check",
    template="courses/email/facts_to_check",
    context=_context,
    still_holds=lambda notice: bool(_facts(notice)),
    label=_("Facts to check again"),
    when=_("Once a week, to somebody who looks after facts that are due or past their review."),
    why=_("You get this because you look after facts that our courses show."),
    placeholders={
        "facts": Placeholder(
            _("The facts, each with a link and its day"), _EXAMPLES, is_required=True
        ),
        "how_many": Placeholder(_("How many there are"), "2 facts", in_subject=True),
    },
    group=MessageGroup.COURSES,
    for_roles=roles_with(Permission.KEEP_FACTS),
    link=lambda notice: reverse("wagtailsnippets_courses_fact:list"),
    link_text=_("Open the register of facts"),
)
