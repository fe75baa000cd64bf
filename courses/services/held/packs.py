"""Course packs that somebody uploaded, and how the lines about packs read."""

from django.utils.translation import gettext_lazy as _

from accounts.services.held import Holding, each
from courses.models import Course

HOLDINGS = [
    Holding(
        model="courses.PackUpload",
        label=_("Course packs you uploaded"),
        why=_("To show you what importing them would do, and what was done."),
        kept=_("A day after the last step."),
        people=("uploaded_by",),
        order=("-created_at", "-pk"),
        facts=each(
            lambda upload: {
                _("File"): upload.file_name,
                _("When"): upload.created_at,
                _("State"): upload.get_state_display(),
            }
        ),
    )
]


def _courses_by_id(ids: list[str]) -> dict[str, dict[str, str]]:
    found = Course.objects.filter(pk__in=[int(pk) for pk in ids if pk.isdecimal()])
    return {str(pk): {"course": title} for pk, title in found.values_list("pk", "title")}


ACTIONS = {
    "course_pack.exported": (
        _("%(actor)s exported “%(course)s” as a course pack."),
        _courses_by_id,
    ),
    "course_pack.imported": (
        _("%(actor)s imported “%(course)s” from a course pack."),
        _courses_by_id,
    ),
}
