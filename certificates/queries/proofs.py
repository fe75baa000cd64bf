"""Certificates as proofs of completions, for the CPD record."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from certificates.enums import AwardStatus
from certificates.models import Award
from certificates.queries.awards import check_url
from courses.queries.proofs import Proof


def proofs_of_completions(completions: Collection[int]) -> dict[int, Proof]:
    """Find the certificates that stand for completions, by the completions' keys. One query."""
    standing = Award.objects.filter(completion__in=completions, status=AwardStatus.VALID)
    return {
        award.completion_id: Proof(
            text=_("Certificate %(code)s") % {"code": award.written_code},
            url=award.get_absolute_url(),
            check_url=check_url(award.code),
        )
        for award in standing
    }
