"""Every screen of the site, and how to come to it.

A new screen is entered here; `test_screens.py` then looks at it with axe and in a narrow window.
"""

import base64
import hmac
import re
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from lms.core.tables import MAX_ROWS, write_workbook
from tests.browser.accounts import Person, enter_code, fill_sign_in, fill_sign_up
from tests.browser.assessed_course import COMPLETED, FAILING, PASSING, SITTING, UNBEGUN
from tests.browser.assessed_course import COURSE as ASSESSED
from tests.browser.every_block import LOOKS
from tests.browser.lessons import COURSE
from tests.browser.mailbox import Mailbox
from tests.browser.packs import pack, upload
from tests.browser.people import (
    BEHIND,
    DECLINED,
    DEMO_PASSWORD,
    DESK,
    GRADUATE,
    INFORMED,
    MEMBER,
    NEWCOMER,
    QUIET_DESK,
    READER,
    WAITER,
    Scenes,
)
from tests.browser.site import Site


@dataclass
class Visit:
    """A way to a screen: the page it is on, and what is needed to come there."""

    page: Page
    site: Site
    mailbox: Mailbox
    scenes: Scenes

    def go(self, path: str) -> None:
        self.page.goto(self.site.address(path))

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name).click()

    def has_heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)


@dataclass(frozen=True)
class Screen:
    name: str
    way: Callable[[Visit], None]
    who: str = ""  # signed in as; nobody when empty
    password: str = ""  # theirs, when it is not the one of the scenes
    refuses: tuple[int, ...] = ()  # the statuses that lead there


def of_demo(name: str, way: Callable[[Visit], None], who: str, *refuses: int) -> Screen:
    """A screen of one of the demo's people."""
    return Screen(name, way, f"{who}@example.org", DEMO_PASSWORD, refuses)


def at(path: str) -> Callable[[Visit], None]:
    return lambda visit: visit.go(path)


# --- Ways that take more than an address ----------------------------------------------------------


def sign_in_empty(visit: Visit) -> None:
    visit.go("/accounts/login/")
    fill_sign_in(visit.page, "", "")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def sign_in_wrong(visit: Visit) -> None:
    visit.go("/accounts/login/")
    fill_sign_in(visit.page, "nobody@example.net", "not the password")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def sign_up_with_errors(visit: Visit) -> None:
    visit.go("/accounts/signup/")
    visit.press("Create my account")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def address_code(visit: Visit) -> None:
    visit.go("/accounts/signup/")
    fill_sign_up(visit.page, Person(f"code-{time.monotonic_ns()}@example.net"))
    visit.has_heading("Enter the code")


def wrong_address_code(visit: Visit) -> None:
    address_code(visit)
    enter_code(visit.page, "WRONG1")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def ask_for_code(visit: Visit) -> None:
    visit.go("/accounts/login/code/")


def ask_for_code_wrongly(visit: Visit) -> None:
    ask_for_code(visit)
    visit.press("E-mail me a code")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def sign_in_code(visit: Visit) -> None:
    ask_for_code(visit)
    visit.page.get_by_label("E-mail address").fill("nobody@example.net")
    visit.press("E-mail me a code")
    visit.has_heading("Enter the code")


def reset_asked(visit: Visit) -> None:
    visit.go("/accounts/password/reset/")
    visit.page.get_by_label("E-mail address").fill(NEWCOMER)
    visit.press("Send me the link")
    visit.has_heading("Look in your e-mail")


def reset_wrongly(visit: Visit) -> None:
    visit.go("/accounts/password/reset/")
    visit.press("Send me the link")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def reset_from_mail(visit: Visit) -> None:
    reset_asked(visit)
    visit.page.goto(visit.mailbox.link_for(NEWCOMER, "/password/reset/"))
    visit.has_heading("Choose a new password")


def reset_from_mail_wrongly(visit: Visit) -> None:
    reset_from_mail(visit)
    visit.page.locator("input[type=password]").first.fill("short")
    visit.press("Save my new password")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def too_many_tries(visit: Visit) -> None:
    for _try in range(12):
        visit.go("/accounts/password/reset/")
        visit.page.get_by_label("E-mail address").fill("too.often@example.net")
        visit.press("Send me the link")
        expect(visit.page.get_by_role("heading", level=1)).not_to_have_text("Choose a new password")
        if "too many" in visit.page.get_by_role("heading", level=1).inner_text():
            return
    raise AssertionError("Twelve tries were not too many.")


def code_page(standing: str) -> Callable[[Visit], None]:
    return lambda visit: visit.go(f"/check/{visit.scenes.codes[standing]}/")


def compare_name(typed: str) -> Callable[[Visit], None]:
    def way(visit: Visit) -> None:
        code_page("valid")(visit)
        visit.page.get_by_label("Name of the person").fill(typed)
        visit.press("Compare the name")
        visit.page.wait_for_load_state()

    return way


def account_menu_open(visit: Visit) -> None:
    visit.go("/my-learning/")
    visit.page.locator("summary").filter(has_text="Your account").click()


