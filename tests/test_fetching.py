"""A server on loopback stands for the web: nothing leaves the machine."""

from __future__ import annotations

import datetime
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rag import fetching
from rag.errors import AddressRefused, FetchFailed, SourceTooLarge
from rag.fetching import fetch, is_public, public_addresses


def answers(*, status: int = 200, body: bytes = b"<p>hello</p>", **headers: str) -> tuple[int, dict[str, str], bytes]:
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, body


@dataclass
class Site:
    """A server whose pages are set by the test; ``asked`` holds the path and Host header of each request."""

    server: ThreadingHTTPServer
    pages: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def url(self, path: str = "/", host: str = "example.org") -> str:
        return f"http://{host}:{self.port}{path}"

    def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """As the real one, except that example.org is this server, at whatever port it got."""
        return ("127.0.0.1",) if host == "example.org" and port == self.port else public_addresses(host, port)


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, self.headers["Host"]))
            if self.path == "/drip":
                self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
                for _ in range(60):
                    time.sleep(0.05)
                    try:
                        self.wfile.write(b"x")
                    except OSError:
                        return
                return
            status, headers, body = served.pages.get(self.path, answers(status=404))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Site(server)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()


def test_a_page_comes_with_its_type(site: Site) -> None:
    site.pages["/a%20b?q=1"] = answers(body=b"text", Content_Type="text/plain; charset=utf-8")
    fetched = fetch(site.url("/a%20b?q=1#part"), site.resolve)
    assert fetched == fetching.Fetched(b"text", "text/plain; charset=utf-8")
    assert site.asked == [("/a%20b?q=1", f"example.org:{site.port}")]


def test_letters_beyond_ascii_are_quoted_in_the_path(site: Site) -> None:
    site.pages["/caf%C3%A9"] = answers()
    assert fetch(site.url("/café"), site.resolve).data == b"<p>hello</p>"


def test_redirects_are_followed_to_the_end(site: Site) -> None:
    site.pages |= {"/1": answers(status=301, Location="/2"), "/2": answers(status=307, Location=site.url("/3"))}
    site.pages["/3"] = answers(body=b"there")
    assert fetch(site.url("/1"), site.resolve) == fetching.Fetched(b"there", None)


@pytest.mark.parametrize(
    "target",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://169.254.169.254/latest/meta-data/"),
        *(
            "file:///etc/passwd",
            "ftp://example.org/",
            "gopher://example.org/",
            "//10.0.0.1/",
            "http://user:pw@8.8.8.8/",
        ),
        *("http://8.8.8.8:22/", "data:text/html,hello", "http://0x7f000001/"),
    ],
)
def test_redirects_to_what_is_not_public_are_refused(site: Site, target: str) -> None:
    site.pages["/"] = answers(status=302, Location=target)
    with pytest.raises(AddressRefused):
        fetch(site.url(), site.resolve)
    assert len(site.asked) == 1


def test_endless_redirects_end(site: Site) -> None:
    site.pages["/"] = answers(status=302, Location="/")
    with pytest.raises(FetchFailed, match="more than 5 times"):
        fetch(site.url(), site.resolve)
    assert len(site.asked) == 6


def test_the_connection_goes_to_the_address_that_was_checked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    lookup = socket.getaddrinfo

    def record(host: str, *args: object, **kwargs: object) -> object:
        asked.append(host)
        return lookup(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", record)
    site.pages["/"] = answers()
    fetch(site.url(), site.resolve)
    assert set(asked) <= {"127.0.0.1"}  # the name is never looked up again, so it cannot be rebound


def test_another_address_is_tried_where_the_first_does_not_answer(site: Site) -> None:
    site.pages["/"] = answers(body=b"second")
    assert fetch(site.url(), lambda *_: ("::1", "127.0.0.1")).data == b"second"


@pytest.mark.parametrize("status", [204, 401, 403, 404, 500, 503])
def test_other_answers_fail_with_their_number(site: Site, status: int) -> None:
    site.pages["/"] = answers(status=status, body=b"")
    with pytest.raises(FetchFailed, match=str(status)):
        fetch(site.url(), site.resolve)


def test_a_page_over_the_limit_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", 1000)
    site.pages["/"] = answers(body=b"x" * 1000)
    assert len(fetch(site.url(), site.resolve).data) == 1000
    site.pages["/"] = answers(body=b"x" * 1001)
    with pytest.raises(SourceTooLarge, match="split"):
        fetch(site.url(), site.resolve)


def test_gzip_is_unpacked_within_the_limit(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/"] = answers(body=gzip.compress(b"packed"), Content_Encoding="gzip")
    assert fetch(site.url(), site.resolve).data == b"packed"
    monkeypatch.setattr(fetching, "MAX_BYTES", 10_000)
    site.pages["/"] = answers(body=gzip.compress(b"0" * 5_000_000), Content_Encoding="gzip")
    with pytest.raises(SourceTooLarge):
        fetch(site.url(), site.resolve)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(b"not gzip", "gzip"), (gzip.compress(b"cut short")[:-9], "gzip"), (b"whatever", "br")],
    ids=["damaged", "cut short", "unknown"],
)
def test_bad_packing_fails(site: Site, body: bytes, encoding: str) -> None:
    site.pages["/"] = answers(body=body, Content_Encoding=encoding)
    with pytest.raises(FetchFailed):
        fetch(site.url(), site.resolve)


