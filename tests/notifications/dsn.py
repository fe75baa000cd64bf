"""Delivery reports (RFC 3464) as mail servers write them."""

DEFAULT_ID = "<report-1@mx.example.net>"


def dsn(
    recipient="sian@example.org",
    *,
    message_id="<notice-1@localhost>",
    action="failed",
    status="5.1.1",
    report_id=DEFAULT_ID,
    to="hello@example.org",
    report_type="delivery-status",
    original="message/rfc822",
    recipients=None,
):
    """Write a report as Postfix does: words, the fields, and what came back."""
    fields = recipients or [(recipient, action, status)]
    blocks = "\r\n".join(
        f"Final-Recipient: rfc822; {address}\r\nOriginal-Recipient: rfc822;{address}\r\n"
        f"Action: {what}\r\nStatus: {code}\r\nRemote-MTA: dns; mx.example.net\r\n"
        f"Diagnostic-Code: smtp; 550 {code} <{address}>: Recipient address rejected\r\n"
        for address, what, code in fields
    )
    lines = [
        "Return-Path: <>",
        "From: MAILER-DAEMON@mx.example.net (Mail Delivery System)",
        "Subject: Undelivered Mail Returned to Sender",
        f"To: {to}",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={report_type}; boundary="B"',
        *([f"Message-ID: {report_id}"] if report_id else []),
        "",
        "--B",
        "Content-Type: text/plain",
        "",
        "This is the mail system at host mx.example.net.",
        "",
        "--B",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.net",
        "Arrival-Date: Wed, 25 Nov 2026 10:00:00 +0000",
        "",
        blocks,
        "--B",
        f"Content-Type: {original}",
        "",
        f"Message-ID: {message_id}",
        "Subject: Your certificate is ready",
        f"To: {recipient}",
        "",
        "Dear Sian",
        "",
        "--B--",
        "",
    ]
    return "\r\n".join(lines).encode()
