from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from certificates import receivers  # noqa: F401 - connects them
        from certificates.notices import CERTIFICATE_READY, CERTIFICATE_REVOKED
        from certificates.services import held
        from notifications.services import register_kind

        register_kind(CERTIFICATE_READY)
        register_kind(CERTIFICATE_REVOKED)
        held.register()
