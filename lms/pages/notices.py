"""The message to whoever gave a page a day that it could not keep."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision

from accounts.enums import Permission
from accounts.permissions import roles_with
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import NoticeKind, Placeholder, enqueue_notice


def tell_not_published(*, page: Page, revision: Revision, now: datetime.datetime) -> Notice:
    """Tell whoever gave `revision` its day that `page` is still a draft; once for a revision."""
    return enqueue_notice(
        kind=NOT_PUBLISHED.code,
        dedupe_key=f"not-published-{revision.pk}",
        recipient=revision.user,
        context={"page": page.pk, "title": page.get_admin_display_title()},
        now=now,
    )


def _edit_path(notice: Notice) -> str:
    return reverse("wagtailadmin_pages:edit", args=[notice.context["page"]])


def _context(notice: Notice) -> dict[str, str]:
    return {
        "page": str(notice.context["title"]),
        "edit_url": settings.SITE_URL + _edit_path(notice),
    }


def _is_still_there(notice: Notice) -> bool:
    return Page.objects.filter(pk=notice.context["page"]).exists()


NOT_PUBLISHED = NoticeKind(
    code="pages.not_published",
    template="pages/email/not_published",
    context=_context,
    still_holds=_is_still_there,
    label=_("A page was not published on its day"),
    when=_("To an editor who gave a page a day, when the day comes and something is missing."),
    why=_("You get this because you chose the day for this page."),
    placeholders={
        "page": Placeholder(_("The title of the page"), "Counting children", is_required=True),
        "edit_url": Placeholder(
            _("The address at which the page is edited"),
            "https://example.org/cms/pages/12/edit/",
            is_required=True,
            is_link=True,
        ),
    },
    group=MessageGroup.COURSES,
    for_roles=roles_with(Permission.EDIT_PAGES),
    link=_edit_path,
    link_text=_("Open the page"),
)

KINDS = [NOT_PUBLISHED]
