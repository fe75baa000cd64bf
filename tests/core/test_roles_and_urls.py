"""Role × address: who gets what from every address of ours.

To add a route: one line in ROUTES. `{name}` in an address is an attribute of `Scene`, whose records
belong to the organisation of `lead`; `other_lead` leads another one and `other_area` coordinates
another area, so that in their columns 404 is the answer to somebody else's record. A route without
a line fails.
"""

import datetime
import re
import uuid

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone

from accounts.enums import MembershipKind, Role
from accounts.models import PeopleImport, User
from accounts.services import grant_role, sync_groups, team_token
from certificates.services import design_for_new_awards
from courses.models import CatalogueIndexPage, CoursePage, PackUpload
from courses.services import enrol
from notifications.enums import NoticeState
from notifications.services import unsubscribe_token
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    RoleGrantFactory,
    UserFactory,
    VenueFactory,
)
from tests.factories.certificates import AwardFactory, BundleFactory, NameCorrectionFactory
from tests.factories.courses import (
    CompletionFactory,
    EnrolmentFactory,
    FactFactory,
    QuestionFactory,
    QuestionRevisionFactory,
    make_course,
)
from tests.factories.cpd import (
    CpdEntryFactory,
    CpdFileFactory,
    EvaluationFormFactory,
    ReflectionFactory,
)
from tests.factories.joining import InvitationFactory, JoinRequestFactory, TeamInvitationFactory
from tests.factories.notifications import BounceFactory, MessageFactory, NoticeFactory
from tests.factories.pages import make_course_page, make_site

WHO = [
    "nobody",  # not signed in
    "learner",  # holds no role
    "volunteer",
    "trainer",
    "lead",
    "other_lead",
    "coordinator",
    "other_area",
    "editor",
    "admin",
]

