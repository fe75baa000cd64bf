"""What Wagtail keeps about those who edit the site. Nobody else is in it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.services.held import Facts, Holding, each, register_holdings, register_not_personal

_EDITING = _("To show who wrote what, and to bring back what was there before.")
_AT_WORK = _("To keep two people from overwriting each other’s work.")
_WITH_PAGES = _("As long as the page, picture or file is there.")
_SHORT = _("Until the work is saved, a day at most.")

# model: what it is, why, how long, who is in it, and what is shown of it.
_KEPT: list[tuple[str, Promise, Promise, Promise, tuple[str, ...], Mapping[str, Promise]]] = [
    (
        "wagtailcore.Page",
        _("Pages you made or locked"),
        _EDITING,
        _WITH_PAGES,
        ("owner", "locked_by"),
        {"title": _("Page"), "first_published_at": _("First published")},
    ),
    (
        "wagtailcore.Revision",
        _("Versions of pages you saved"),
        _EDITING,
        _WITH_PAGES,
        ("user",),
        {"object_str": _("Of"), "created_at": _("When")},
    ),
    (
        "wagtailcore.PageLogEntry",
        _("What you did to pages"),
        _EDITING,
        _WITH_PAGES,
        ("user",),
        {"label": _("Page"), "action": _("What"), "timestamp": _("When")},
    ),
    (
        "wagtailcore.ModelLogEntry",
        _("What you did to places, lists and designs"),
        _EDITING,
        _WITH_PAGES,
        ("user",),
        {"label": _("Record"), "action": _("What"), "timestamp": _("When")},
    ),
    (
        "wagtailcore.Comment",
        _("Your comments on drafts"),
        _EDITING,
        _WITH_PAGES,
        ("user", "resolved_by"),
        {"text": _("Comment"), "created_at": _("When"), "resolved_at": _("Settled")},
    ),
    (
        "wagtailcore.CommentReply",
        _("Your answers to comments"),
        _EDITING,
        _WITH_PAGES,
        ("user",),
        {"text": _("Answer"), "created_at": _("When")},
    ),
    (
        "wagtailcore.PageSubscription",
        _("Pages whose comments you follow"),
        _("To tell you of new comments."),
        _WITH_PAGES,
        ("user",),
        {"page_id": _("Page number"), "comment_notifications": _("Told of comments")},
    ),
    (
        "wagtailcore.WorkflowState",
        _("Pages you sent to be approved"),
        _EDITING,
        _WITH_PAGES,
        ("requested_by",),
        {"created_at": _("When"), "status": _("State")},
    ),
    (
        "wagtailcore.TaskState",
        _("Pages you approved or sent back"),
        _EDITING,
        _WITH_PAGES,
        ("finished_by",),
        {"started_at": _("Asked"), "finished_at": _("Decided"), "comment": _("Comment")},
    ),
    (
        "wagtailimages.Image",
        _("Pictures you put in"),
        _EDITING,
        _WITH_PAGES,
        ("uploaded_by_user",),
        {"title": _("Picture"), "created_at": _("When")},
    ),
    (
        "wagtaildocs.Document",
        _("Files you put in"),
        _EDITING,
        _WITH_PAGES,
        ("uploaded_by_user",),
        {"title": _("File"), "created_at": _("When")},
    ),
    (
        "wagtailcore.UploadedFile",
        _("Files being put in"),
        _EDITING,
        _SHORT,
        ("uploaded_by_user",),
        {"file": _("File")},
    ),
    (
        "wagtailadmin.EditingSession",
        _("What you have open in the editor"),
        _AT_WORK,
        _SHORT,
        ("user",),
        {"last_seen_at": _("Last seen"), "is_editing": _("Editing")},
    ),
    (
        "wagtailadmin.FormState",
        _("Forms you have not saved yet"),
        _AT_WORK,
        _SHORT,
        ("user",),
        {"last_updated_at": _("When")},
    ),
    (
        "wagtailusers.UserProfile",
        _("How the editor looks for you"),
        _("To remember what you chose there."),
        _("As long as you have an account."),
        ("user",),
        {"preferred_language": _("Language"), "theme": _("Theme"), "density": _("Density")},
    ),
]
NOT_PERSONAL = {
    "core.SiteSettings.contact_email": "The charity’s own address, which is public.",
    "wagtailmedia.Media.uploaded_by_user": "Recordings are courses.Recording: this stays empty.",
    "wagtailcore.APIToken.user": "Wagtail’s API is not switched on: nothing writes a token.",
}


def _attributes(names: Mapping[str, Promise]) -> Any:
    def facts(record: Any) -> Facts:
        values = {label: getattr(record, name) for name, label in names.items()}
        return {label: value or None for label, value in values.items()}

    return each(facts)


def register() -> None:
    """Hand them to the registry, once, when the app is ready."""
    register_holdings(
        [
            Holding(model, label, why, kept, people, _attributes(names))
            for model, label, why, kept, people, names in _KEPT
        ]
    )
    for field, reason in NOT_PERSONAL.items():
        register_not_personal(field, reason)
