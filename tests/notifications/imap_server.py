"""A mailbox on a server (IMAP4rev1, RFC 3501), as far as reading new messages needs one."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Mailbox(socketserver.ThreadingTCPServer):
    """One folder 'Returned' of `user` with the password 'p@ss/word'."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, messages: list[bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.messages = messages
        self.seen: set[int] = set()

    @property
    def url(self) -> str:
        return f"imap://user:p%40ss%2Fword@127.0.0.1:{self.server_address[1]}/Returned"


class Session(socketserver.StreamRequestHandler):
    server: Mailbox

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _space, command = line.partition(" ")
            verb = command.split(" ")[0].upper()
            answer = getattr(self, f"do_{verb.lower()}", self.do_other)(command)
            self.say(f"{tag} {answer} .")
            if verb == "LOGOUT":
                return

    def do_capability(self, command: str) -> str:
        self.say("* CAPABILITY IMAP4rev1")
        return "OK"

    def do_login(self, command: str) -> str:
        return "OK" if command == 'LOGIN user "p@ss/word"' else "NO wrong"

    def do_select(self, command: str) -> str:
        if command != 'SELECT "Returned"':
            return "NO there is none"
        self.say(f"* {len(self.server.messages)} EXISTS")
        return "OK"

    def do_uid(self, command: str) -> str:
        if command == "UID SEARCH UNSEEN":
            new = [n for n in range(len(self.server.messages)) if n not in self.server.seen]
            self.say("* SEARCH " + " ".join(str(n + 100) for n in new))
        elif fetched := re.fullmatch(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", command):
            content = self.server.messages[int(fetched[1]) - 100][: int(fetched[2])]
            self.say(f"* 1 FETCH (UID {fetched[1]} BODY[]<0> {{{len(content)}}}")
            self.wfile.write(content)
            self.say(")")
        elif stored := re.fullmatch(r"UID STORE (\d+) \+FLAGS \(\\Seen\)", command):
            self.server.seen.add(int(stored[1]) - 100)
        else:
            return "BAD"
        return "OK"

    def do_logout(self, command: str) -> str:
        self.say("* BYE")
        return "OK"

    def do_other(self, command: str) -> str:
        return "BAD"


@contextmanager
def mailbox_with(*messages: bytes) -> Iterator[Mailbox]:
    with Mailbox(list(messages)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