def main_menu_open(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 320, "height": 700})
    visit.go("/my-learning/")
    visit.page.get_by_role("button", name="Menu").click()


def what_is_left(visit: Visit) -> None:
    visit.go(COURSE)
    visit.page.get_by_text("What is left before you complete it").click()


def lesson(number: int) -> Callable[[Visit], None]:
    return lambda visit: visit.go(visit.scenes.lessons[number - 1])


def certificate(visit: Visit) -> None:
    visit.go(visit.scenes.certificate)


def given(key: str, more: str = "") -> Callable[[Visit], None]:
    return lambda visit: visit.go(f"{visit.scenes.given[key]}{more}")


def wrong_name_with_errors(visit: Visit) -> None:
    given(DECLINED, "name/")(visit)
    visit.page.get_by_label("What should the name be?").fill("田中")
    visit.press("Send")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def name_declined_without_a_reason(visit: Visit) -> None:
    given("waiting")(visit)
    visit.page.get_by_label("Leave the name as it is").check()
    visit.press("Save and tell them")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def zip_file_chosen(visit: Visit) -> None:
    visit.go("/certificates/given/new/")
    visit.page.get_by_label("Organisation").select_option(label="Riverside Primary School")
    visit.press("See how many there are")
    expect(visit.page.get_by_role("main")).to_contain_text("go in")


def zip_file_unchosen(visit: Visit) -> None:
    visit.go("/certificates/given/new/?organisation=&completed_from=soon")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def zip_file(visit: Visit) -> None:
    given("bundle")(visit)
    expect(visit.page.get_by_role("heading", level=1)).to_contain_text(
        "The file is ready", timeout=60_000
    )


def password_change(visit: Visit) -> None:
    visit.go("/accounts/password/change/")


def password_change_with_errors(visit: Visit) -> None:
    password_change(visit)
    visit.page.locator("main form button[type=submit]").last.click()
    expect(visit.page.get_by_role("alert")).to_be_visible()


# --- A lead's people, and those who join ----------------------------------------------------------


def our_people(*links: str) -> Callable[[Visit], None]:
    """Open the lead's people, then one link after the other."""

    def way(visit: Visit) -> None:
        visit.go("/our-people/")
        for link in links:
            main = visit.page.get_by_role("main")
            named = main.get_by_role("link", name=link).or_(main.get_by_role("button", name=link))
            named.first.click()

    return way


def enrolling(*, look_again: bool = False, send_empty: bool = False) -> Callable[[Visit], None]:
    """Choose people for the course, and look at who it will be."""

    def way(visit: Visit) -> None:
        visit.go(COURSE)
        visit.page.get_by_role("link", name="Enrol them on it").click()
        if look_again:
            visit.page.get_by_label("Everybody").or_(visit.page.get_by_label("All ")).first.check()
        if look_again or send_empty:
            visit.press("Look at who it will be")
        visit.has_heading("Enrol" if look_again else "Who takes the course?")

    return way


def invite_to_course(visit: Visit) -> None:
    visit.go(COURSE)
    visit.page.get_by_role("link", name="Invite colleagues").click()
    visit.has_heading("Invite your team to this course")


def leaving(visit: Visit) -> None:
    visit.go(f"{COURSE}leave/")
    visit.has_heading("Leave this course?")


def everyone(visit: Visit) -> None:
    visit.go("/our-people/")
    visit.page.get_by_label("Show").select_option("everyone")
    visit.press("Show")
    expect(visit.page.get_by_text("Left on")).to_be_visible()


def our_people_found(name: str) -> Callable[[Visit], None]:
    def way(visit: Visit) -> None:
        visit.go("/our-people/")
        visit.page.get_by_label("Name or e-mail address").fill(name)
        visit.press("Show")
        expect(visit.page.get_by_text("Nobody fits")).to_be_visible()

    return way


def send_empty(*links: str, button: str) -> Callable[[Visit], None]:
    def way(visit: Visit) -> None:
        our_people(*links)(visit)
        visit.press(button)
        expect(visit.page.get_by_role("alert")).to_be_visible()

    return way


def requests_to_join(*links: str) -> Callable[[Visit], None]:
    def way(visit: Visit) -> None:
        visit.go("/our-people/")
        visit.page.get_by_role("link", name="Requests to join").click()
        for link in links:
            visit.page.get_by_role("main").get_by_role("link", name=link).first.click()

    return way


def join(key: str) -> Callable[[Visit], None]:
    return lambda visit: visit.go(visit.scenes.joining[key])


def sign_up_with_a_shared_address(visit: Visit) -> None:
    visit.go("/accounts/signup/")
    fill_sign_up(visit.page, Person("office@school.example.net"))
    expect(visit.page.get_by_role("alert")).to_contain_text("More than one person")


def shared_address(visit: Visit) -> None:
    visit.go("/accounts/email/")
    visit.page.get_by_label("New e-mail address").fill("office@school.example.net")
    visit.press("Send me the code")
    expect(visit.page.get_by_role("alert")).to_contain_text("More than one person")


