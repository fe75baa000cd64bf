"""The site's own pages and settings."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import AbstractGroupApprovalTask, Page
from wagtail.search import index

from courses.blocks import RegisterFactBlock

_TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class DoorBlock(blocks.StructBlock):
    """One way on for one kind of visitor."""

    title = blocks.CharBlock(label=_("Heading"), max_length=80)
    text = blocks.TextBlock(label=_("Text"), rows=2, max_length=250)
    link_text = blocks.CharBlock(label=_("Words of the link"), max_length=60)
    url = blocks.CharBlock(
        label=_("Address"), max_length=250, help_text=_("For example /courses/ or https://…")
    )

    class Meta:
        icon = "link"
        label = _("Door")


class ContactBlock(blocks.StaticBlock):
    """How to reach the charity, from the settings."""

    class Meta:
        icon = "mail"
        label = _("How to reach us")
        admin_text = _("Shows the e-mail address and telephone number of the settings.")


class SiteBody(blocks.StreamBlock):
    text = blocks.RichTextBlock(features=_TEXT, label=_("Text"))
    doors = blocks.ListBlock(DoorBlock(), label=_("Doors"))
    fact = RegisterFactBlock()
    contact = ContactBlock()


class HomePage(Page):
    lead = models.CharField(_("lead"), max_length=300, help_text=_("What this is, in one breath."))
    body = StreamField(SiteBody(), blank=True, verbose_name=_("content"))

    template = "pages/home_page.html"
    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["pages.ContentPage", "courses.CatalogueIndexPage"]
    content_panels = [*Page.content_panels, FieldPanel("lead"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("lead"), index.SearchField("body")]

    class Meta:
        verbose_name = _("home page")


class ContentPage(Page):
    intro = models.CharField(_("introduction"), max_length=300, blank=True)
    body = StreamField(SiteBody(), blank=True, verbose_name=_("content"))

    template = "pages/content_page.html"
    parent_page_types = ["pages.HomePage", "pages.ContentPage"]
    subpage_types = ["pages.ContentPage"]
    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("body")]

    class Meta:
        verbose_name = _("content page")


class SecondReaderTask(AbstractGroupApprovalTask):
    """Somebody of the groups reads a page before it is published, and not whoever handed it in.

    Whoever handed it in and may publish can still publish it; but nobody reads in another's name.
    """

    class Meta:
        verbose_name = _("reading by somebody else")
        verbose_name_plural = _("readings by somebody else")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Offer no approval to whoever handed `obj` in: they may still take it back."""
        actions: list[tuple[str, str, bool]] = super().get_actions(obj, user)
        state = obj.current_workflow_state
        if state is None or state.requested_by_id != user.pk:
            return actions
        return [action for action in actions if action[0] != "approve"]
