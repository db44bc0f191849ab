"""Real peers on the loopback: a provider of text messages that keeps the contract, a mail server."""

import hashlib
import hmac
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "shared-secret"


class Provider(ThreadingHTTPServer):
    """Keeps every key: the same key is answered a second time and sent once.

    `plan` holds what comes next: a status, or "drop" to take the message and hang up unanswered.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Sms)
        self.plan: list[Any] = []
        self.asked: list[dict[str, Any]] = []
        self.sent: dict[str, dict[str, Any]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1/messages"


class _Sms(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        at = self.headers["Yiwang-Time"]
        seal = hmac.new(KEY.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
        said, key = json.loads(body), self.headers["Idempotency-Key"]
        if self.headers["Yiwang-Signature"] != f"sha256={seal}":
            self._answer(401, {"problem": "signature"})
            return
        self.server.asked.append(said)
        step = self.server.plan.pop(0) if self.server.plan else 202
        if step not in (202, "drop"):
            self._answer(step, {"problem": "not now"})
            return
        self.server.sent.setdefault(key, said)
        if step == "drop":
            self.close_connection = True
            self.connection.close()
        else:
            self._answer(202, {"id": f"sms-{key[:8]}"})

    def _answer(self, status: int, said: dict[str, str]) -> None:
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing personal on the terminal."""


class MailServer(socketserver.ThreadingTCPServer):
    """As much of SMTP (RFC 5321) as a letter needs.

    `plan` holds what comes next after DATA: a reply, or "drop" to keep the letter and hang up.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.plan: list[str] = []
        self.letters: list[tuple[str, str]] = []

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Smtp(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 loopback")
        to = ""
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            if word == "RCPT":
                to = line.partition("<")[2].rstrip(">")
            if word == "DATA":
                self._say("354 go on")
                text = self._text()
                step = self.server.plan.pop(0) if self.server.plan else "250 kept"
                if step == "drop" or step.startswith("2"):
                    self.server.letters.append((to, text))
                if step == "drop":
                    return
                self._say(step)
            elif word == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _text(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        return "".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def running(server: Any) -> Iterator[Any]:
    """The server on a thread of its own, until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
