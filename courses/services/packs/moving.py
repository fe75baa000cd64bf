"""Where pages of a course stand, beside where a pack puts them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from courses.packfiles import Pack
from courses.services.packs.matching import CourseOnSite
from courses.services.packs.wording import Detail


def moves_of(site: CourseOnSite, pack: Pack) -> list[Detail]:
    """Say which of the site's pages would change their order, or go to another module."""
    if site.page is None:
        return []
    course: Any = site.page
    parents = {page.path: page.title for page in [course, *site.modules.values()]}
    modules = [site.modules[one.key] for one in pack.modules if one.key in site.modules]
    below: list[tuple[Any, list[Any]]] = [
        (course, [*modules, site.assessment] if pack.assessment and site.assessment else modules)
    ]
    for module in pack.modules:
        if module.key in site.modules:
            lessons = [site.lessons[one.key] for one in module.lessons if one.key in site.lessons]
            below.append((site.modules[module.key], lessons))
    return [one for parent, pages in below for one in _moves(parent, pages, parents)]


def _moves(parent: Any, wanted: list[Any], parents: dict[str, str]) -> list[Detail]:
    moves = [
        Detail(
            _("“%(title)s” moves") % {"title": page.title},
            parents.get(_above(page), _("elsewhere")),
            parent.title,
        )
        for page in wanted
        if _above(page) != parent.path
    ]
    here = [page for page in wanted if _above(page) == parent.path]
    current = sorted(here, key=lambda page: page.path)
    if current != here:
        label = _("Order in “%(title)s”") % {"title": parent.title}
        moves.append(Detail(label, _listed(current), _listed(here)))
    return moves


def _above(page: Any) -> str:
    path: str = page.path[: -page.steplen]
    return path


def _listed(pages: list[Any]) -> str:
    return "\n".join(page.title for page in pages)
