"""Video and audio of lessons: our own files, never another site's player."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.search import index
from wagtailmedia.models import AbstractMedia

from courses.blocks import SENTENCES
from lms.core.filekinds import MAX_CAPTIONS, is_captions, is_recording_of

# Where wagtailmedia and we put the files of a recording. They are served by a view of their own,
# which knows whose collection they are in.
RECORDING_FOLDERS = ("media", "captions", "media_thumbnails")


class Recording(AbstractMedia):
    """A video or audio file with what people need who cannot hear or see it."""

    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    transcript = RichTextField(
        _("transcript"),
        features=[*SENTENCES, "ul", "h3"],
        help_text=_("Everything that is said, and what is seen where it matters."),
    )
    captions = models.FileField(
        _("captions"),
        upload_to="captions",
        blank=True,
        validators=[FileExtensionValidator(["vtt"])],
        help_text=_("A WebVTT file (.vtt). A video needs one."),
    )

    admin_form_fields = (
        "title",
        "file",
        "transcript",
        "captions",
        "collection",
        "duration",
        "width",
        "height",
        "thumbnail",
        "tags",
    )
    search_fields = [*AbstractMedia.search_fields, index.SearchField("transcript")]

    class Meta(AbstractMedia.Meta):
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")

    def clean(self) -> None:
        super().clean()
        problems: dict[str, Any] = {}
        if not strip_tags(self.transcript).strip():
            problems["transcript"] = _("Write the transcript: some people read what others hear.")
        if self.type == "video" and not self.captions:
            problems["captions"] = _("A video needs captions: choose a .vtt file.")
        elif is_new(self.captions) and (problem := problem_with_captions(self.captions)):
            problems["captions"] = problem
        if is_new(self.file) and (problem := problem_with_file(self.file, self.file_extension)):
            problems["file"] = problem
        if problems:
            raise ValidationError(problems)


def is_new(file: FieldFile) -> bool:
    """Say whether the file is only being uploaded: what is stored was looked at then."""
    return bool(file) and not getattr(file, "_committed", True)


def problem_with_file(file: FieldFile, extension: str) -> Any:
    """Say in words why `file` is no recording that people could play, or None."""
    if file.size > settings.RECORDING_MAX_MB * 1024 * 1024:
        return _("This file is larger than %(n)d MB. Make a smaller one: 720p is enough.") % {
            "n": settings.RECORDING_MAX_MB
        }
    if not is_recording_of(extension.lower(), _head(file, 64)):
        return _("This is not a .%(kind)s file, whatever its name says. Save it again as one.") % {
            "kind": extension.lower()
        }
    return None


def problem_with_captions(file: FieldFile) -> Any:
    """Say in words why `file` holds no captions, or None."""
    if file.size > MAX_CAPTIONS:
        return _("This file is larger than 1 MB. Captions are text: choose the .vtt file.")
    if not is_captions(_head(file, MAX_CAPTIONS)):
        return _(
            "This is not a WebVTT file. It begins with the word WEBVTT, is saved as UTF-8, and has "
            "a time such as 00:01.000 --> 00:04.000 before each line."
        )
    return None


def _head(file: FieldFile, count: int) -> bytes:
    file.seek(0)
    head = bytes(file.read(count))
    file.seek(0)
    return head
