"""Whom an e-mail would not reach."""

from collections.abc import Collection

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from notifications.enums import MessageChoice
from notifications.models import Bounce, Preference, Unsubscription

_STOPPED = _(
    "They asked us to send them no more invitations. Make a link for a team and give it to them "
    "yourself."
)
_RETURNED = _(
    "An e-mail to this address came back. It may be misspelt: withdraw this invitation and invite "
    "them at the right address."
)


def unreached_by(kind: str, addresses: Collection[str]) -> dict[str, str]:
    """Say which of `addresses` get no e-mail of a kind that is not necessary, each with the reason.

    They have stopped it, with an account or without, or an e-mail to them came back and nobody has
    dealt with that. The reason is the same with and without an account. Three queries.
    """
    small = {each.lower(): each for each in addresses}
    stopped = set(
        Unsubscription.objects.filter(kind=kind, address__in=small).values_list(
            "address", flat=True
        )
    )
    stopped.update(
        Preference.objects.filter(kind=kind, choice=MessageChoice.INBOX)
        .annotate(address=Lower("user__email"))
        .filter(address__in=small)
        .values_list("address", flat=True)
    )
    returned = Bounce.objects.holding().filter(address__in=small)
    reasons = dict.fromkeys(stopped, _STOPPED) | dict.fromkeys(
        returned.values_list("address", flat=True), _RETURNED
    )
    return {small[address]: str(reason) for address, reason in reasons.items()}
