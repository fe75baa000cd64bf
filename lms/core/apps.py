from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "lms.core"
    label = "core"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created
        from wagtail.admin.views.mixins import SpreadsheetExportMixin

        from lms.core.csv import formula_safe
        from lms.core.likeness import ignore_case_of_every_letter

        connection_created.connect(ignore_case_of_every_letter)

        # Every export of the admin, Wagtail's own included: XLSX cells it makes text itself.
        safe = {SpreadsheetExportMixin.FORMAT_CSV: formula_safe}
        SpreadsheetExportMixin.custom_value_preprocess[str] = safe