def agency_sign_in(visit: Visit) -> None:
    visit.go("/accounts/oidc/vale/login/")
    visit.has_heading("Sign in with Vale Council?")


def agency_down(visit: Visit) -> None:
    agency_sign_in(visit)
    visit.press("Continue")
    visit.has_heading("You could not be signed in")


def import_list(visit: Visit) -> None:
    visit.go("/accounts/login/?next=/people/imports/")
    fill_sign_in(visit.page, "coordinator@example.org", "hidden-sentence-demo")
    visit.has_heading("Imports of people")


def import_start(visit: Visit) -> None:
    import_list(visit)
    visit.press("Import people")


def import_nothing_chosen(visit: Visit) -> None:
    import_start(visit)
    visit.press("Read the file")
    expect(visit.page.get_by_role("alert")).to_be_visible()


# One row is wrong, one will be added.
SMALL_LIST = b"""Name,E-mail,Job role,Organisation,Kind,Area
Ann Able,ann.able@example.net,usher,Hill School,school,Bristol
Ben Baker,nowhere,usher,Hill School,school,Bristol
"""


def import_columns(visit: Visit) -> None:
    import_start(visit)
    visit.page.get_by_label("A list of people").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": SMALL_LIST}
    )
    visit.press("Read the file")
    visit.has_heading("Which column holds what?")
    visit.page.get_by_text("The file has no column for").click()


def import_words(visit: Visit) -> None:
    import_columns(visit)
    visit.press("Continue")
    visit.has_heading("What do these words mean here?")


def import_words_unanswered(visit: Visit) -> None:
    import_words(visit)
    visit.press("See what would change")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def import_preview(visit: Visit) -> None:
    import_words(visit)
    visit.page.get_by_label("“usher”").select_option(label="Court staff")
    visit.press("See what would change")
    visit.has_heading("What would change")


def import_how(visit: Visit) -> None:
    import_preview(visit)
    visit.press("Go on: choose how to import")
    visit.has_heading("How should we import them?")


def import_how_wrongly(visit: Visit) -> None:
    import_how(visit)
    visit.press("Import now")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def import_done(visit: Visit) -> None:
    import_how(visit)
    visit.page.get_by_label("Only the 1 good row").check()
    visit.page.get_by_label("Hold them").check()
    visit.press("Import now")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(
        "The people are imported", timeout=60_000
    )


def import_undone(visit: Visit) -> None:
    import_done(visit)
    visit.press("Undo this import")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(
        "The import is undone", timeout=60_000
    )


def import_given_up(visit: Visit) -> None:
    import_preview(visit)
    visit.press("Give up this list")
    visit.page.get_by_role("link", name="people.csv").first.click()


