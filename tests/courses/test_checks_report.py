"""The report of a course in the admin: its drafts, its links, and what is said on publishing."""

import datetime
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.enums import Role
from accounts.services import grant_role
from courses.models import AssessmentPage, CoursePage, LessonPage, LinkCheck, ModulePage
from courses.queries.findings import report_of, urls_in
from courses.services.fetching import Reach, is_public, problem_with_answer
from courses.services.links import (
    LinkChecksOff,
    NothingToAsk,
    ask_about_links,
    look_at_links,
)
from tests.courses.test_editing import lesson_form, save
from tests.factories.accounts import UserFactory
from tests.factories.courses import NOW, FactFactory
from tests.factories.pages import (
    make_lesson_page,
    make_module_page,
    make_published_course,
    publish,
    single,
)

pytestmark = pytest.mark.django_db

ON = NOW.date()
LINK = '<p><a href="https://example.org/a">The guide</a></p>'
GONE = '<a linktype="page" id="9999">The list</a>'
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def editor(client):
    client.user = UserFactory()
    grant_role(user=client.user, role=Role.EDITOR, now=NOW, starts_on=NOW.date())
    client.force_login(client.user)
    return client


def text(response):
    return " ".join(strip_tags(response.content.decode()).split())


def found(page):
    return [
        (each.title, row.finding.kind) for each in report_of(page, on=ON).pages for row in each.rows
    ]


class TestReport:
    def test_a_course_without_faults_says_nothing(self):
        page = make_published_course(body=[single()])
        report = report_of(page, on=ON)
        assert (report.sentence, len(report.pages)) == ("", 3)

    def test_drafts_are_looked_through_as_they_would_be_published(self):
        page = make_published_course(body=[single()])
        lesson = LessonPage.objects.get()
        lesson.title = "As drafted"
        lesson.body = [single(), ("text", "<h3>Too deep</h3>")]
        lesson.save_revision()
        assert found(page) == [("As drafted", "heading-jumps")]
        assert found(LessonPage.objects.get()) == [("As drafted", "heading-jumps")]

    def test_a_page_that_has_no_revision_is_read_as_it_is(self):
        page = make_published_course(body=[single(), ("text", "<h3>Too deep</h3>")])
        CoursePage.objects.update(latest_revision=None)
        LessonPage.objects.update(latest_revision=None)
        assert found(CoursePage.objects.get(pk=page.pk)) == [("Lesson 1", "heading-jumps")]

    def test_what_is_empty_or_never_asked(self):
        page = make_published_course(body=[("text", "<p>Words.</p>")])
        make_module_page(page, title="Nothing in it")
        assert found(page) == [
            ("A course", "outcome-not-asked"),
            ("Nothing in it", "module-empty"),
        ]
        LessonPage.objects.get().delete()
        assert ("A course", "course-empty") in found(CoursePage.objects.get(pk=page.pk))

    def test_where_there_is_an_assessment_its_bank_must_ask(self):
        page = make_published_course(body=[single()])
        bank = AssessmentPage(title="The end", draw_count=1, pass_mark=75, live=False)
        kind, value = single()
        bank.bank = [(kind, value | {"outcome": "other"})]
        page.add_child(instance=bank)
        assert found(page) == [("A course", "outcome-not-asked")]

    def test_a_finding_leads_to_its_block(self):
        make_published_course(body=[("text", "<h3>Too deep</h3>")])
        lesson = LessonPage.objects.get()
        (row,) = report_of(lesson, on=ON).pages[0].rows
        url = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
        assert row.url == f"{url}#:w:contentpath=body.{lesson.body[0].id}"
        assert row.where == "Text, block 1"

    def test_a_fact_past_its_review_is_named(self):
        fact = FactFactory(checked_on=ON - 9 * HOUR * 24, review_on=ON - HOUR * 24, title="Line")
        make_published_course(body=[("register_fact", {"entry": fact}), single()])
        (row,) = report_of(LessonPage.objects.get(), on=ON).pages[0].rows
        assert (row.finding.kind, row.finding.words) == ("fact-past-review", "Line")

    @pytest.mark.parametrize("lessons", [1, 3, 30])
    def test_eight_queries_however_many_lessons(self, lessons, django_assert_num_queries):
        fact = FactFactory()
        body = [
            ("text", f'{LINK}<p><a linktype="page" id="1">Home of all</a></p>'),
            ("text", '<p><a linktype="document" id="1">The form</a></p>'),
            ("register_fact", {"entry": fact}),
            single(),
        ]
        page = make_published_course(body=body)
        module = ModulePage.objects.get()
        for number in range(1, lessons):
            make_lesson_page(module, body=body, title=f"More {number}")
        with django_assert_num_queries(8):
            assert len(report_of(page, on=ON).pages) == lessons + 2


