"""A CPD record as a table."""

from django.utils.translation import gettext as _

from courses.queries.cpd import Activity, CpdRecord, CpdReflection
from lms.core.tables import write_csv


def cpd_csv(record: CpdRecord) -> bytes:
    """Write a line for each activity, and for each reflection the person chose to include."""
    header = [
        _("First day"),
        _("Last day"),
        _("What"),
        _("Kind of activity"),
        _("Who ran it"),
        _("Minutes"),
        _("Recorded"),
        _("Version and route"),
        _("What I learned"),
        _("How I use it"),
        _("Web address"),
        _("Certificate"),
    ]
    rows = [*map(_activity, record.activities), *map(_reflection, record.reflections)]
    return write_csv(header, rows)


def _activity(activity: Activity) -> list[str]:
    return [
        activity.starts_on.isoformat(),
        activity.ends_on.isoformat(),
        activity.title,
        activity.kind,
        activity.provider,
        str(activity.minutes),
        _("On this site") if activity.is_here else _("Added by me"),
        activity.detail,
        activity.learned or "; ".join(activity.outcomes),
        activity.applied,
        activity.url or (activity.proof.check_url if activity.proof else ""),
        activity.proof.text if activity.proof else "",
    ]


def _reflection(reflection: CpdReflection) -> list[str]:
    day = reflection.saved_on.isoformat()
    where = f"{reflection.course}: {reflection.lesson}"
    about = f"{reflection.title}\n{reflection.prompt}".strip()
    said = [day, day, about, _("Reflection"), where, "", _("On this site"), "", reflection.text]
    return [*said, "", "", ""]