# In Wagtail's admin 302 is its own way to say no.
ROUTES = """
                                                            nob lea vol tra led o_l coo o_a edi adm
# The site's own doors
GET  /cms/login/                                            302 302 302 302 302 302 302 302 302 302
GET  /_util/login/                                          302 302 302 302 302 302 302 302 302 302
GET  /cms/logout/                                           302 302 302 302 302 302 302 302 302 302
GET  /cms/password_reset/                                   302 302 302 302 302 302 302 302 302 302
GET  /cms/account/                                          302 302 302 302 302 302 302 302 302 302
GET  /admin/                                                302 302 302 302 302 302 302 302 302 302
GET  /cms/users/                                            302 403 403 403 403 403 403 403 403 403
GET  /styleguide/                                           200 200 200 200 200 200 200 200 200 200
GET  /favicon.ico                                           302 302 302 302 302 302 302 302 302 302
GET  /robots.txt                                            200 200 200 200 200 200 200 200 200 200
GET  /media/no-such-picture.png                             404 404 404 404 404 404 404 404 404 404
# A person's own pages
GET  /account/                                              302 200 200 200 200 200 200 200 200 200
GET  /account/profile/                                      302 200 200 200 200 200 200 200 200 200
GET  /account/held/                                         302 200 200 200 200 200 200 200 200 200
GET  /account/held/download/                                302 200 200 200 200 200 200 200 200 200
# A person's own messages; another person's are not there
GET  /messages/                                             302 200 200 200 200 200 200 200 200 200
GET  /messages/{message}/                                   302 404 404 404 404 404 404 404 404 404
POST /messages/read/                                        302 302 302 302 302 302 302 302 302 302
GET  /account/messages/                                     302 200 200 200 200 200 200 200 200 200
POST /account/messages/                                     302 422 422 422 422 422 422 422 422 422
GET  /messages/unsubscribe/{unsubscribing}/                 200 200 200 200 200 200 200 200 200 200
POST /messages/unsubscribe/{unsubscribing}/                 200 200 200 200 200 200 200 200 200 200
# People and roles
GET  /permissions/                                          302 200 200 200 200 200 200 200 200 200
GET  /people/                                               302 403 403 403 200 200 200 200 403 200
GET  /people/{person}/                                      302 403 403 403 200 404 200 404 403 200
GET  /people/{person}/roles/give/                           302 403 403 403 403 403 200 404 403 200
POST /people/{person}/roles/give/                           302 403 403 403 403 403 422 404 403 422
GET  /people/{person}/roles/{grant}/take/                   302 403 403 403 403 403 200 404 403 200
POST /people/{person}/roles/{grant}/take/                   302 403 403 403 403 403 422 404 403 422
# Messages of others, and what messages say
GET  /outbox/                                               302 403 403 403 403 403 200 200 403 200
POST /outbox/{given_up}/retry/                              302 403 403 403 403 403 302 404 403 302
POST /outbox/returned/{returned}/try-again/                 302 403 403 403 403 403 302 404 403 302
GET  /cms/message-texts/                                    302 302 302 302 302 302 200 302 302 200
GET  /cms/message-texts/{kind}/                             302 302 302 302 302 302 200 302 302 200
POST /cms/message-texts/{kind}/                             302 302 302 302 302 302 422 302 302 422
GET  /cms/message-texts/{kind}/original/                    302 302 302 302 302 302 200 302 302 200
# Signing in
GET  /accounts/signup/                                      200 302 302 302 302 302 302 302 302 302
GET  /accounts/sessions/                                    302 302 302 302 302 302 302 302 302 302
GET  /accounts/2fa/                                         302 302 302 302 302 302 302 302 302 302
GET  /accounts/2fa/webauthn/keys/{passkey}/remove/          302 302 302 302 302 302 302 302 302 302
GET  /accounts/oidc/no-agency/login/                        404 404 404 404 404 404 404 404 404 404
GET  /accounts/oidc/no-agency/login/callback/               404 404 404 404 404 404 404 404 404 404
GET  /account/security/                                     302 200 200 200 200 200 200 200 200 200
GET  /account/security/second-step/                         302 200 200 200 200 200 200 200 200 200
GET  /account/security/second-step/go-on/                   302 302 302 302 302 302 302 302 302 302
GET  /account/security/devices/                             302 200 200 200 200 200 200 200 200 200
POST /account/security/devices/{device}/end/                302 404 404 404 404 404 404 404 404 404
POST /account/security/devices/end-others/                  302 302 302 302 302 302 302 302 302 302
# A person's own organisation
GET  /account/organisation/                                 302 200 200 200 200 200 200 200 200 200
POST /account/organisation/{home_id}/ask/                   302 302 302 302 302 302 302 302 302 302
POST /account/organisation/{home_id}/leave/                 302 404 404 404 422 404 404 404 404 404
POST /account/organisation/requests/{join_request}/withdraw/ 302 404 404 404 404 404 404 404 404 404
# Joining by a link
GET  /join/{token}/                                         200 200 200 200 200 200 200 200 200 200
GET  /join/done/{home_id}/                                  302 404 404 404 200 404 404 404 404 404
# The people of an organisation
GET  /organisations/                                        302 403 403 403 200 200 200 200 403 200
GET  /our-people/                                           302 403 403 403 302 302 200 302 403 200
GET  /{people}/                                             302 403 403 403 200 404 200 404 403 200
GET  /{people}/people/{person}/                             302 403 403 403 200 404 200 404 403 200
GET  /{people}/people/{person}/left/                        302 403 403 403 200 404 200 404 403 200
GET  /{people}/people/{person}/champion/                    302 403 403 403 200 404 200 404 403 200
GET  /{people}/people/{champion}/champion/end/              302 403 403 403 200 404 200 404 403 200
POST /{people}/people/{person}/lead/                        302 403 403 403 403 404 422 404 403 422
POST /{people}/people/{other_lead}/lead/end/                302 403 403 403 403 404 422 404 403 422
GET  /{people}/invitations/                                 302 403 403 403 200 404 200 404 403 200
GET  /{people}/invitations/person/                          302 403 403 403 200 404 200 404 403 200
GET  /{people}/invitations/team/                            302 403 403 403 200 404 200 404 403 200
GET  /{people}/invitations/{team}/                          302 403 403 403 200 404 200 404 403 200
POST /{people}/invitations/{invitation}/send/               302 403 403 403 302 404 302 404 403 302
POST /{people}/invitations/{invitation}/withdraw/           302 403 403 403 302 404 302 404 403 302
GET  /{people}/requests/                                    302 403 403 403 200 404 200 404 403 200
POST /{people}/requests/{join_request}/confirm/             302 403 403 403 302 404 302 404 403 302
POST /{people}/requests/{join_request}/decline/             302 403 403 403 302 404 302 404 403 302
# Importing people; another person's list is 404 to all
GET  /people/{person}/close/                                302 403 403 403 403 403 403 403 403 200
POST /people/{person}/close/                                302 403 403 403 403 403 403 403 403 422
GET  /people/{person}/open/                                 302 403 403 403 403 403 403 403 403 200
POST /people/{person}/open/                                 302 403 403 403 403 403 403 403 403 302
GET  /people/{person}/second-step/forget/                   302 403 403 403 403 403 403 403 403 200
POST /people/{person}/second-step/forget/                   302 403 403 403 403 403 403 403 403 422
GET  /people/imports/                                       302 403 403 403 403 403 200 200 403 200
GET  /people/import/                                        302 403 403 403 403 403 200 200 403 200
GET  /people/import/{people_import}/                        302 403 403 403 403 403 404 404 403 404
GET  /people/import/{people_import}/columns/                302 403 403 403 403 403 404 404 403 404
GET  /people/import/{people_import}/words/                  302 403 403 403 403 403 404 404 403 404
GET  /people/import/{people_import}/preview/                302 403 403 403 403 403 404 404 403 404
GET  /people/import/{people_import}/how/                    302 403 403 403 403 403 404 404 403 404
GET  /people/import/{people_import}/to-put-right.csv        302 403 403 403 403 403 404 404 403 404
GET  /people/import/{people_import}/to-put-right.xlsx       302 403 403 403 403 403 404 404 403 404
GET  /people/import/{people_import}/undo/                   302 403 403 403 403 403 404 404 403 404
POST /people/import/{people_import}/send-invitations/       302 403 403 403 403 403 404 404 403 404
POST /people/import/{people_import}/give-up/                302 403 403 403 403 403 404 404 403 404
# Courses
GET  /courses/                                              200 200 200 200 200 200 200 200 200 200
GET  /courses/{course}/                                     200 200 200 200 200 200 200 200 200 200
POST /courses/{course}/enrol/                               302 302 302 302 302 302 302 302 302 302
GET  /courses/{course}/continue/                            302 302 302 302 302 302 302 302 302 302
GET  /courses/{course}/completed/                           302 302 302 302 302 302 302 302 302 302
GET  /{reading}/                                            302 200 200 200 200 200 200 200 200 200
POST /{reading}/questions/{question}/                       302 422 422 422 422 422 422 422 422 422
POST /{reading}/finish/                                     302 422 422 422 422 422 422 422 422 422
POST /{reading}/place/                                      302 204 204 204 204 204 204 204 204 204
GET  /courses/{course}/move-up/                             302 302 302 302 302 302 302 302 302 302
GET  /courses/{course}/versions/                            302 403 403 403 403 403 403 403 200 200
GET  /courses/{course}/leave/                               302 200 200 200 200 200 200 200 200 200
POST /courses/{course}/leave/                               302 302 302 302 302 302 302 302 302 302
GET  /c/{share}/                                            302 302 302 302 302 302 302 302 302 302
# The courses of an organisation's people, and enrolling them
GET  /{people}/courses/                                     302 403 403 403 200 404 200 404 403 200
GET  /{people}/courses.csv                                  302 403 403 403 200 404 200 404 403 200
GET  /{people}/courses/enrol/                               302 403 403 403 200 404 200 404 403 200
GET  /{people}/courses/enrol/{course}/online/               302 403 403 403 200 404 200 404 403 200
POST /{people}/courses/enrol/{course}/online/               302 403 403 403 200 404 200 404 403 200
GET  /{people}/courses/invite/{course}/                     302 403 403 403 200 404 200 404 403 200
# The learning of others; another organisation's is not there
GET  /learning/                                             302 403 403 200 200 200 200 200 403 200
GET  /learning/{enrolment}/                                 302 403 403 200 200 404 200 404 403 200
GET  /learning/{enrolment}/repair/withdrawn/                302 403 403 403 403 403 200 404 403 200
POST /learning/{enrolment}/repair/withdrawn/                302 403 403 403 403 403 422 404 403 422
GET  /learning/{enrolment}/repair/lesson-finished/{lesson}/ 302 403 403 403 403 403 200 404 403 200
POST /learning/{enrolment}/repair/lesson-finished/{lesson}/ 302 403 403 403 403 403 422 404 403 422
POST /{reading}/questions/{question}/draft/                 302 302 302 302 302 302 302 302 302 302
POST /{reading}/questions/{question}/step/                  302 404 404 404 404 404 404 404 404 404
POST /{reading}/reflections/no-block/                       302 404 404 404 404 404 404 404 404 404
GET  /my-learning/reflections/                              302 200 200 200 200 200 200 200 200 200
GET  /my-learning/reflections/download/                     302 200 200 200 200 200 200 200 200 200
GET  /my-learning/reflections/1/erase/                      302 404 404 404 404 404 404 404 404 404
POST /my-learning/reflections/1/erase/                      302 302 302 302 302 302 302 302 302 302
GET  /media/media/film.mp4                                  404 404 404 404 404 404 404 404 404 404
GET  /media/captions/film.vtt                               404 404 404 404 404 404 404 404 404 404
GET  /media/media_thumbnails/film.jpg                       404 404 404 404 404 404 404 404 404 404
GET  /cms/media/delete/1/                                   302 302 302 302 302 302 302 302 404 404
GET  /cms/images/1/delete/                                  302 302 302 302 302 302 302 302 404 404
GET  /cms/documents/delete/1/                               302 302 302 302 302 302 302 302 404 404
GET  /courses/{course}/assessment/                          302 200 200 200 200 200 200 200 200 200
POST /courses/{course}/assessment/start/                    302 409 409 409 409 409 409 409 409 409
GET  /courses/{course}/assessment/{attempt}/                302 404 404 404 404 404 404 404 404 404
GET  /courses/{course}/assessment/{attempt}/questions/1/    302 404 404 404 404 404 404 404 404 404
POST /courses/{course}/assessment/{attempt}/hand-in/        302 404 404 404 404 404 404 404 404 404
GET  /courses/{course}/questions/                           302 403 403 403 403 403 403 403 200 200
GET  /courses/{course}/questions.csv                        302 403 403 403 403 403 403 403 200 200
GET  /courses/{course}/figures/                             302 403 403 200 200 200 200 200 200 200
GET  /courses/{course}/figures.csv                          302 403 403 200 200 200 200 200 200 200
# An editor tests a course
GET  /courses/{course}/test/                                302 403 403 403 403 403 403 403 200 200
POST /courses/{course}/test/                                302 403 403 403 403 403 403 403 422 422
POST /courses/{course}/test/end/                            302 403 403 403 403 403 403 403 302 302
GET  /my-learning/                                          302 200 200 200 200 200 200 200 200 200
# Evaluations and CPD records
GET  /courses/{course}/evaluation/                          302 302 302 302 302 302 302 302 302 302
GET  /courses/{course}/evaluation/questions/{attempt}/      302 302 302 302 302 302 302 302 302 302
GET  /courses/{course}/evaluation/results/                  302 403 403 200 403 403 200 200 200 200
GET  /courses/{course}/evaluation/results.csv               302 403 403 200 403 403 200 200 200 200
GET  /evaluations/                                          302 403 403 200 403 403 200 200 200 200
GET  /my-learning/cpd/                                      302 200 200 200 200 200 200 200 200 200
GET  /my-learning/cpd/year/                                 302 200 200 200 200 200 200 200 200 200
GET  /my-learning/cpd/add/                                  302 200 200 200 200 200 200 200 200 200
POST /my-learning/cpd/add/                                  302 422 422 422 422 422 422 422 422 422
GET  /my-learning/cpd/record.csv                            302 200 200 200 200 200 200 200 200 200
POST /my-learning/cpd/pdf/                                  302 302 302 302 302 302 302 302 302 302
GET  /my-learning/cpd/pdf/{cpd_file}/                       302 404 404 404 404 404 404 404 404 404
GET  /my-learning/cpd/pdf/{cpd_file}/download/              302 404 404 404 404 404 404 404 404 404
GET  /my-learning/cpd/{cpd_entry}/                          302 404 404 404 404 404 404 404 404 404
POST /my-learning/cpd/{cpd_entry}/                          302 404 404 404 404 404 404 404 404 404
GET  /my-learning/cpd/{cpd_entry}/delete/                   302 404 404 404 404 404 404 404 404 404
POST /my-learning/cpd/{cpd_entry}/delete/                   302 404 404 404 404 404 404 404 404 404
POST /my-learning/reflections/{reflection}/cpd/             302 404 404 404 404 404 404 404 404 404
# Certificates
GET  /check/                                                200 200 200 200 200 200 200 200 200 200
GET  /check/{code}/                                         200 200 200 200 200 200 200 200 200 200
GET  /certificates/                                         302 200 200 200 200 200 200 200 200 200
GET  /certificates/{award}/                                 302 404 404 404 200 404 200 404 404 200
GET  /certificates/{award}/download/                        302 404 404 404 302 404 302 404 404 302
GET  /certificates/{award}/name/                            302 404 404 404 404 404 404 404 404 404
POST /certificates/{award}/name/                            302 404 404 404 404 404 404 404 404 404
POST /certificates/names/{correction}/withdraw/             302 404 404 404 404 404 404 404 404 404
# Certificates of others: names to correct, and zip files, which are their asker's alone
GET  /certificates/given/                                   302 403 403 403 200 200 200 200 403 200
GET  /certificates/given/new/                               302 403 403 403 200 200 200 200 403 200
POST /certificates/given/new/                               302 403 403 403 422 422 422 422 403 422
GET  /certificates/given/files/{bundle}/                    302 403 403 403 404 404 404 404 403 404
GET  /certificates/given/files/{bundle}/download/           302 403 403 403 404 404 404 404 403 404
GET  /certificates/given/names/                             302 403 403 403 403 403 200 200 403 200
GET  /certificates/given/names/{correction}/                302 403 403 403 403 403 200 404 403 200
POST /certificates/given/names/{correction}/                302 403 403 403 403 403 422 404 403 422
# Wagtail's admin: what was given, the designs, the trail
GET  /cms/certificates/given/                               302 302 302 302 302 302 200 200 302 200
GET  /cms/certificates/given/results/                       302 302 302 302 302 302 200 200 302 200
GET  /cms/certificates/designs/{design}/use/                302 302 302 302 302 302 302 302 200 200
GET  /cms/certificates/given/{award}/                       302 302 302 302 302 302 200 404 302 200
GET  /cms/certificates/given/{award}/revoke/                302 302 302 302 302 302 200 404 302 200
GET  /cms/certificates/given/{award}/reissue/               302 302 302 302 302 302 200 404 302 200
POST /cms/certificates/given/{award}/render/                302 302 302 302 302 302 302 404 302 302
GET  /cms/venue/checked/{venue}/                            302 302 302 302 302 302 200 302 302 200
GET  /cms/audit/                                            302 302 302 302 302 302 302 302 302 200
GET  /cms/audit/results/                                    302 302 302 302 302 302 302 302 302 200
GET  /{designs}/                                            302 302 302 302 302 302 302 302 200 200
GET  /{designs}/results/                                    302 302 302 302 302 302 302 302 200 200
GET  /{designs}/add/                                        302 302 302 302 302 302 302 302 200 200
GET  /{designs}/edit/{design}/                              302 302 302 302 302 302 302 302 200 200
GET  /{designs}/delete/{design}/                            302 302 302 302 302 302 302 302 302 302
GET  /{designs}/usage/{design}/                             302 302 302 302 302 302 302 302 200 200
GET  /{designs}/history/{design}/                           302 302 302 302 302 302 302 302 200 200
GET  /{designs}/history-results/{design}/                   302 302 302 302 302 302 302 302 200 200
GET  /{designs}/copy/{design}/                              302 302 302 302 302 302 302 302 200 200
GET  /{designs}/preview/                                    302 302 302 302 302 302 302 302 200 200
GET  /{designs}/preview/{design}/                           302 302 302 302 302 302 302 302 200 200
GET  /{choosing}/                                           302 302 302 302 302 302 200 200 200 200
GET  /{choosing}/results/                                   302 302 302 302 302 302 200 200 200 200
GET  /{choosing}/chosen/{design}/                           302 302 302 302 302 302 200 200 200 200
GET  /{choosing}/chosen-multiple/?id={design}               302 302 302 302 302 302 200 200 200 200
GET  /{choosing}/create/                                    302 302 302 302 302 302 302 302 200 200
# Wagtail's admin: checks before publishing
GET  /cms/checks/{course_page}/                             302 302 302 302 302 302 302 302 200 200
POST /cms/checks/{course_page}/                             302 302 302 302 302 302 302 302 302 302
# Wagtail's admin: the register of facts
GET  /cms/facts/{fact}/check/                               302 302 302 302 302 302 200 302 200 200
POST /cms/facts/{fact}/check/                               302 302 302 302 302 302 422 302 422 422
# Wagtail's admin: course packs; another person's is 404 to all
GET  /cms/courses/{course_page}/export/                     302 302 302 302 302 302 302 302 200 200
POST /cms/courses/{course_page}/export/                     302 302 302 302 302 302 302 302 422 422
GET  /cms/course-packs/                                     302 302 302 302 302 302 302 302 200 200
POST /cms/course-packs/                                     302 302 302 302 302 302 302 302 422 422
GET  /cms/course-packs/{pack}/                              302 302 302 302 302 302 302 302 404 404
POST /cms/course-packs/{pack}/import/                       302 302 302 302 302 302 302 302 404 404
POST /cms/course-packs/{pack}/look-again/                   302 302 302 302 302 302 302 302 404 404
POST /cms/course-packs/{pack}/give-up/                      302 302 302 302 302 302 302 302 404 404
GET  /{facts}/                                              302 302 302 302 302 302 200 302 200 200
GET  /{facts}/results/                                      302 302 302 302 302 302 200 302 200 200
GET  /{facts}/add/                                          302 302 302 302 302 302 200 302 200 200
GET  /{facts}/edit/{fact}/                                  302 302 302 302 302 302 200 302 200 200
GET  /{facts}/delete/{fact}/                                302 302 302 302 302 302 302 302 302 302
GET  /{facts}/usage/{fact}/                                 302 302 302 302 302 302 200 302 200 200
GET  /{facts}/history/{fact}/                               302 302 302 302 302 302 200 302 200 200
GET  /{facts}/history-results/{fact}/                       302 302 302 302 302 302 200 302 200 200
GET  /{choosing_facts}/                                     302 302 302 302 302 302 200 200 200 200
GET  /{choosing_facts}/results/                             302 302 302 302 302 302 200 200 200 200
GET  /{choosing_facts}/chosen/{fact}/                       302 302 302 302 302 302 200 200 200 200
GET  /{choosing_facts}/chosen-multiple/?id={fact}           302 302 302 302 302 302 200 200 200 200
GET  /{choosing_facts}/create/                              302 302 302 302 302 302 200 302 200 200
GET  /{evaluations}/                                        302 302 302 302 302 302 302 302 200 200
GET  /{evaluations}/results/                                302 302 302 302 302 302 302 302 200 200
GET  /{evaluations}/add/                                    302 302 302 302 302 302 302 302 200 200
GET  /{evaluations}/edit/{form}/                            302 302 302 302 302 302 302 302 200 200
GET  /{evaluations}/delete/{form}/                          302 302 302 302 302 302 302 302 302 302
GET  /{evaluations}/usage/{form}/                           302 302 302 302 302 302 302 302 200 200
GET  /{evaluations}/history/{form}/                         302 302 302 302 302 302 302 302 200 200
GET  /{evaluations}/history-results/{form}/                 302 302 302 302 302 302 302 302 200 200
GET  /{choosing_evaluations}/                               302 302 302 302 302 302 200 200 200 200
GET  /{choosing_evaluations}/results/                       302 302 302 302 302 302 200 200 200 200
GET  /{choosing_evaluations}/chosen/{form}/                 302 302 302 302 302 302 200 200 200 200
GET  /{choosing_evaluations}/chosen-multiple/?id={form}     302 302 302 302 302 302 200 200 200 200
GET  /{choosing_evaluations}/create/                        302 302 302 302 302 302 302 302 200 200
"""
# Lists in Wagtail's admin: KIND stands for each of the kinds of record.
PLACE = """
GET  /cms/KIND/                                             302 302 302 302 302 302 200 200 302 200
GET  /cms/KIND/results/                                     302 302 302 302 302 302 200 200 302 200
GET  /cms/KIND/new/                                         302 302 302 302 302 302 200 {a} 302 200
GET  /cms/KIND/edit/{KIND}/                                 302 302 302 302 302 302 200 404 302 200
GET  /cms/KIND/delete/{KIND}/                               302 302 302 302 302 302 302 404 404 302
GET  /cms/KIND/history/{KIND}/                              302 302 302 302 302 302 200 404 404 200
GET  /cms/KIND/history-results/{KIND}/                      302 302 302 302 302 302 200 404 404 200
GET  /cms/KIND/usage/{KIND}/                                302 302 302 302 302 302 200 404 404 200
"""
LIST = """
GET  /cms/KIND/                                             302 302 302 302 302 302 302 302 302 200
GET  /cms/KIND/results/                                     302 302 302 302 302 302 302 302 302 200
GET  /cms/KIND/new/                                         302 302 302 302 302 302 302 302 302 200
GET  /cms/KIND/edit/{KIND}/                                 302 302 302 302 302 302 302 302 302 200
GET  /cms/KIND/delete/{KIND}/                               302 302 302 302 302 302 302 302 302 302
GET  /cms/KIND/history/{KIND}/                              302 302 302 302 302 302 302 302 302 200
GET  /cms/KIND/history-results/{KIND}/                      302 302 302 302 302 302 302 302 302 200
GET  /cms/KIND/usage/{KIND}/                                302 302 302 302 302 302 302 302 302 200
"""
PLACES = {"organisation": 200, "venue": 200, "area": 302}  # a new one, for another area
LISTS = ("jobrole", "audience")