class TestAdmin:
    def test_the_report_is_reached_from_the_editor_and_the_list(self, editor):
        page = make_published_course(body=[("text", "<h3>Too deep</h3>")])
        lesson = LessonPage.objects.get()
        url = reverse("courses_checks", args=[lesson.pk])
        assert url in editor.get(f"/cms/pages/{lesson.pk}/edit/").content.decode()
        assert url in editor.get(f"/cms/pages/{lesson.get_parent().pk}/").content.decode()
        whole = reverse("courses_checks", args=[page.pk])
        assert whole in editor.get(f"/cms/pages/{page.pk}/edit/").content.decode()
        shown = text(editor.get(url))
        assert "A heading is two steps below the one before it." in shown
        assert "None of it keeps you from publishing." in shown
        assert whole in editor.get(url).content.decode()

    def test_a_page_that_is_no_course_has_none(self, editor):
        page = make_published_course()
        assert editor.get(reverse("courses_checks", args=[page.get_parent().pk])).status_code == 404
        assert editor.get(reverse("courses_checks", args=[99999])).status_code == 404

    def test_publishing_says_what_there_is_to_look_at(self, editor):
        make_published_course(body=[("text", "<h3>Too deep</h3>")])
        lesson = LessonPage.objects.get()
        quote = ("quote", {"text": f"<p>{'x' * 9} {GONE}</p>", "who": "A mother"})
        response = save(editor, lesson, lesson_form(quote))
        assert "Checks of “A lesson”: 1 thing to look at" in text(response)
        quote = ("quote", {"text": "<p>All is well.</p>", "who": "A mother"})
        response = save(editor, lesson, lesson_form(quote))
        assert "to look at" not in text(response)

    def test_asking_about_links_and_asking_again(self, editor):
        page = make_published_course(body=[("text", LINK)])
        url = reverse("courses_checks", args=[page.pk])
        assert "One was never asked whether it answers." in text(editor.get(url))
        assert "1 web address is being asked." in text(editor.post(url, follow=True))
        assert "One is being asked." in text(editor.get(url))
        assert "looked at within the last hour" in text(editor.post(url, follow=True))
        LinkCheck.objects.update(checked_at=timezone.now(), problem="It did not answer.")
        shown = text(editor.get(url))
        assert "A web address did not answer as it should" in shown
        assert "https://example.org/a" in shown

    def test_where_links_are_not_asked_there_is_no_button(self, editor, settings):
        settings.LINK_CHECKS = False
        page = make_published_course(body=[("text", LINK)])
        url = reverse("courses_checks", args=[page.pk])
        assert "Ask whether they answer" not in text(editor.get(url))
        assert "does not ask other sites" in text(editor.post(url, follow=True))
        assert not LinkCheck.objects.exists()


class TestAsking:
    def test_what_is_new_or_old_is_asked_and_what_is_fresh_is_not(self):
        LinkCheck.objects.create(url="https://fresh.org/", asked_at=NOW, checked_at=NOW)
        LinkCheck.objects.create(url="https://old.org/", asked_at=NOW - HOUR, checked_at=NOW - HOUR)
        LinkCheck.objects.create(url="https://waits.org/", asked_at=NOW - HOUR)
        urls = [f"https://{name}.org/" for name in ("fresh", "old", "waits", "new")]
        too_long = "https://long.org/" + "x" * 500
        assert ask_about_links(urls=[*urls, too_long], now=NOW) == 2
        waiting = LinkCheck.objects.waiting().values_list("url", flat=True)
        assert sorted(waiting) == [f"https://{n}.org/" for n in ("new", "old", "waits")]
        with pytest.raises(NothingToAsk):
            ask_about_links(urls=urls, now=NOW)

    def test_it_can_be_left_off(self, settings):
        settings.LINK_CHECKS = False
        with pytest.raises(LinkChecksOff):
            ask_about_links(urls=["https://a.org/"], now=NOW)
        LinkCheck.objects.create(url="https://waits.org/", asked_at=NOW)
        assert look_at_links(now=NOW) == 0
        assert LinkCheck.objects.waiting().exists()

    def test_urls_of_a_course_are_those_of_other_sites(self):
        words = '<p><a href="mailto:a@b.org">W</a> <a href="https://127.0.0.1/">N</a></p>'
        page = make_published_course(body=[("text", LINK + words)])
        page.description = '<p><a href="https://example.net/">Theirs</a></p>'
        publish(page)
        assert urls_in(page) == {"https://example.org/a", "https://example.net/"}


PUBLIC = ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"]
NOT_PUBLIC = [
    "127.0.0.1",
    "0.0.0.0",  # noqa: S104 - looked at, not listened on
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]


