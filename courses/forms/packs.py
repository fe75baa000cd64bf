from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from courses.packfiles.zips import LIMITS


class PackUploadForm(forms.Form):
    """A zip of a course. What is in it is judged once it is kept."""

    file = forms.FileField(
        label=_("Course pack"),
        help_text=_("A zip, as exported here or on another site."),
        error_messages={
            "required": _("Choose a file."),
            "missing": _("Choose a file."),
            "empty": _("There is nothing in this file. Choose another."),
        },
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIMITS.total:
            raise forms.ValidationError(
                _("This file has %(size)s. A pack has at most %(limit)s."),
                params={
                    "size": filesizeformat(file.size),
                    "limit": filesizeformat(LIMITS.total),
                },
            )
        return file
