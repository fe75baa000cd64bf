from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "lms.core"
    label = "core"

    def ready(self) -> None:
        from wagtail.admin.views.mixins import SpreadsheetExportMixin

        from lms.core.csv import formula_safe

        # Every export of the admin, Wagtail's own included: XLSX cells it makes text itself.
        safe = {SpreadsheetExportMixin.FORMAT_CSV: formula_safe}
        SpreadsheetExportMixin.custom_value_preprocess[str] = safe
