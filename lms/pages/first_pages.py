"""The pages that every site needs from its first day. Editors change them afterwards."""

from typing import Any

PRIVACY = (
    "<h2>What we keep, and why</h2>"
    "<ul>"
    "<li><b>Your name, e-mail address and work.</b> You sign in with the address. The name "
    "stands on your certificates. From your work we count how many people of each profession "
    "have been trained.</li>"
    "<li><b>The organisation you belong to</b>, if you tell us or it invited you. Whoever "
    "leads it there can see that you do, and which certificates you hold.</li>"
    "<li><b>Where you are in a course</b>: the lessons you opened and finished, and your "
    "answers. They keep your place and help us to improve the questions.</li>"
    "<li><b>Your certificates.</b> Anybody who has a certificate's code can check it. They "
    "see your initials, the course and the date, and never your whole name.</li>"
    "<li><b>The messages we sent you</b>, so that none is sent twice.</li>"
    "<li><b>A record of who changed what</b> in accounts and roles. It holds no "
    "contents.</li>"
    "</ul>"
    "<p>We never record the name, offence or case of anybody in prison, and we ask nothing "
    "about your own family.</p>"
    "<h2>Who can see it</h2>"
    "<p>You can, the people who run the programme and need it for their work, and the lead of "
    "your own organisation as far as this page says. We sell nothing, show no advertising, "
    "and use no service that follows visitors from site to site.</p>"
    "<h2>Cookies</h2>"
    "<p>We set two, and the site does not work without them: one keeps you signed in, the "
    "other protects the forms you send.</p>"
    "<h2>Your rights</h2>"
    "<p>You can ask what we hold about you, have it put right, or ask us to erase it. Write "
    "to us: our address is on the page <b>Contact us</b>. If you are not content with the "
    "answer, you can complain to the Information Commissioner's Office at ico.org.uk.</p>"
)

ACCESSIBILITY = (
    "<h2>How we build</h2>"
    "<p>We want everybody to be able to use this site: on a phone, by keyboard alone, with a "
    "screen reader, with large text, and without JavaScript. We aim at the Web Content "
    "Accessibility Guidelines 2.2, level AA, and every screen is tested against what can be "
    "tested by machine.</p>"
    "<h2>What we know to be imperfect</h2>"
    "<ul>"
    "<li>The PDF of a certificate has no tags for screen readers. The same certificate stands "
    "as an ordinary page under <b>My certificates</b>.</li>"
    "</ul>"
    "<h2>If something stops you</h2>"
    "<p>Tell us, and we will give you what you need in another way and put the site right. "
    "Our address is on the page <b>Contact us</b>.</p>"
)

CONTACT = (
    "<p>Write to us about a course, a certificate, your account, or anything on this site. We "
    "are a small team and answer as soon as we can.</p>"
    "<p>We cannot give advice about a case, a sentence or a release date. A solicitor, the "
    "prison or probation can.</p>"
)
FIRST_PAGES: list[dict[str, Any]] = [
    {
        "title": "Privacy",
        "slug": "privacy",
        "intro": "What we keep about you, why, and who can see it.",
        "body": [("text", PRIVACY)],
    },
    {
        "title": "Accessibility",
        "slug": "accessibility",
        "intro": "How this site is built for everybody, and what to do where it fails you.",
        "body": [("text", ACCESSIBILITY)],
    },
    {
        "title": "Contact us",
        "slug": "contact",
        "intro": "Questions, corrections, something that does not work.",
        "body": [("contact", {}), ("text", CONTACT)],
    },
]