def import_refused(visit: Visit) -> None:
    """A workbook is so long that only a worker finds out that it is too long."""
    import_start(visit)
    rows = [[f"Ann Nr{n}", f"a{n}@example.net"] for n in range(MAX_ROWS + 1)]
    content = write_workbook(["Name", "E-mail"], rows, sheet="People")
    visit.page.get_by_label("A list of people").set_input_files(
        {"name": "all.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    visit.press("Read the file")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(
        "This file could not be read", timeout=60_000
    )


def message(visit: Visit) -> None:
    visit.go(visit.scenes.message)


def no_choice_made(visit: Visit) -> None:
    visit.go("/account/messages/")
    # A browser cannot unmake a choice: what a page from before a release would send.
    visit.page.locator("main form input[type=radio]").evaluate_all(
        "all => all.forEach(r => r.remove())"
    )
    visit.press("Save my choices")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def choices_saved(visit: Visit) -> None:
    visit.go("/account/messages/")
    visit.press("Save my choices")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def unsubscribe_asked(visit: Visit) -> None:
    visit.go(visit.scenes.unsubscribe["a stranger"])
    visit.has_heading("Stop these e-mails?")


def unsubscribe_done(visit: Visit) -> None:
    visit.go(visit.scenes.unsubscribe["somebody"])
    visit.press("Stop these e-mails")
    visit.has_heading("These e-mails have stopped")


def unsubscribe_undone(visit: Visit) -> None:
    unsubscribe_done(visit)
    visit.press("Send them again")
    visit.has_heading("These e-mails come again")


def person(name: str, then: str = "") -> Callable[[Visit], None]:
    """Open somebody in the list of people, and perhaps follow a link there."""

    def way(visit: Visit) -> None:
        visit.go(f"/people/?q={name}")
        visit.page.get_by_role("rowheader").get_by_role("link", name=name).click()
        visit.has_heading(name)
        if then:
            visit.page.get_by_role("main").get_by_text(then).first.click()
            visit.page.wait_for_load_state()

    return way


def give_role_with_errors(visit: Visit) -> None:
    person("Nadia Rahman", "Give a role")(visit)
    visit.page.get_by_label("One area").check()
    visit.press("Give this role")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def take_role_with_errors(visit: Visit) -> None:
    person("Grace Adeyemi", "Take this role")(visit)
    visit.page.get_by_label("At the end of a day").check()
    visit.press("Take this role")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def new_lesson(visit: Visit) -> None:
    visit.go("/courses/behind/")
    visit.page.locator("#new-1-status").locator("xpath=..").get_by_role("link").click()
    expect(visit.page.get_by_role("main")).to_contain_text("added after you began")


def withdrawn_lesson(visit: Visit) -> None:
    visit.go("/courses/behind/")
    visit.page.locator("#module-1-2-status").locator("xpath=..").get_by_role("link").click()
    expect(visit.page.get_by_role("main")).to_contain_text("no longer part of the course")


def learner_record(*links: str, send_empty: bool = False) -> Callable[[Visit], None]:
    """Open the reader's record in the list of learners, and perhaps a repair in it."""

    def way(visit: Visit) -> None:
        visit.go(f"/learning/?q={READER}")
        visit.page.get_by_role("rowheader").get_by_role("link").first.click()
        for name in links:
            visit.page.get_by_role("main").get_by_role("link", name=name).first.click()
            visit.page.wait_for_load_state()
        if send_empty:
            visit.page.get_by_role("main").locator("form button[type=submit]").click()
            expect(visit.page.get_by_role("alert")).to_be_visible()

    return way


def lost_second_step(visit: Visit) -> None:
    """Open the page by its address: nobody of the demo has a second step to lose."""
    person("Grace Adeyemi")(visit)
    visit.page.goto(f"{visit.page.url}second-step/forget/")
    visit.has_heading("Forget their second steps")


def account_to_close(visit: Visit) -> None:
    person("Grace Adeyemi")(visit)
    visit.page.get_by_role("link", name="Close their account").click()
    visit.has_heading("Close their account")
    visit.page.get_by_role("button", name="Close their account").click()
    expect(visit.page.get_by_role("alert")).to_be_visible()


def account_to_open(visit: Visit) -> None:
    """By its address: nobody's account is closed in the demo."""
    person("Grace Adeyemi")(visit)
    visit.page.goto(f"{visit.page.url}open/")
    visit.has_heading("Open their account again")


def profile_with_errors(visit: Visit) -> None:
    visit.go("/account/profile/")
    visit.page.get_by_label("Full name").fill("<>")
    visit.press("Save")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def held_opened(visit: Visit) -> None:
    visit.go("/account/held/")
    for more in visit.page.locator("details summary").filter(has_text="Show it").all():
        more.click()


MESSAGE_TEXT = "/cms/message-texts/certificates.certificate_ready/"


def text_with_errors(visit: Visit) -> None:
    visit.go(MESSAGE_TEXT)
    visit.page.locator("#id_body").fill("Dear {{ holder_nmae }}")
    visit.press("Preview")
    expect(visit.page.get_by_text("Did you mean")).to_be_visible()


def assessment(key: str) -> Callable[[Visit], None]:
    return lambda visit: visit.go(visit.scenes.assessment[key])


def half_an_order(visit: Visit) -> None:
    assessment("order")(visit)
    visit.page.locator("main form select").first.select_option("1")
    visit.press("Save and go on")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def hand_in_unanswered(visit: Visit) -> None:
    assessment("hand-in")(visit)
    visit.press("Hand in my answers")
    visit.has_heading("Hand in as it is?")


def every_block(visit: Visit) -> None:
    visit.go(visit.scenes.every_block)


def erase_reflection(visit: Visit) -> None:
    every_block(visit)
    visit.page.get_by_label("What you think").fill(f"A thought at {time.monotonic_ns()}")
    expect(visit.page.locator("[data-saved]")).to_contain_text("Saved at")
    visit.go("/my-learning/reflections/")
    visit.page.get_by_role("link", name="Erase").click()
    visit.has_heading("Erase what you wrote here?")


PACKS = "/cms/course-packs/"


def looked_at(visit: Visit, **changed: str) -> None:
    """Upload a pack of the small course, and look at what it would do."""
    upload(visit.page, visit.site.address(PACKS), pack(**changed))


def pack_of_a_new_course(visit: Visit) -> None:
    looked_at(visit)
    expect(visit.page.get_by_role("main")).to_contain_text("would be")


def pack_imported(visit: Visit) -> None:
    looked_at(visit, first=f"Words {time.monotonic_ns()}")
    visit.press("Import and publish")
    expect(visit.page.get_by_role("main")).to_contain_text("is imported")


def pack_of_changes(visit: Visit) -> None:
    pack_imported(visit)
    looked_at(visit, minutes="25", first="Others")
    expect(visit.page.get_by_role("main")).to_contain_text("would be changed")


def pack_of_nothing(visit: Visit) -> None:
    pack_imported(visit)
    looked_at(visit, first="Settled")
    visit.press("Import and publish")
    looked_at(visit, first="Settled")
    expect(visit.page.get_by_role("main")).to_contain_text("Nothing would change")


def pack_refused(visit: Visit) -> None:
    looked_at(visit, minutes="many", name="minuets")
    expect(visit.page.get_by_role("main")).to_contain_text("2 things are wrong")


def pack_forgotten(visit: Visit) -> None:
    visit.go(PACKS)
    visit.press("Upload and look")
    expect(visit.page.get_by_role("main")).to_contain_text("Choose a file.")


def tested_course(visit: Visit) -> None:
    """Begin a test and stay on the course; every visit begins it afresh."""
    visit.go(f"{COURSE}test/")
    visit.page.get_by_role("main").locator("form button[type=submit]").click()
    expect(visit.page.get_by_role("region", name="Test")).to_contain_text("This is a test.")


# --- CPD record and evaluation ---


def cpd_entry_with_errors(visit: Visit) -> None:
    visit.go("/my-learning/cpd/add/")
    visit.press("Add it to my record")
    expect(visit.page.get_by_role("alert")).to_be_visible()


def cpd_pdf(visit: Visit) -> None:
    visit.go("/my-learning/cpd/")
    visit.press("Make a PDF")
    visit.has_heading("Your PDF is ready")


def cpd_entry(*then: str) -> Callable[[Visit], None]:
    """Add an entry to somebody's record, and follow links from there."""

    def way(visit: Visit) -> None:
        visit.go("/my-learning/cpd/add/")
        page, main = visit.page, visit.page.get_by_role("main")
        page.get_by_label("What did you do?").fill("A talk in the town hall")
        page.get_by_label("Kind of activity").select_option(label="Something else")
        page.get_by_label("On which day, or from which day?").fill("3/5/2025")
        page.get_by_label("Hours").fill("1")
        page.get_by_label("What did you learn?").fill("To wait before I ask.")
        visit.press("Add it to my record")
        visit.has_heading("My CPD record")
        for name in then:
            main.get_by_role("link", name=name).first.click()

    return way


def evaluation_question(number: int, *, press: str = "") -> Callable[[Visit], None]:
    def way(visit: Visit) -> None:
        visit.go(f"{COURSE}evaluation/")
        begun = visit.page.get_by_role("button", name=re.compile("^(Begin|Go on)$"))
        begun.click()
        visit.press("Save and see all your answers")
        links = visit.page.get_by_role("main").locator(".govuk-task-list__link")
        links.nth(number).click()
        if press:
            visit.press(press)
            expect(visit.page.get_by_role("alert")).to_be_visible()

    return way


def evaluation_so_far(visit: Visit) -> None:
    evaluation_question(0)(visit)
    visit.press("Save and see all your answers")
    expect(visit.page.get_by_role("main")).to_contain_text("Your answers so far")


SCREENS = [
    Screen("home", at("/")),
    Screen("catalogue", at("/courses/")),
    Screen("catalogue, found", at("/courses/?q=families+court&route=online")),
    Screen("catalogue, nothing found", at("/courses/?q=zeppelin")),
    Screen("catalogue, asked wrongly", at("/courses/?audience=nobody"), refuses=(422,)),
    Screen("course", at(COURSE)),
    Screen("style guide", at("/styleguide/")),
    Screen("no such page", at("/there-is-no-such-page/"), refuses=(404,)),
    Screen("too many tries", too_many_tries, refuses=(429,)),
    Screen("not allowed", at("/cms/"), NEWCOMER, refuses=(403,)),
    # Coming in
    Screen("sign in", at("/accounts/login/")),
    Screen("sign in, nothing typed", sign_in_empty),
    Screen("sign in, wrong password", sign_in_wrong),
    Screen("sign up", at("/accounts/signup/")),
    Screen("sign up with errors", sign_up_with_errors),
    Screen("sign up with a shared address", sign_up_with_a_shared_address),
    Screen("sign in with an agency", agency_sign_in),
    Screen("sign in with an agency that is down", agency_down, refuses=(401,)),
    Screen("agency, changed one's mind", at("/accounts/3rdparty/login/cancelled/")),
    Screen("agency, not signed in", at("/accounts/3rdparty/login/error/"), refuses=(401,)),
    Screen("code for an address", address_code),
    Screen("code for an address, wrong", wrong_address_code),
    Screen("ask for a code", ask_for_code),
    Screen("ask for a code, nothing typed", ask_for_code_wrongly),
    Screen("code to sign in", sign_in_code),
    Screen("new password", at("/accounts/password/reset/")),
    Screen("new password, nothing typed", reset_wrongly),
    Screen("new password, asked for", reset_asked),
    Screen("new password, from the mail", reset_from_mail),
    Screen("new password, from the mail, too short", reset_from_mail_wrongly),
    Screen("new password, link too old", at("/accounts/password/reset/key/1-abc-def/")),
    Screen("new password, done", at("/accounts/password/reset/key/done/")),
    # Checking a certificate
    Screen("check", at("/check/")),
    Screen("check, nothing typed", at("/check/?code="), refuses=(422,)),
    Screen("check, not a code", at("/check/?code=hello"), refuses=(404,)),
    Screen("check, unknown code", at("/check/0000-0000-0000/"), refuses=(404,)),
    Screen("check, valid", code_page("valid")),
    Screen("check, expired", code_page("expired")),
    Screen("check, replaced", code_page("replaced")),
    Screen("check, revoked", code_page("revoked")),
    Screen("check, no name typed", compare_name(""), refuses=(422,)),
    Screen("check, the name matches", compare_name("lukasz nandu sian")),
    Screen("check, the name does not match", compare_name("Somebody Else")),
    # Stopping e-mails, from one of them
    Screen("unsubscribe, undone", unsubscribe_undone),
    Screen("unsubscribe, asked", unsubscribe_asked),
    Screen("unsubscribe, done", unsubscribe_done),
    Screen("unsubscribe, altered link", at("/messages/unsubscribe/x/"), refuses=(404,)),
    # A person's own pages
    Screen("messages, empty", at("/messages/"), NEWCOMER),
    Screen("messages", at("/messages/"), INFORMED),
    Screen("message", message, INFORMED),
    Screen("which messages", at("/account/messages/"), INFORMED),
    Screen("which messages, saved", choices_saved, INFORMED),
    Screen("which messages, none chosen", no_choice_made, INFORMED, refuses=(422,)),
    Screen("my learning, empty", at("/my-learning/"), NEWCOMER),
    Screen("my certificates, empty", at("/certificates/"), NEWCOMER),
    Screen("course, signed in", at(COURSE), NEWCOMER),
    Screen("my learning, account menu", account_menu_open, NEWCOMER),
    Screen("my learning, main menu", main_menu_open, NEWCOMER),
    Screen("sign out", at("/accounts/logout/"), NEWCOMER),
    Screen("change password", password_change, NEWCOMER),
    Screen("change password with errors", password_change_with_errors, NEWCOMER),
    Screen("sign-in and security", at("/account/security/"), NEWCOMER),
    Screen("devices", at("/account/security/devices/"), NEWCOMER),
    Screen("new address", at("/accounts/email/"), NEWCOMER),
    Screen("new address, a shared one", shared_address, NEWCOMER),
    Screen("second step", at("/account/security/second-step/"), NEWCOMER),
    Screen("passkeys, none yet", at("/accounts/2fa/webauthn/"), NEWCOMER),
    Screen("accounts elsewhere, none yet", at("/accounts/3rdparty/"), NEWCOMER),
    Screen("my learning, under way", at("/my-learning/"), READER),
    Screen("course, under way", what_is_left, READER),
    Screen("lesson, finished", lesson(1), READER),
    Screen("lesson, under way", lesson(2), READER),
    Screen("my learning, completed", at("/my-learning/"), GRADUATE),
    Screen("course, completed", at(COURSE), GRADUATE),
    Screen("completed", at(f"{COURSE}completed/"), GRADUATE),
    Screen("my certificates", at("/certificates/"), GRADUATE),
    Screen("certificate", certificate, GRADUATE),
    # An assessment
    Screen("course with an assessment", at(ASSESSED), UNBEGUN),
    Screen("assessment, not begun", assessment("start"), UNBEGUN),
    Screen("assessment, begun", assessment("start"), SITTING),
    Screen("assessment, one right answer", assessment("single"), SITTING),
    Screen("assessment, several right answers", assessment("several"), SITTING),
    Screen("assessment, true or false", assessment("true_false"), SITTING),
    Screen("assessment, put in order", assessment("order"), SITTING),
    Screen("assessment, half an order", half_an_order, SITTING, refuses=(422,)),
    Screen("assessment, match", assessment("match"), SITTING),
    Screen("assessment, short answer", assessment("short"), SITTING),
    Screen("assessment, before handing in", assessment("hand-in"), SITTING),
    Screen("assessment, unanswered", hand_in_unanswered, SITTING, refuses=(422,)),
    Screen("assessment, results failed", assessment("failed"), FAILING),
    Screen("assessment, failed, to try again", assessment("start"), FAILING),
    Screen("assessment, results passed", assessment("passed"), PASSING),
    Screen("assessment, passed", assessment("start"), PASSING),
    Screen("assessment, results completed", assessment("completed"), COMPLETED),
    of_demo("assessment, preview", assessment("preview"), "editor"),
    of_demo("how questions do, an assessment", at(f"{ASSESSED}questions/"), "editor"),
    Screen("wrong name", given(DECLINED, "name/"), DECLINED),
    Screen("wrong name with errors", wrong_name_with_errors, DECLINED, refuses=(422,)),
    Screen("certificate with a name to correct", given(WAITER), WAITER),
    Screen("my certificates, with a name to correct", at("/certificates/"), WAITER),
    Screen("certificate with a name that stays", given(DECLINED), DECLINED),
    # Certificates of others
    Screen("names to correct, none", at("/certificates/given/names/"), QUIET_DESK),
    of_demo("names to correct", at("/certificates/given/names/"), "coordinator"),
    of_demo("names answered", at("/certificates/given/names/?show=answered"), "coordinator"),
    of_demo("a name to correct", given("waiting"), "coordinator"),
    of_demo("a name without a reason", name_declined_without_a_reason, "coordinator", 422),
    of_demo("a name that was declined", given("declined"), "coordinator"),
    Screen("zip files, none", at("/certificates/given/"), QUIET_DESK),
    of_demo("zip files", at("/certificates/given/"), "lead"),
    of_demo("zip file, choose", at("/certificates/given/new/"), "lead"),
    of_demo("zip file, chosen", zip_file_chosen, "lead"),
    of_demo("zip file, chosen wrongly", zip_file_unchosen, "lead", 422),
    of_demo("zip file", zip_file, "lead"),
    # A lead's people
    of_demo("our people", our_people(), "lead"),
    of_demo("our people, everyone", everyone, "lead"),
    of_demo("our people, nobody fits", our_people_found("zzz"), "lead"),
    of_demo("one of our people", our_people("Priya Nair"), "lead"),
    of_demo("make champion", our_people("Priya Nair", "Make them the champion"), "lead"),
    of_demo("end champion", our_people("Helen Marsh", "End their time as champion"), "lead"),
    of_demo("they have left", our_people("Priya Nair", "Say that they have left"), "lead"),
    of_demo("invitations", our_people("Invitations"), "lead"),
    of_demo("team link", our_people("Invitations", "Link for a team"), "lead"),
    of_demo("invite one person", our_people("Invite one person"), "lead"),
    of_demo(
        "invite one person, nothing typed",
        send_empty("Invite one person", button="Send the invitation"),
        "lead",
        422,
    ),
    of_demo("invite a team", our_people("Make a link for a team"), "lead"),
    of_demo(
        "invite a team, nothing typed",
        send_empty("Make a link for a team", button="Make the link"),
        "lead",
        422,
    ),
    of_demo("course, to be shared by a lead", at(COURSE), "lead"),
    of_demo("courses of our people", our_people("Courses"), "lead"),
    of_demo("enrol people", our_people("Courses", "Enrol people on a course"), "lead"),
    of_demo("choose people", enrolling(), "lead"),
    of_demo("choose people, nobody chosen", enrolling(send_empty=True), "lead", 422),
    of_demo("look again before enrolling", enrolling(look_again=True), "lead"),
    of_demo("invite a team to a course", invite_to_course, "lead"),
    Screen("leave a course", leaving, READER),
    of_demo("requests to join", requests_to_join(), "lead"),
    of_demo("decline a request", requests_to_join("Decline"), "lead"),
    of_demo("organisations", at("/organisations/"), "coordinator"),
    of_demo("organisations, none fits", at("/organisations/?q=zzz"), "coordinator"),
    # Joining
    Screen("join a team, signed out", join("team")),
    Screen("join a team", join("team"), NEWCOMER),
    Screen("join, sent to another address", join("single"), NEWCOMER),
    Screen("join, signed out", join("single")),
    Screen("join, imported", join("imported")),
    Screen("join, withdrawn", join("withdrawn"), refuses=(410,)),
    Screen("join, altered", at("/join/abc:def/"), refuses=(404,)),
    Screen("joined", join("done"), MEMBER),
    Screen("my organisation, none", at("/account/organisation/"), NEWCOMER),
    Screen("my organisation, found", at("/account/organisation/?q=school"), NEWCOMER),
    Screen("my organisation, too short", at("/account/organisation/?q=a"), NEWCOMER, "", (422,)),
    Screen("my organisation", at("/account/organisation/"), MEMBER),
    Screen("leave an organisation", join("leave"), MEMBER),
    # Importing people
    Screen("import, none yet", import_list),
    Screen("import, start", import_start),
    Screen("import, nothing chosen", import_nothing_chosen, refuses=(422,)),
    Screen("import, columns", import_columns),
    Screen("import, words", import_words),
    Screen("import, words unanswered", import_words_unanswered, refuses=(422,)),
    Screen("import, preview", import_preview),
    Screen("import, how", import_how),
    Screen("import, how unanswered", import_how_wrongly, refuses=(422,)),
    Screen("import, undone", import_undone),
    Screen("import, done", import_done),
    Screen("import, given up", import_given_up),
    Screen("import, refused by a worker", import_refused),
    # People and roles
    of_demo("people", at("/people/"), "admin"),
    of_demo("people, nobody fits", at("/people/?q=zzz"), "admin"),
    of_demo("people, asked wrongly", at("/people/?area=x"), "admin", 422),
    of_demo("a person", person("Nadia Rahman"), "admin"),
    of_demo("a person with roles", person("Grace Adeyemi"), "admin"),
    of_demo("give a role", person("Nadia Rahman", "Give a role"), "admin"),
    of_demo("give a role with errors", give_role_with_errors, "admin", 422),
    of_demo("how a course does", at(f"{COURSE}figures/"), "editor"),
    of_demo("how a course does, asked wrongly", at(f"{COURSE}figures/?since=x"), "editor", 422),
    of_demo("how a course does, nobody fits", at(f"{COURSE}figures/?until=2001-01-01"), "editor"),
    of_demo("test a course", at(f"{COURSE}test/"), "editor"),
    of_demo("a course being tested", tested_course, "editor"),
    of_demo("how questions do", at(f"{COURSE}questions/"), "editor"),
    Screen("lesson, hard to read, with every block", every_block, LOOKS),
    Screen("erase a reflection", erase_reflection, LOOKS),
    Screen("reflections", at("/my-learning/reflections/"), LOOKS),
    Screen("reflections, none yet", at("/my-learning/reflections/"), NEWCOMER),
    of_demo("an account to close", account_to_close, "admin", 422),
    of_demo("an account to open again", account_to_open, "admin"),
    of_demo("second steps lost", lost_second_step, "admin"),
    of_demo("take a role", person("Grace Adeyemi", "Take this role"), "admin"),
    of_demo("take a role with errors", take_role_with_errors, "admin", 422),
    Screen("who may do what", at("/permissions/"), NEWCOMER),
    # Learners
    of_demo("learners", at("/learning/"), "coordinator"),
    of_demo("learners, nobody fits", at("/learning/?q=zzz"), "coordinator"),
    of_demo("learners, asked wrongly", at("/learning/?state=x"), "coordinator", 422),
    of_demo("a learner's record", learner_record(), "coordinator"),
    of_demo("a repair", learner_record("Withdraw them"), "coordinator"),
    of_demo(
        "a repair without a reason",
        learner_record("Withdraw them", send_empty=True),
        "coordinator",
        422,
    ),
    Screen("course with a newer version", at("/courses/behind/"), BEHIND),
    Screen("lesson, new and optional", new_lesson, BEHIND),
    Screen("lesson, withdrawn since", withdrawn_lesson, BEHIND),
    Screen("move up to a new version", at("/courses/behind/move-up/"), BEHIND),
    of_demo("versions of a course", at(f"{COURSE}versions/"), "editor"),
    # CPD record and evaluation
    Screen("CPD record, empty", at("/my-learning/cpd/"), NEWCOMER),
    Screen("CPD record", at("/my-learning/cpd/"), GRADUATE),
    Screen("CPD record, with an entry", cpd_entry(), GRADUATE),
    Screen("CPD entry", at("/my-learning/cpd/add/"), NEWCOMER),
    Screen("CPD entry with errors", cpd_entry_with_errors, NEWCOMER, refuses=(422,)),
    Screen("CPD entry, changed", cpd_entry("Change A talk"), GRADUATE),
    Screen("CPD entry, deleted", cpd_entry("Delete"), GRADUATE),
    Screen("CPD year", at("/my-learning/cpd/year/"), NEWCOMER),
    Screen("PDF of a CPD record", cpd_pdf, GRADUATE),
    Screen("evaluation", at(f"{COURSE}evaluation/"), GRADUATE),
    Screen("evaluation, a rating", evaluation_question(0), GRADUATE),
    Screen("evaluation, confidence", evaluation_question(1), GRADUATE),
    Screen("evaluation, a choice", evaluation_question(2), GRADUATE),
    Screen("evaluation, their own words", evaluation_question(5), GRADUATE),
    Screen("evaluation, so far", evaluation_so_far, GRADUATE),
    Screen(
        "evaluation, unanswered",
        evaluation_question(1, press="Save and go on"),
        GRADUATE,
        refuses=(422,),
    ),
    of_demo("evaluations", at("/evaluations/"), "trainer"),
    of_demo("results of an evaluation", at(f"{COURSE}evaluation/results/"), "trainer"),
    # A person's own account
    Screen("your account", at("/account/"), NEWCOMER),
    of_demo("your account, with a role", at("/account/"), "volunteer"),
    Screen("profile", at("/account/profile/"), NEWCOMER),
    Screen("profile with errors", profile_with_errors, NEWCOMER, refuses=(422,)),
    Screen("what is held", held_opened, GRADUATE),
    # Messages, for whoever looks after them
    Screen("outbox", at("/outbox/"), DESK),
    Screen("outbox, returned", at("/outbox/?show=returned"), DESK),
    Screen("outbox, nothing found", at("/outbox/?show=all&words=nobody"), DESK),
    Screen("outbox, empty", at("/outbox/"), QUIET_DESK),
    Screen("texts of messages", at("/cms/message-texts/"), DESK),
    Screen("text of a message", at(MESSAGE_TEXT), DESK),
    Screen("text of a message, with errors", text_with_errors, DESK, refuses=(422,)),
    Screen("text of a message, original", at(f"{MESSAGE_TEXT}original/"), DESK),
    # Course packs
    of_demo("pack, upload", at(PACKS), "editor"),
    of_demo("pack, no file", pack_forgotten, "editor", 422),
    of_demo("pack of a new course", pack_of_a_new_course, "editor"),
    of_demo("pack of changes", pack_of_changes, "editor"),
    of_demo("pack of nothing new", pack_of_nothing, "editor"),
    of_demo("pack refused", pack_refused, "editor"),
    of_demo("pack imported", pack_imported, "editor"),
]


def one_time_code(key: str) -> str:
    """Make the code that an authenticator app shows now (RFC 6238)."""
    secret = base64.b32decode(key.upper() + "=" * (-len(key) % 8))
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.digest(secret, counter, "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
