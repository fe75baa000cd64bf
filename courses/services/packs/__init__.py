"""Course packs: into the site's pages, and out of them."""

from courses.services.packs.applying import PackReport, load_course_pack
from courses.services.packs.exporting import export_course_pack
from courses.services.packs.planning import PackPlan, PlanChanged, plan_pack

__all__ = [
    "PackPlan",
    "PackReport",
    "PlanChanged",
    "export_course_pack",
    "load_course_pack",
    "plan_pack",
]
