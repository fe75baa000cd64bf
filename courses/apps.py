from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from accounts.enums import Permission
        from accounts.queries.sections import Section, register_section
        from courses import receivers  # noqa: F401 - connects them
        from courses.notices import KINDS
        from courses.services import held
        from notifications.services import register_kind

        for kind in KINDS:
            register_kind(kind)
        held.register()
        register_section(Section("courses", _("Courses"), "courses:team", Permission.ENROL_PEOPLE))
