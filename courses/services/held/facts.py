"""Who looks after the register of facts, and who checked what."""

from django.utils.translation import gettext_lazy as _

from accounts.services.held import Holding, each

_KEPT = _("As long as the fact is in the register, so that readers can trust it.")

HOLDINGS = [
    Holding(
        model="courses.Fact",
        label=_("Facts you look after"),
        why=_("To remind you when they should be checked, and to know who checked them."),
        kept=_KEPT,
        people=("owner", "checked_by"),
        order=("title", "pk"),
        facts=each(
            lambda fact: {
                _("Fact"): fact.title,
                _("Checked on"): fact.checked_on,
                _("Review by"): fact.review_on,
            }
        ),
    ),
    Holding(
        model="courses.FactCheck",
        label=_("Facts you checked"),
        why=_("To show who looked a fact up, and when."),
        kept=_KEPT,
        people=("checked_by",),
        related=("fact",),
        order=("-recorded_at", "-pk"),
        facts=each(
            lambda check: {
                _("Fact"): check.fact.title,
                _("Checked on"): check.checked_on,
                _("How"): check.note,
            }
        ),
    ),
]
