"""Coming in: signing up, signing in, out and back."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.mailbox import Mailbox
from tests.browser.site import Site

PASSWORD = "seven quiet harbours"


@dataclass(frozen=True)
class Person:
    email: str
    name: str = "Łukasz Ñandú-Siân"
    password: str = PASSWORD
    work: str = "Teacher or lecturer"


def fill_sign_up(page: Page, person: Person) -> None:
    page.get_by_label("Full name").fill(person.name)
    page.get_by_label("Your work").select_option(label=person.work)
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Choose a password").fill(person.password)
    page.get_by_role("button", name="Create my account").click()


def enter_code(page: Page, code: str) -> None:
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Continue").click()


def sign_up(page: Page, mailbox: Mailbox, person: Person) -> None:
    """Create the account on the page for it, and type the code that comes by e-mail."""
    fill_sign_up(page, person)
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code from your e-mail")
    enter_code(page, mailbox.code_for(person.email))


def fill_sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def sign_in(page: Page, site: Site, email: str, password: str = PASSWORD) -> None:
    page.goto(site.address("/accounts/login/"))
    fill_sign_in(page, email, password)
    expect(page.get_by_role("heading", level=1)).to_have_text("My learning")


def sign_out(page: Page) -> None:
    page.locator("summary").filter(has_text="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_attached()
