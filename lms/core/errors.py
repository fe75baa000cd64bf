"""How a rule says no."""

from django.utils.functional import Promise


class DomainError(Exception):
    """A rule of the domain was not met.

    Services raise a subclass; views show `message` to the person and answer with `status`.
    `code` is stable, for tests and logs; `message` is a sentence fit for the user.
    """

    code = "refused"
    status = 409
    message: str | Promise = "This cannot be done."

    def __init__(self, message: str | Promise | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(str(self.message))
