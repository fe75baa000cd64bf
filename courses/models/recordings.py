"""Video and audio of lessons: our own files, never another site's player."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField
from wagtail.search import index
from wagtailmedia.models import AbstractMedia

from courses.blocks import SENTENCES


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
        if self.type == "video" and not self.captions:
            raise ValidationError({"captions": _("A video needs captions: choose a .vtt file.")})
