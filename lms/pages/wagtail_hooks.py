"""The Wagtail admin in the site's colours, with a front page that names tasks."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from accounts.enums import Permission
from courses.models import CatalogueIndexPage
from lms.pages.models import HomePage


@dataclass(frozen=True)
class Task:
    label: str
    hint: str
    url: str


@hooks.register("insert_global_admin_css")
def brand_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("site/admin.css"))


class TasksPanel(Component):
    """What this person can do here, in the words of the work."""

    name = "tasks"
    template_name = "pages/admin/tasks_panel.html"
    order = 10

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"tasks": tasks_for(parent_context["request"])}


@hooks.register("construct_homepage_panels")
def begin_with_tasks(request: HttpRequest, panels: list[Component]) -> None:
    panels.append(TasksPanel())


def tasks_for(request: HttpRequest) -> list[Task]:
    """List the tasks of the admin that the person's roles allow."""
    may = request.user.has_perm
    tasks: list[Task] = []
    if may("courses.edit_courses"):
        tasks += _page_tasks()
    if may("certificates.edit_designs"):
        url = reverse("wagtailsnippets_certificates_certificatedesign:list")
        tasks.append(Task(_("Design certificates"), _("Wording, logo, signature"), url))
    if may("certificates.view_awards"):
        url = reverse("certificates_given")
        tasks.append(Task(_("Look up certificates"), _("Who was given which, and when"), url))
    if may("accounts.keep_directory"):
        tasks += [
            Task(
                _("Keep organisations"),
                _("Schools, centres, teams and agencies"),
                reverse("organisation:index"),
            ),
            Task(_("Keep courts and venues"), _("Address and access"), reverse("venue:index")),
        ]
    if may(Permission.EDIT_MESSAGES):
        hint = _("What the site writes to people by e-mail")
        tasks.append(Task(_("Change the texts of messages"), hint, reverse("message_texts")))
    if may("core.change_sitesettings"):
        url = reverse("wagtailsettings:edit", args=["core", "sitesettings"])
        tasks.append(Task(_("Change name and contact"), _("Of the charity"), url))
    return tasks


def _page_tasks() -> list[Task]:
    tasks = []
    catalogue = CatalogueIndexPage.objects.first()
    if catalogue:
        url = reverse("wagtailadmin_explore", args=[catalogue.pk])
        tasks.append(Task(_("Write and revise courses"), _("Modules and lessons"), url))
    home = HomePage.objects.first()
    if home:
        url = reverse("wagtailadmin_pages:edit", args=[home.pk])
        tasks.append(Task(_("Change the home page"), _("What visitors see first"), url))
    return tasks