def test_a_body_that_stops_short_fails(site: Site) -> None:
    site.pages["/"] = answers(body=b"half", Content_Length="8")
    with pytest.raises(FetchFailed):
        fetch(site.url(), site.resolve)


def test_a_page_that_drips_is_cut_off(site: Site) -> None:
    begun = time.monotonic()
    with pytest.raises(FetchFailed, match="too long"):
        fetch(site.url("/drip"), site.resolve, total_seconds=0.3)
    assert time.monotonic() - begun < 1.5


def test_a_resolver_that_hangs_is_left_behind() -> None:
    release = threading.Event()

    def hang(_host: str, _port: int) -> tuple[str, ...]:
        release.wait(5)
        return ()

    begun = time.monotonic()
    with pytest.raises(FetchFailed, match="in time"):
        fetch("http://example.org/", hang, total_seconds=0.2)
    assert time.monotonic() - begun < 1.5
    release.set()


def test_nobody_listening_fails() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(FetchFailed):
        fetch(f"http://example.org:{port}/", lambda *_: ("127.0.0.1",))


def test_https_to_a_server_without_a_certificate_fails(site: Site) -> None:
    with pytest.raises(FetchFailed):
        fetch(site.url().replace("http:", "https:"), site.resolve)
    assert site.asked == []


def test_https_checks_the_name_and_not_the_address(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = write_certificate(tmp_path, "example.org")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    site.pages["/"] = answers(body=b"private")
    site.server.socket = tls.wrap_socket(site.server.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(f"https://example.org:{site.port}/", site.resolve).data == b"private"
    with pytest.raises(FetchFailed, match="certificate"):
        fetch(f"https://example.com:{site.port}/", lambda *_: ("127.0.0.1",))
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(FetchFailed, match="certificate"):
        fetch(f"https://example.org:{site.port}/", site.resolve)


def write_certificate(folder: Path, host: str) -> Path:
    """A key and a certificate for the host that it signs itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(secret + certificate.public_bytes(pem))
    return path


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    site.pages["/"] = answers()
    assert fetch(site.url(), site.resolve).data


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://0177.0.0.1/"),
        *("http://localhost/", "http://LOCALHOST./", "http://0/", "http://[::1]/", "http://[::]/"),
        *("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/", "http://[fe80::1]/"),
        *("http://[2002:7f00:1::]/", "http://169.254.169.254/", "http://10.1.2.3/", "http://192.168.0.1/"),
        *("http://100.100.100.200/", "http://[fd00:ec2::254]/", "http://①②⑦.⓪.⓪.①/"),
        *("http://8.8.8.8:8080/", "http://8.8.8.8:22/", "http://user@8.8.8.8/", "http://8.8.8.8@127.0.0.1/"),
        *("http://8.8.8.8\\@127.0.0.1/", "http://8.8.8.8/a b", "http://8.8.8.8/\r\nX: y", "http:///", "http://"),
        *("http://[fe80::1%25lo]/", "http://8.8.8.8:99999/", "http://8.8.8.8:x/", "file:///etc/passwd", "http://[bad/"),
        *("HTTP://127.0.0.1", "http://a..b/", "http://" + "a" * 64 + ".org/", "javascript:alert(1)", "", "example.org"),
    ],
)
def test_addresses_that_are_not_public_are_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_connection(*_args: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket, "create_connection", no_connection)
    with pytest.raises(AddressRefused) as caught:
        fetch(url)
    assert ":" in str(caught.value)  # what is wrong: what to do


def test_one_private_address_among_public_ones_refuses_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        public_addresses("example.org", 443)
    found.pop()
    assert public_addresses("example.org", 443) == ("8.8.8.8",)


def test_an_unknown_host_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchFailed, match="cannot be found"):
        public_addresses("example.org", 80)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *(("8.8.8.8", True), ("1.1.1.1", True), ("2606:4700::1111", True), ("2001:4860:4860::8888", True)),
        *(("0.0.0.0", False), ("127.9.9.9", False), ("172.31.0.1", False), ("172.32.0.1", True), ("100.64.0.1", False)),
        *(("192.0.0.192", False), ("192.88.99.1", False), ("198.19.0.1", False), ("203.0.113.5", False)),
        *(("224.0.0.1", False), ("224.0.1.1", False), ("255.255.255.255", False), ("240.0.0.1", False)),
        *(("168.63.129.16", False), ("::", False), ("::1", False), ("::8.8.8.8", False), ("::ffff:8.8.8.8", False)),
        *(("64:ff9b::808:808", False), ("64:ff9b:1::1", False), ("fe80::1", False), ("fec0::1", False)),
        *(("fc00::1", False), ("ff02::1", False), ("ff0e::1", False), ("2002:808:808::", False), ("2001::1", False)),
        *(("2001:db8::1", False), ("3fff::1", False), ("not an address", False), ("fe80::1%lo", False)),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
