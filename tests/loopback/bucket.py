"""An S3 bucket on loopback, as far as the file store speaks to one. It refuses what S3 refuses:
unsigned requests, another bucket, a range beyond the end."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

BUCKET = "audio"
ACCESS_KEY = "listendock-test"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _key(self) -> str | None:
        """The object that is meant; None after refusing."""
        if f"Credential={ACCESS_KEY}/" not in self.headers.get("Authorization", ""):
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
            return None
        _, bucket, *parts = unquote(urlsplit(self.path).path).split("/")
        if bucket != BUCKET:
            self._answer(404, b"<Error><Code>NoSuchBucket</Code></Error>")
            return None
        return "/".join(parts)

    def _answer(self, code: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = self._key()
        if key:
            self.server.objects[key] = body
            self._answer(200, ETag='"1"')

    def do_POST(self) -> None:
        """Many deleted at once."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self._key() == "" and urlsplit(self.path).query.startswith("delete"):
            keys = re.findall("<Key>(.*?)</Key>", body)
            for key in keys:
                self.server.objects.pop(unescape(key), None)
            gone = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
            result = f"<DeleteResult>{gone}</DeleteResult>"
            self._answer(200, result.encode(), Content_Type="application/xml")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        key = self._key()
        if key is None:
            return
        if not key:
            self._list(parse_qs(urlsplit(self.path).query).get("prefix", [""])[0])
        elif key not in self.server.objects:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        else:
            self._send(self.server.objects[key])

    def _send(self, body: bytes) -> None:
        facts = {"ETag": '"1"', "Last_Modified": formatdate(usegmt=True)}
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if found is None:
            if self.command == "HEAD":
                facts["Content_Length"] = str(len(body))
            self._answer(200, body, **facts)
            return
        start, last = int(found[1]), min(int(found[2]), len(body) - 1)
        if start >= len(body):
            self._answer(416, b"<Error><Code>InvalidRange</Code></Error>")
            return
        facts["Content_Range"] = f"bytes {start}-{last}/{len(body)}"
        self._answer(206, body[start : last + 1], **facts)

    def _list(self, prefix: str) -> None:
        rows = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{len(body)}</Size><ETag>1</ETag>"
            "<LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
            for key, body in sorted(self.server.objects.items())
            if key.startswith(prefix)
        )
        body = f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>"
        self._answer(200, body.encode(), Content_Type="application/xml")


@contextmanager
def bucket() -> Iterator[dict[str, str]]:
    """Serve while the block runs; gives the environment with which `s3://audio/…` leads here."""
    server = _Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield {
            "AWS_ENDPOINT": f"http://127.0.0.1:{server.server_port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": "no secret",
            "AWS_REGION": "us-east-1",
        }
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
