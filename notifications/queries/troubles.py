"""What went wrong with a message, in words for whoever looks after people, and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# By status code (RFC 3463), or by its first two numbers: why it came back, and what to do.
_REASONS: dict[str, tuple[Promise, Promise]] = {
    "5.1.": (
        gettext_lazy("There is no such address."),
        gettext_lazy("Ask them for their address: it may be misspelt or given up. Correct it."),
    ),
    "5.1.2": (
        gettext_lazy("What stands after the @ does not exist."),
        gettext_lazy("It is probably misspelt. Ask them for their address and correct it."),
    ),
    "5.1.10": (
        gettext_lazy("What stands after the @ takes no e-mail."),
        gettext_lazy("It is probably misspelt. Ask them for their address and correct it."),
    ),
    "5.2.": (
        gettext_lazy("Their mailbox takes no messages."),
        gettext_lazy("They may have left. Ring them, or ask their organisation."),
    ),
    "5.2.2": (
        gettext_lazy("Their mailbox is full."),
        gettext_lazy("Ring them. Once they have made room, try again."),
    ),
    "5.2.3": (
        gettext_lazy("The message is too large for their mailbox."),
        gettext_lazy("Ring them: they find what it told them when they sign in."),
    ),
    "5.4.": (
        gettext_lazy("Their mail server could not be reached."),
        gettext_lazy("The end of the address may be misspelt. If it is right, try again later."),
    ),
    "5.7.": (
        gettext_lazy("Their mail server takes no messages from us."),
        gettext_lazy(
            "The address may be right. Ring them, and ask whoever runs their e-mail to accept ours."
        ),
    ),
}
_UNKNOWN_REASON = (
    gettext_lazy("Their mail server refused it for good, without saying why."),
    gettext_lazy("Ring them and compare the address. If it is right, try again."),
)


def reason_and_advice(status: str) -> tuple[str, str]:
    """Say in words why something came back, and what to do about it."""
    by_class = ".".join(status.split(".")[:2]) + "."
    fitting = [code for code in (status, by_class) if code in _REASONS]
    reason, advice = _REASONS[fitting[0]] if fitting else _UNKNOWN_REASON
    return str(reason), str(advice)


_NO_ANSWER = gettext_lazy("The mail server did not answer.")
_TROUBLES: dict[str, Promise] = {
    "ConnectionRefusedError": _NO_ANSWER,
    "ConnectionResetError": _NO_ANSWER,
    "TimeoutError": _NO_ANSWER,
    "gaierror": _NO_ANSWER,
    "OSError": _NO_ANSWER,
    "SMTPConnectError": _NO_ANSWER,
    "SMTPServerDisconnected": _NO_ANSWER,
    "SMTPRecipientsRefused": gettext_lazy("The mail server would not take it just then."),
    "SMTPDataError": gettext_lazy("The mail server refused what it says. Tell your administrator."),
    "SMTPSenderRefused": gettext_lazy(
        "The mail server refuses our address. Tell your administrator."
    ),
    "SMTPAuthenticationError": gettext_lazy(
        "The mail server does not know our password. Tell your administrator."
    ),
    "TooManyAttempts": gettext_lazy(
        "Sending it was broken off each time. Tell your administrator."
    ),
    "UnknownKind": gettext_lazy("The part of the site that wrote it is not here any more."),
    "AddressReturned": gettext_lazy("Held back: an earlier message to this address came back."),
    "Refused": gettext_lazy("The mail server refused the address."),
    "Reported": gettext_lazy("It came back after it was sent."),
}


def trouble_in_words(error: str) -> str:
    """Say in words why a message was not sent, by its row; '' where nothing is wrong."""
    if not error:
        return ""
    known = _TROUBLES.get(error)
    if known is not None:
        return str(known)
    return _("Something went wrong here (%(name)s). Tell your administrator.") % {"name": error}
