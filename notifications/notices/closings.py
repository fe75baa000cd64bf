"""Messages about an account that was closed, or opened again."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _l

from accounts.models import AccountClosing
from notifications.enums import MessageGroup
from notifications.models import Notice
from notifications.services import NoticeKind, Placeholder, enqueue_notice


def tell_account_closed(*, closing: AccountClosing, now: datetime.datetime) -> Notice:
    """Tell somebody that their account was closed; once for each time, and not why."""
    return _tell(ACCOUNT_CLOSED, closing, "closed", now)


def tell_account_opened(*, closing: AccountClosing, now: datetime.datetime) -> Notice:
    """Tell somebody that they can sign in again; once for each time."""
    return _tell(ACCOUNT_OPENED, closing, "opened", now)


def _tell(kind: NoticeKind, closing: AccountClosing, what: str, now: datetime.datetime) -> Notice:
    return enqueue_notice(
        kind=kind.code,
        dedupe_key=f"account-{what}-{closing.pk}",
        recipient=closing.user,
        context={"closing": closing.pk},
        now=now,
    )


def _closing_of(notice: Notice) -> AccountClosing:
    return AccountClosing.objects.select_related("user").get(pk=notice.context["closing"])


def _is_still_closed(notice: Notice) -> bool:
    return _closing_of(notice).opened_at is None


def _is_still_open(notice: Notice) -> bool:
    return _closing_of(notice).user.is_active


def _name(notice: Notice) -> dict[str, str]:
    user = _closing_of(notice).user
    return {"name": user.full_name or user.email}


def _name_and_way_in(notice: Notice) -> dict[str, str]:
    return {**_name(notice), "sign_in_url": settings.SITE_URL + reverse("account_login")}


def _my_page(notice: Notice) -> str:
    return reverse("accounts:me")


_NAME = Placeholder(_l("The name of whose account it is, or their address"), "Nadia Rahman")
_BECAUSE = _l("You should always know when somebody changes whether you can sign in.")

ACCOUNT_CLOSED = NoticeKind(
    code="accounts.account_closed",
    template="accounts/email/account_closed",
    context=_name,
    still_holds=_is_still_closed,
    label=_l("Your account was closed"),
    when=_l("To somebody whose account an administrator closes."),
    why=_l("You get this because you had an account here."),
    placeholders={"name": _NAME},
    group=MessageGroup.ACCOUNT,
    is_necessary=True,
    necessary_because=_BECAUSE,
    reaches_inactive=True,
)
ACCOUNT_OPENED = NoticeKind(
    code="accounts.account_opened",
    template="accounts/email/account_opened",
    context=_name_and_way_in,
    still_holds=_is_still_open,
    label=_l("Your account was opened again"),
    when=_l("To somebody whose account was closed, when an administrator opens it again."),
    why=_l("You get this because you have an account here."),
    placeholders={
        "name": _NAME,
        "sign_in_url": Placeholder(
            _l("The address of the page for signing in"),
            "https://example.org/account/login/",
            is_required=True,
            is_link=True,
        ),
    },
    group=MessageGroup.ACCOUNT,
    is_necessary=True,
    necessary_because=_BECAUSE,
    link=_my_page,
    link_text=_l("Go to your account"),
)

KINDS = [ACCOUNT_CLOSED, ACCOUNT_OPENED]