# Addresses that answer to nobody: Wagtail's screens for people and groups, behind a closed door.
SHADOWED = ("cms/users/", "cms/groups/")
OURS = {"lms", "accounts", "courses", "certificates", "notifications"}


class Scene:
    """One record of each kind, all of them of the organisation of `lead`."""

    # Long beginnings of addresses.
    designs = "cms/snippets/certificates/certificatedesign"
    choosing = "cms/snippets/choose/certificates/certificatedesign"
    facts = "cms/snippets/courses/fact"
    choosing_facts = "cms/snippets/choose/courses/fact"
    evaluations = "cms/snippets/courses/evaluationform"
    choosing_evaluations = "cms/snippets/choose/courses/evaluationform"
    kind = "certificates.certificate_ready"

    def __init__(self):
        make_site()
        self.home, self.elsewhere = OrganisationFactory(), OrganisationFactory()
        self.made_course = make_course(lessons=2, slug="a-course")
        member = MembershipFactory(organisation=self.home).user
        # Held for the organisation, so that it can be reached by whoever reaches the organisation.
        grant = RoleGrantFactory(
            user=member, role=Role.TRAINER, scope_kind="organisation", organisation=self.home
        )
        enrolment = EnrolmentFactory(user=member, course=self.made_course, organisation=self.home)
        self.enrolment = enrolment.public_id
        award = AwardFactory(
            completion=CompletionFactory(user=member, enrolment=enrolment, organisation=self.home)
        )
        step = self.made_course.latest_version.version_lessons.order_by("position").first()
        question = QuestionFactory(lesson=step.lesson)
        question.latest_revision = QuestionRevisionFactory(question=question)
        question.save()

        self.people_import = PeopleImport.objects.create(started_by=UserFactory()).public_id
        self.device = self.passkey = 0  # those of others, as far as anybody here is concerned
        self.person, self.grant = member.public_id, grant.pk
        self.home_id = self.home.public_id
        self.people = f"our-people/{self.home_id}"
        self.champion = self._holder(MembershipKind.CHAMPION)
        self.other_lead = self._holder(MembershipKind.LEAD)
        self.join_request = JoinRequestFactory(organisation=self.home).public_id
        self.invitation = InvitationFactory(organisation=self.home).public_id
        team = TeamInvitationFactory(
            organisation=self.home, expires_at=timezone.now() + datetime.timedelta(days=1)
        )
        self.team, self.token = team.public_id, team_token(team)
        self.course, self.lesson = self.made_course.slug, step.lesson.public_id
        self.share = self.made_course.public_id.hex[:12]
        self.question = question.public_id
        self.reading = f"courses/{self.course}/lessons/{self.lesson}"
        self.award, self.code = award.public_id, award.written_code
        self.correction = NameCorrectionFactory(award=award).public_id
        self.bundle = BundleFactory().public_id
        message = MessageFactory(
            recipient=member, kind="certificates.certificate_ready", sent_at=timezone.now()
        )
        self.message, self.unsubscribing = message.public_id, unsubscribe_token(message)
        self.design = design_for_new_awards().pk
        self.organisation, self.area = self.home.pk, self.home.area_id
        self.venue = VenueFactory(area=self.home.area).pk
        self.given_up = NoticeFactory(recipient=member, state=NoticeState.FAILED).pk
        self.returned = BounceFactory(notice__recipient=member).pk
        self.fact = FactFactory().pk
        page = CoursePage(title="Written", slug="written", summary="It is.", live=False)
        CatalogueIndexPage.objects.get().add_child(instance=page)
        self.course_page = page.pk
        self.pack = PackUpload.objects.create(uploaded_by=UserFactory()).public_id
        self.course_page = make_course_page(
            CatalogueIndexPage.objects.get(), slug="written-course"
        ).pk
        self.form = EvaluationFormFactory(course=self.made_course).pk
        self.cpd_entry = CpdEntryFactory(user=member).public_id
        self.cpd_file = CpdFileFactory(user=member).public_id
        self.reflection = ReflectionFactory(enrolment=enrolment, lesson=step.lesson).pk
        self.attempt = uuid.uuid4()  # that of others, as far as anybody here is concerned
        self.jobrole, self.audience = member.job_role_id, member.job_role.audience_id

    def _holder(self, kind: MembershipKind) -> uuid.UUID:
        return MembershipFactory(organisation=self.home, kind=kind).user.public_id

    def somebody(self, who: str) -> User | None:
        """Make the person of a column."""
        if who == "nobody":
            return None
        user = UserFactory()
        places = {
            "volunteer": (Role.VOLUNTEER, VenueFactory(area=self.home.area)),
            "trainer": (Role.TRAINER, None),
            "coordinator": (Role.COORDINATOR, None),
            "other_area": (Role.COORDINATOR, self.elsewhere.area),
            "editor": (Role.EDITOR, None),
            "admin": (Role.ADMINISTRATOR, None),
        }
        leads = {"lead": self.home, "other_lead": self.elsewhere}
        now = timezone.now()
        if who in places:
            role, scope = places[who]
            grant_role(
                user=user, role=role, scope=scope, now=now, starts_on=datetime.date(2026, 1, 1)
            )
        if who in leads:
            MembershipFactory(user=user, organisation=leads[who], kind=MembershipKind.LEAD)
        enrol(user=user, course=self.made_course, route_kind="online", now=now)
        sync_groups(on=timezone.localdate())
        return user


