"""The Wagtail admin in the site's colours, with a front page that names tasks."""

import copy
from collections.abc import Callable
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


# What the admin is for, by the permission it takes: what it is called, and where it is done.
_TASKS: list[tuple[str, Any, Any, Callable[[], str]]] = [
    (
        Permission.PUBLISH_COURSES,
        _lazy("Import a course"),
        _lazy("From a pack that another site exported"),
        lambda: reverse("courses_packs"),
    ),
    (
        Permission.EDIT_DESIGNS,
        _lazy("Design certificates"),
        _lazy("Wording, logo, signature"),
        lambda: reverse("wagtailsnippets_certificates_certificatedesign:list"),
    ),
    (
        Permission.VIEW_AWARDS,
        _lazy("Look up certificates"),
        _lazy("Who was given which, and when"),
        lambda: reverse("certificates_given"),
    ),
    (
        Permission.KEEP_FACTS,
        _lazy("Keep the register of facts"),
        _lazy("Helplines, allowances, law and fees: what must be looked up again"),
        lambda: reverse("wagtailsnippets_courses_fact:list"),
    ),
    (
        "courses.change_evaluationform",
        _lazy("Change the questions of evaluations"),
        _lazy("What people are asked at the end of a course"),
        lambda: reverse("wagtailsnippets_courses_evaluationform:list"),
    ),
    (
        Permission.KEEP_DIRECTORY,
        _lazy("Keep organisations"),
        _lazy("Schools, centres, teams and agencies"),
        lambda: reverse("organisation:index"),
    ),
    (
        Permission.KEEP_DIRECTORY,
        _lazy("Keep courts and venues"),
        _lazy("Address and access"),
        lambda: reverse("venue:index"),
    ),
    (
        Permission.VIEW_PEOPLE,
        _lazy("Look after people and roles"),
        _lazy("Who belongs where, and who may do what"),
        lambda: reverse("accounts:person-list"),
    ),
    (
        Permission.VIEW_AUDIT,
        _lazy("Read the audit trail"),
        _lazy("Who did what, and when"),
        lambda: reverse("audit_trail"),
    ),
    (
        "notifications.change_messagesettings",
        _lazy("Set the hours of messages"),
        _lazy("Quiet hours, the daily summary"),
        lambda: reverse("wagtailsettings:edit", args=["notifications", "messagesettings"]),
    ),
    (
        Permission.EDIT_MESSAGES,
        _lazy("Change the texts of messages"),
        _lazy("What the site writes to people by e-mail"),
        lambda: reverse("message_texts"),
    ),
    (
        "core.change_sitesettings",
        _lazy("Change name and contact"),
        _lazy("Of the charity"),
        lambda: reverse("wagtailsettings:edit", args=["core", "sitesettings"]),
    ),
]


def tasks_for(request: HttpRequest) -> list[Task]:
    """List the tasks of the admin that the person's roles allow."""
    may = request.user.has_perm
    return (_page_tasks() if may(Permission.EDIT_COURSES) else []) + [
        Task(str(label), str(hint), url())
        for permission, label, hint, url in _TASKS
        if may(permission)
    ]


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
