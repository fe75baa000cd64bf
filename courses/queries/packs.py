"""Course packs as editors read of them: what an export leaves out, what an import would do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from courses.enums import PackState
from courses.models import CoursePage, PackUpload


def export_notes(page: CoursePage) -> list[str]:
    """Say what of a course its export leaves out: what is not published."""
    pages = Page.objects.descendant_of(page, inclusive=True)
    drafts = pages.filter(live=True, has_unpublished_changes=True).order_by("path")
    hidden = pages.filter(live=False).order_by("path")
    notes = [
        _("“%(title)s” has changes that are not published: they are left out.") % {"title": title}
        for title in drafts.values_list("title", flat=True)
    ]
    return notes + [
        _("“%(title)s” is not published: it is left out.") % {"title": title}
        for title in hidden.values_list("title", flat=True)
    ]


@dataclass(frozen=True)
class PackGroup:
    """Pages, or other things, of which the same would become."""

    title: str
    entries: list[dict[str, Any]]
    is_open: bool = True


@dataclass(frozen=True)
class PackPage:
    """What the page of one pack says."""

    template: str
    heading: str  # short: a narrow window cuts it off
    lead: str  # the same in a sentence
    summary: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    groups: list[PackGroup] = field(default_factory=list)
    edit_url: str = ""
    live_url: str = ""


def pack_page(upload: PackUpload) -> PackPage:
    """Say where a pack is and, once it is read, what it would do or did."""
    if upload.state == PackState.PREVIEWED:
        return _preview(upload)
    if upload.state == PackState.DONE:
        return _result(upload)
    if upload.state == PackState.REFUSED:
        n = len(upload.problems)
        lead = ngettext(
            "This pack cannot be imported: %(n)s thing is wrong",
            "This pack cannot be imported: %(n)s things are wrong",
            n,
        )
        return PackPage("refused", _("Not imported"), lead % {"n": n})
    if upload.state == PackState.READING:
        return PackPage("waiting", _("Being read"), _("The pack is being read"))
    return PackPage("waiting", _("Being imported"), _("The course is being imported"))


def _preview(upload: PackUpload) -> PackPage:
    said = upload.preview
    if said["changes_nothing"]:
        heading = _("Nothing to import")
        lead = _("Nothing would change: this site has “%(title)s” as the pack says")
    elif said["is_new"]:
        heading = _("A new course")
        lead = _("“%(title)s” would be a new course")
    else:
        heading = _("Changes to a course")
        lead = _("“%(title)s” would be changed")
    pages = {
        verdict: [page for page in said["pages"] if page["verdict"] == verdict]
        for verdict in ("created", "changed", "withdrawn", "unchanged")
    }
    return PackPage(
        "preview",
        heading,
        lead % {"title": said["title"]},
        summary=_summary(said, pages),
        warnings=_warnings(said, pages),
        groups=[group for group in _groups(said, pages) if group.entries],
    )


def _summary(said: dict[str, Any], pages: dict[str, list[Any]]) -> list[str]:
    files = [name for name, verdict in said["files"] if verdict == "created"]
    facts = [fact for fact in said["facts"] if fact["verdict"] != "kept"]
    counts = {name: len(found) for name, found in pages.items()}
    created, changed, withdrawn = counts["created"], counts["changed"], counts["withdrawn"]
    stays = counts["unchanged"]
    counted = [
        (created, ngettext("%(n)s page new", "%(n)s pages new", created)),
        (changed, ngettext("%(n)s page changed", "%(n)s pages changed", changed)),
        (withdrawn, ngettext("%(n)s page withdrawn", "%(n)s pages withdrawn", withdrawn)),
        (stays, ngettext("%(n)s page stays", "%(n)s pages stay", stays)),
        (len(files), ngettext("%(n)s file new", "%(n)s files new", len(files))),
        (
            len(facts),
            ngettext(
                "%(n)s entry of the register of facts new or changed",
                "%(n)s entries of the register of facts new or changed",
                len(facts),
            ),
        ),
    ]
    return [words % {"n": n} for n, words in counted if n]


def _warnings(said: dict[str, Any], pages: dict[str, list[Any]]) -> list[str]:
    warnings = []
    if said["version"] and said["learners"]:
        words = ngettext(
            "%(n)s person is taking the course now and stays on the version they began. "
            "Whoever begins from now on gets the new one.",
            "%(n)s people are taking the course now and stay on the version they began. "
            "Whoever begins from now on gets the new one.",
            said["learners"],
        )
        warnings.append(words % {"n": said["learners"]})
    elif said["learners"] and pages["changed"]:
        words = ngettext(
            "%(n)s person is taking the course now: they read the new words at once.",
            "%(n)s people are taking the course now: they read the new words at once.",
            said["learners"],
        )
        warnings.append(words % {"n": said["learners"]})
    if pages["withdrawn"]:
        warnings.append(
            _(
                "The pack has not got every page of this course. Those that are not in it are "
                "withdrawn: people whose version requires them can go on reading them."
            )
        )
    return warnings


def _groups(said: dict[str, Any], pages: dict[str, list[Any]]) -> list[PackGroup]:
    facts = said["facts"]
    return [
        PackGroup(_("Changed"), pages["changed"]),
        PackGroup(_("Order and places"), [{"title": "", "details": said["moves"]}])
        if said["moves"]
        else PackGroup("", []),
        PackGroup(_("New"), pages["created"]),
        PackGroup(_("Withdrawn"), pages["withdrawn"]),
        PackGroup(
            _("Register of facts"),
            [fact | {"kind": _fact_words(fact["verdict"])} for fact in facts],
        ),
        PackGroup(
            _("New pictures, recordings and downloads"),
            [{"title": name} for name, verdict in said["files"] if verdict == "created"],
            is_open=False,
        ),
        PackGroup(_("New audiences"), [{"title": name} for name in said["audiences"]]),
        PackGroup(_("Stays as it is"), pages["unchanged"], is_open=False),
    ]


def _fact_words(verdict: str) -> str:
    return {
        "created": _("new"),
        "changed": _("changed by a newer check"),
        "kept": _("stays: this site’s check is as new"),
    }[verdict]


def _result(upload: PackUpload) -> PackPage:
    report = upload.report
    groups = [
        PackGroup(title, [{"title": one} for one in report.get(name, [])], is_open=is_open)
        for name, title, is_open in (
            ("created", _("Made and published"), True),
            ("changed", _("Changed and published"), True),
            ("withdrawn", _("Withdrawn"), True),
            ("unchanged", _("Left as it was"), False),
        )
    ]
    page = CoursePage.objects.filter(course=upload.course).first() if upload.course else None
    title = upload.course.title if upload.course else upload.file_name
    return PackPage(
        "done",
        _("Imported"),
        _("“%(title)s” is imported") % {"title": title},
        groups=[group for group in groups if group.entries],
        edit_url=reverse("wagtailadmin_explore", args=[page.pk]) if page else "",
        live_url=page.get_url() or "" if page else "",
    )