def table():
    """Read the table: (method, address, statuses by column)."""
    text = ROUTES
    for kind, add in PLACES.items():
        text += PLACE.replace("KIND", kind).replace("{a}", str(add))
    for kind in LISTS:
        text += LIST.replace("KIND", kind)
    for line in text.splitlines():
        if line.startswith(("GET", "POST")):
            method, address, *statuses = line.split()
            assert len(statuses) == len(WHO), line
            yield method, address, dict(zip(WHO, map(int, statuses), strict=True))


def filled(address: str, scene: Scene) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: str(getattr(scene, found[1])), address)


@pytest.mark.django_db
@pytest.mark.parametrize("who", WHO)
def test_who_gets_what(client, who):
    scene = Scene()
    user = scene.somebody(who)
    if user:
        client.force_login(user)
    wrong = []
    for method, address, expected in table():
        # Each in a transaction of its own that comes to nothing: no line depends on another.
        with transaction.atomic():
            response = client.generic(method, filled(address, scene))
            transaction.set_rollback(True)
        if response.status_code != expected[who]:
            wrong.append(f"{method} {address}: {response.status_code}, not {expected[who]}")
    assert not wrong, "\n".join(wrong)


# --- the table is whole ---


def view_of(callback):
    """Find the view class behind decorators, and the model of Wagtail's generic views."""
    while True:
        view = getattr(callback, "view_class", None)
        if view is not None or not hasattr(callback, "__wrapped__"):
            break
        callback = callback.__wrapped__
    model = getattr(callback, "view_initkwargs", {}).get("model") or getattr(view, "model", None)
    return view or callback, model


def is_ours(callback):
    view, model = view_of(callback)
    modules = [view.__module__, getattr(model, "__module__", "")]
    return any(module.split(".")[0] in OURS for module in modules)


def our_routes(patterns, prefix=""):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from our_routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern) and is_ours(pattern.callback):
            route = prefix + str(pattern.pattern)
            if not route.startswith(SHADOWED):
                yield route


@pytest.mark.django_db
def test_every_route_is_in_the_table():
    scene = Scene()
    covered = {
        resolve(filled(address, scene).partition("?")[0]).route for _method, address, _s in table()
    }
    routes = set(our_routes(get_resolver().url_patterns))
    assert len(routes) > 50
    missing = "\n".join(sorted(routes - covered))
    assert not missing, f"Enter a line for each of these:\n{missing}"


def test_a_new_route_is_noticed():
    from django.urls import path

    from accounts.views.me import MyAccountView

    assert list(our_routes([path("new/", MyAccountView.as_view())])) == ["new/"]
