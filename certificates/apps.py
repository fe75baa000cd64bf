from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from certificates import receivers  # noqa: F401 - connects them
        from certificates.notices import KINDS
        from certificates.queries.proofs import proofs_of_completions
        from certificates.services import held
        from courses.queries.proofs import register_proofs
        from notifications.services import register_kind

        for kind in KINDS:
            register_kind(kind)
        held.register()
        register_proofs(proofs_of_completions)
