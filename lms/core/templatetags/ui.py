"""The few things that templates cannot say with `if` and `for`."""

import datetime
import json
import re
from typing import Any

from django import forms, template
from django.conf import settings
from django.db.models.fields.files import FieldFile
from django.forms import BoundField, CheckboxInput, PasswordInput, RadioSelect, Select, Textarea
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.words import moment_in_words, time_in_words

register = template.Library()


@register.filter
def minutes(value: int | None) -> str:
    """Write a number of minutes in words: '40 minutes', '1 hour 20 minutes'."""
    hours, rest = divmod(int(value or 0), 60)
    parts = []
    if hours:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if rest or not hours:
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", rest) % {"n": rest})
    return " ".join(parts)


@register.filter
def clock(value: datetime.datetime | datetime.time) -> str:
    """Write a time as it is said: '9:30am', '1pm'."""
    return time_in_words(value)


@register.filter
def kind_and_size(file: FieldFile) -> str:
    """Say what a stored file is and how large: 'MP4, 12.4 MB'. Empty when it cannot be found."""
    try:
        size = filesizeformat(file.size)
    except (OSError, ValueError):
        return ""
    return f"{str(file.name).rpartition('.')[2].upper()}, {size}"


@register.filter
def as_json(value: Any) -> str:
    """Write a value as JSON for a data attribute; the template escapes it."""
    return json.dumps(value)


@register.filter
def moment(value: datetime.datetime) -> str:
    """Write a moment as '3 May 2027 at 9:30am'."""
    return moment_in_words(value)


@register.filter
def field_kind(field: BoundField) -> str:
    """Name what a form field is drawn as; `components/field.html` has a branch for each."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect):  # checkboxes for several answers are a RadioSelect too
        return "checkboxes" if widget.input_type == "checkbox" else "radios"
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, Textarea):
        return "textarea"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, PasswordInput):
        return "password"
    return "input"


_CSS = {
    "checkbox": "govuk-checkboxes__input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "input": "govuk-input",
}


def _code_attrs() -> dict[str, str]:
    """Ask for digits only if codes are digits: a telephone's number pad has no letters."""
    numeric = getattr(settings, "ALLAUTH_USER_CODE_FORMAT", {}).get("numeric", False)
    return {
        "inputmode": "numeric" if numeric else "text",
        "autocapitalize": "characters",
        "spellcheck": "false",
    }


@register.simple_tag
def field_words(field: BoundField, label: str = "", hint: str | None = None) -> str:
    """Say a field in our own words on this page, its error summary included; draws nothing.

    For forms that come with a library. Use it above the error summary. An empty `hint` removes one.
    """
    if label:
        field.label = label
    if hint is not None:
        field.help_text = hint
    return ""


_REQUIRED = forms.Field.default_error_messages["required"]


@register.filter
def field_errors(field: BoundField) -> list[str]:
    """List what is wrong with a field, with its name where Django says only that it is required."""
    said = {
        "radios": _("Choose: %(label)s"),
        "checkboxes": _("Choose: %(label)s"),
        "select": _("Choose: %(label)s"),
        "checkbox": _("Tick: %(label)s"),
    }
    text = said.get(field_kind(field), _("Fill in: %(label)s")) % {"label": field.label}
    return [text if error == _REQUIRED else str(error) for error in field.errors]


@register.filter
def render_field(field: BoundField, css: str = "") -> SafeString:
    """Draw a field's control alone, with GOV.UK's classes and its hint and error tied to it.

    `css` is one more class, such as 'app-input--code' or 'govuk-input--width-10'.
    """
    kind = field_kind(field)
    classes = [_CSS[kind], css]
    own = field.field.widget.attrs
    attrs: dict[str, Any] = {}
    described_by = []
    if field.help_text:
        described_by.append(f"{field.id_for_label}-hint")
    if field.errors:
        described_by.append(f"{field.id_for_label}-error")
        attrs["aria-invalid"] = "true"
        classes.append(
            {"select": "govuk-select--error", "textarea": "govuk-textarea--error"}.get(
                kind, "" if kind == "checkbox" else "govuk-input--error"
            )
        )
    if described_by:
        attrs["aria-describedby"] = " ".join(described_by)
    if own.get("autocomplete") == "one-time-code":
        attrs.update(
            {"inputmode": "numeric", "spellcheck": "false", "autocapitalize": "characters"}
        )
        classes.append("app-input--code")
    if kind == "password":
        attrs.update({"spellcheck": "false", "autocapitalize": "none"})
    # A placeholder is no label: it goes as soon as somebody types.
    attrs["placeholder"] = False
    attrs["class"] = " ".join(dict.fromkeys(filter(None, [*classes, own.get("class", "")])))
    return field.as_widget(attrs=attrs)


_PARAGRAPH_BREAK = re.compile(r"</p>\s*<p\b[^>]*>")
_PARAGRAPH = re.compile(r"</?p\b[^>]*>")


@register.filter
def phrasing(html: str) -> SafeString:
    """Turn the paragraphs of an editor's rich text into lines: a legend may hold no paragraph."""
    return mark_safe(_PARAGRAPH.sub("", _PARAGRAPH_BREAK.sub("<br>", str(html))))  # noqa: S308 - Wagtail cleaned it


@register.filter
def share_of(part: int, whole: int) -> int:
    """Work out `part` of `whole` as whole percent, 0 to 100; nothing of nothing is 0."""
    return max(0, min(100, round(100 * int(part or 0) / int(whole)))) if whole else 0


@register.simple_tag
def progress_bar(part: int, whole: int) -> SafeString:
    """Draw a bar that is `part` of `whole` full, for the eye only: the words stand beside it."""
    return format_html(
        '<svg class="app-progress__bar" viewBox="0 0 100 12" preserveAspectRatio="none" '
        'aria-hidden="true" focusable="false">'
        '<rect class="app-progress__done" width="{}" height="12"></rect></svg>',
        share_of(part, whole),
    )


@register.filter
def error_list(form: Any) -> list[dict[str, str]]:
    """List a bound form's errors for the summary: those of the whole form, then field by field."""
    if not form or not form.is_bound:
        return []
    found = [{"text": str(text), "target": ""} for text in form.non_field_errors()]
    for field in form:
        target = field.id_for_label
        if field_kind(field) in {"radios", "checkboxes"} and field.auto_id:
            target = f"{field.auto_id}_0"
        found += [{"text": text, "target": target} for text in field_errors(field)]
    return found


@register.simple_tag
def error_prefix(*forms: Any) -> str:
    """Give 'Error: ' for the page's title when any of the forms came back with errors."""
    return _("Error: ") if any(getattr(form, "errors", None) for form in forms) else ""
