import datetime

from django.db import transaction

from accounts.models import User
from accounts.services import record_audit
from certificates.models import CertificateDesign
from certificates.pdf import sample_pdf
from courses.models import Course

STANDARD_NAME = "Standard certificate"


def design_for_course(course: Course) -> CertificateDesign:
    """Find the design that new certificates of a course get: its own, or the default one."""
    own = CertificateDesign.objects.filter(design_courses__course=course).first()
    return own or design_for_new_awards()


def design_for_new_awards() -> CertificateDesign:
    """Find the design of courses without one of their own; make the standard one if need be."""
    design = CertificateDesign.objects.filter(is_default=True).first()
    if design is None:
        design, _created = CertificateDesign.objects.get_or_create(
            is_default=True,
            defaults={"name": STANDARD_NAME},
        )
    return design


@transaction.atomic
def use_design_for_new_awards(
    *, design: CertificateDesign, chosen_by: User, now: datetime.datetime
) -> CertificateDesign:
    """Make `design` the default for new certificates. Those already issued keep theirs.

    Raises: PdfRefused, in words, when no certificate could be made with it.
    """
    sample_pdf(design)
    designs = CertificateDesign.objects.select_for_update()
    design = designs.get(pk=design.pk)
    if not design.is_default:
        for other in designs.filter(is_default=True):
            other.is_default = False
            other.save(update_fields=["is_default", "updated_at"])
        design.is_default = True
        design.save(update_fields=["is_default", "updated_at"])
        record_audit(
            actor=chosen_by, action="design.chosen", target=design, now=now, fields=["is_default"]
        )
    return design
