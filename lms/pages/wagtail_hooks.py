"""The Wagtail admin in the site's colours, with a front page that names tasks."""

import copy
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
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
    if may(Permission.VIEW_PEOPLE):
        url = reverse("accounts:person-list")
        hint = _("Who belongs where, and who may do what")
        tasks.append(Task(_("Look after people and roles"), hint, url))
    if may(Permission.VIEW_AUDIT):
        url = reverse("audit_trail")
        tasks.append(Task(_("Read the audit trail"), _("Who did what, and when"), url))
    if may("notifications.change_messagesettings"):
        url = reverse("wagtailsettings:edit", args=["notifications", "messagesettings"])
        tasks.append(Task(_("Set the hours of messages"), _("Quiet hours, the daily summary"), url))
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


# What Wagtail calls things, and what they are called here; an empty name leaves the entry out.
# Rights are given on our own pages, and news of Wagtail is for whoever keeps the software.
_REPORTS = {
    "locked-pages": _lazy("Pages that are locked"),
    "workflows": _lazy("Pages waiting to be approved"),
    "workflow-tasks": _lazy("Steps of approval"),
    "site-history": _lazy("What was changed on pages"),
    "aging-pages": _lazy("Pages nobody has looked at for long"),
    "page-types-usage": "",
}
_HELP = {"whats-new-in-wagtail": ""}
_SETTINGS = {"users": "", "groups": "", "roles": ""}


def _named_by_task(items: list[MenuItem], names: dict[str, Any]) -> None:
    kept = []
    for item in items:
        name = next((x for x in names if item.name == x or item.name.startswith(f"{x}-")), None)
        if name is None:
            kept.append(item)
        elif names[name]:
            renamed = copy.copy(item)  # Wagtail keeps one for everybody
            renamed.label = names[name]
            kept.append(renamed)
    items[:] = kept


@hooks.register("construct_reports_menu")
def name_reports(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    _named_by_task(menu_items, _REPORTS)


@hooks.register("construct_settings_menu")
def leave_out_rights(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    _named_by_task(menu_items, _SETTINGS)


@hooks.register("construct_help_menu")
def help_for_those_who_write(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Wagtail's guide tells of pages: whoever writes none has no use for it."""
    if not request.user.has_perm(Permission.EDIT_COURSES):
        menu_items.clear()
    _named_by_task(menu_items, _HELP)


@hooks.register("construct_main_menu")
def name_main_menu(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    names = {
        "reports": _("Look up"),
        "documents": _("Files to download"),
        "images": _("Pictures"),
        "media": _("Video and audio"),
    }
    _named_by_task(menu_items, names)
