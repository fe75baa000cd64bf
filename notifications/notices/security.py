"""Messages about how somebody signs in, where another person changed it."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from accounts.models import SecondFactorReset
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import NoticeKind, Placeholder, enqueue_notice


def tell_second_factor_forgotten(*, reset: SecondFactorReset, now: datetime.datetime) -> Notice:
    """Tell somebody that their second steps were forgotten; once for each time."""
    return enqueue_notice(
        kind=SECOND_FACTOR_FORGOTTEN.code,
        dedupe_key=f"second-factor-forgotten-{reset.pk}",
        recipient=reset.user,
        context={"reset": reset.pk},
        now=now,
    )


def _reset_of(notice: Notice) -> SecondFactorReset:
    rows = SecondFactorReset.objects.select_related("user", "reset_by")
    return rows.get(pk=notice.context["reset"])


def _context(notice: Notice) -> dict[str, str]:
    reset = _reset_of(notice)
    return {
        "name": reset.user.full_name or reset.user.email,
        "who": str(reset.reset_by),
        "security_url": settings.SITE_URL + reverse("accounts:security"),
    }


def _is_of_somebody_active(notice: Notice) -> bool:
    return _reset_of(notice).user.is_active


def _security_path(notice: Notice) -> str:
    return reverse("accounts:security")


# Whoever did not ask for it should know at once, at night too.
SECOND_FACTOR_FORGOTTEN = NoticeKind(
    code="accounts.second_factor_forgotten",
    template="accounts/email/second_factor_forgotten",
    context=_context,
    still_holds=_is_of_somebody_active,
    label=_l("Your second steps to sign in were forgotten"),
    when=_l("To somebody who lost their second steps, when an administrator lets them start anew."),
    why=_l("You get this because how you sign in has changed."),
    placeholders={
        "name": Placeholder(
            _l("The name of whose second steps they were, or their address"), "Nadia Rahman"
        ),
        "who": Placeholder(_l("The administrator"), "Helen Marsh", is_required=True),
        "security_url": Placeholder(
            _l("The address of the page on which a new one is set up"),
            "https://example.org/account/security/",
            is_required=True,
            is_link=True,
        ),
    },
    group=MessageGroup.ACCOUNT,
    is_necessary=True,
    necessary_because=_l("You should always know when somebody changes how you sign in."),
    is_urgent=True,
    link=_security_path,
    link_text=_l("Set up a second step"),
)

KINDS = [SECOND_FACTOR_FORGOTTEN]
