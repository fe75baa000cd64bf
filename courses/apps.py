from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses import receivers  # noqa: F401 - connects them
        from courses.services import held

        held.register()
