"""What a browser complains about while a test looks at something else."""

import re

from playwright.sync_api import ConsoleMessage, Page, Response

_NOT_LOADED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")


class Watch:
    """Collects script errors, console errors (refused by the policy among them) and bad answers.

    A test that wants a refusal says so: `watch.expect(422)`. A 500 is never expected.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._expected: set[int] = set()

    def expect(self, *statuses: int) -> None:
        self._expected.update(statuses)

    def follow(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        not_loaded = _NOT_LOADED.search(message.text)
        # Bad answers are judged in _response, which knows what was asked for.
        if not not_loaded:
            self.problems.append(f"console: {message.text} ({message.location.get('url')})")

    def _response(self, response: Response) -> None:
        if response.status < 400:
            return
        is_page = response.request.is_navigation_request()
        if is_page and response.status < 500 and response.status in self._expected:
            return
        self.problems.append(f"{response.status} for {response.request.method} {response.url}")
