"""Recordings to watch or hear, and files to take away."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtailmedia.blocks import AudioChooserBlock, VideoChooserBlock

from courses.blocks.rules import CheckedBlock


class VideoBlock(CheckedBlock):
    recording = VideoChooserBlock(label=_("Video"))
    title = blocks.CharBlock(label=_("Heading"), max_length=120)

    def problems(self, value: Any) -> dict[str, ValidationError]:
        return lacking(value["recording"], needs_captions=True)

    class Meta:
        template = "blocks/video.html"
        icon = "media"
        label = _("Video")


class AudioBlock(CheckedBlock):
    recording = AudioChooserBlock(label=_("Audio"))
    title = blocks.CharBlock(label=_("Heading"), max_length=120)

    def problems(self, value: Any) -> dict[str, ValidationError]:
        return lacking(value["recording"], needs_captions=False)

    class Meta:
        template = "blocks/audio.html"
        icon = "media"
        label = _("Audio")


def lacking(recording: Any, *, needs_captions: bool) -> dict[str, ValidationError]:
    """Say what people who cannot hear or see the recording would miss, by the block's field."""
    if not strip_tags(recording.transcript).strip():
        problem = _("This recording has no transcript. Open it and add one, then choose it again.")
        return {"recording": ValidationError(problem)}
    if needs_captions and not recording.captions:
        problem = _("This video has no captions. Open it and add them, then choose it again.")
        return {"recording": ValidationError(problem)}
    return {}


class DownloadBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(label=_("What it is"), max_length=120)
    description = blocks.CharBlock(
        label=_("What it is for"),
        required=False,
        max_length=250,
        help_text=_("When somebody would use it, and how."),
    )

    class Meta:
        template = "blocks/download.html"
        icon = "download"
        label = _("Download")