@pytest.mark.parametrize("number", PUBLIC)
def test_what_is_on_the_public_internet(number):
    assert is_public(ip_address(number))


@pytest.mark.parametrize("number", NOT_PUBLIC)
def test_what_is_not_is_never_asked(number):
    assert not is_public(ip_address(number))
    said = problem_with_answer("https://site.example/", reach=Reach(resolve=lambda h, p: [number]))
    assert "not on the public internet" in said


class Answering(BaseHTTPRequestHandler):
    """Answers by the path that is asked for, and keeps what was asked."""

    def do_HEAD(self):
        self.server.asked.append((self.command, self.path))
        path, _sep, target = self.path.partition("?to=")
        target = self.path if target == "itself" else target
        status = int(path.strip("/").split("-")[0] or 200)
        if path.endswith("-get") and self.command == "GET":
            status = 200
        self.send_response(status)
        if target:
            self.send_header("Location", target)
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - the name http.server asks for

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    running = HTTPServer(("127.0.0.1", 0), Answering)
    running.asked = []
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


class TestAnswers:
    """A server of the test's own on this computer, which its reach alone allows."""

    def ask(self, server, path, **fields):
        self.port = server.server_address[1]
        names = {"here.example": "127.0.0.1", "inside.example": "10.0.0.1"}
        reach = Reach(
            resolve=lambda host, port: [names[host]],
            is_allowed=lambda number: str(number) == "127.0.0.1",
            ports=frozenset({self.port}),
            **fields,
        )
        return problem_with_answer(f"http://here.example:{self.port}{path}", reach=reach)

    def test_an_address_that_answers(self, server):
        assert self.ask(server, "/200") == ""
        assert server.asked == [("HEAD", "/200")]

    @pytest.mark.parametrize("path", ["/404", "/410", "/500"])
    def test_an_address_that_does_not(self, server, path):
        assert path.strip("/") in self.ask(server, path)

    @pytest.mark.parametrize("path", ["/404-get", "/403-get", "/405-get"])
    def test_some_answer_a_whole_request_only(self, server, path):
        assert self.ask(server, path) == ""
        assert [method for method, _path in server.asked] == ["HEAD", "GET"]

    @pytest.mark.parametrize("path", ["/401", "/403", "/429", "/503"])
    def test_what_is_kept_from_machines_is_not_called_broken(self, server, path):
        assert self.ask(server, path) == ""

    def test_a_redirect_is_followed(self, server):
        assert self.ask(server, "/302?to=/200") == ""
        assert self.ask(server, "/302?to=/404") != ""

    def test_not_for_ever(self, server):
        assert "without an end" in self.ask(server, "/302?to=itself")
        assert len(server.asked) == 5

    @pytest.mark.parametrize(
        "target",
        [
            "http://inside.example:{port}/200",
            "http://10.0.0.1:{port}/200",
            "http://127.0.0.1:{port}/200",
            "file:///etc/passwd",
            "http://here.example:1/200",
        ],
    )
    def test_a_redirect_is_judged_like_the_address_itself(self, server, target):
        port = server.server_address[1]
        assert self.ask(server, f"/302?to={target.format(port=port)}") != ""
        assert [path for _method, path in server.asked] == [f"/302?to={target.format(port=port)}"]

    def test_another_port_is_not_asked(self, server):
        port = server.server_address[1]
        reach = Reach(resolve=lambda h, p: ["127.0.0.1"], is_allowed=lambda n: True)
        said = problem_with_answer(f"http://here.example:{port}/200", reach=reach)
        assert "not at a usual port" in said
        assert server.asked == []

    def test_nobody_there(self):
        reach = Reach(
            resolve=lambda h, p: ["127.0.0.1"],
            is_allowed=lambda n: True,
            ports=frozenset({1}),
        )
        assert problem_with_answer("http://here.example:1/", reach=reach) == "It did not answer."

    def test_no_such_name(self):
        def unknown(host, port):
            raise OSError

        said = problem_with_answer("http://here.example/", reach=Reach(resolve=unknown))
        assert said == "There is no site of this name."

    def test_what_came_of_it_is_kept_with_its_time(self, server):
        port = server.server_address[1]
        reach = Reach(
            resolve=lambda h, p: ["127.0.0.1"],
            is_allowed=lambda n: True,
            ports=frozenset({port}),
        )
        for path in ("200", "404"):
            url = f"http://here.example:{port}/{path}"
            LinkCheck.objects.create(url=url, asked_at=NOW - HOUR)
        assert look_at_links(now=NOW, reach=reach) == 0
        kept = LinkCheck.objects.order_by("url").values_list("checked_at", "problem")
        assert [moment for moment, _problem in kept] == [NOW, NOW]
        assert [bool(problem) for _moment, problem in kept] == [False, True]
