"""The shipped nginx configuration, running: only what is of a site is replaced in site.conf."""

import shutil
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

from smartcity.demo.processes import free_port
from smartcity.sandbox.tls import server_context
from tests.servers import start_nginx

Pool = urllib3.HTTPSConnectionPool
SHIPPED = Path(__file__).resolve().parents[2] / "config" / "deploy"
SHUT_OUT = "127.0.0.3"  # an address that is not of the officers' network


@dataclass(frozen=True)
class Edge:
    """A running nginx; its name is localhost."""

    folder: Path
    port: int
    plain_port: int

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "ca.pem"))

    def pool(self, source: str = "127.0.0.1", name: str = "localhost") -> Pool:
        """Connections from one of this machine's addresses."""
        return Pool(
            "127.0.0.1",
            self.port,
            maxsize=64,
            retries=False,
            timeout=20,
            ssl_context=self.trust,
            server_hostname=name,
            headers={"Host": name},
            source_address=(source, 0),
        )

    def connect(
        self, alpn: Sequence[str] = ("http/1.1",), source: str = "127.0.0.1"
    ) -> ssl.SSLSocket:
        """A bare connection, for what no HTTP client would send."""
        trust = self.trust
        trust.set_alpn_protocols(list(alpn))
        bare = socket.create_connection(
            ("127.0.0.1", self.port), timeout=20, source_address=(source, 0)
        )
        return trust.wrap_socket(bare, server_hostname="localhost")

    def log(self) -> str:
        return (self.folder / "smartcity.log").read_text()

    def errors(self) -> str:
        return (self.folder / "smartcity-error.log").read_text()


def get(pool: Pool, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
    """A GET whose body stays as it was sent; underscores in header names stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return pool.request("GET", path, headers={**pool.headers, **named}, decode_content=False)


def cache(answer: urllib3.BaseHTTPResponse) -> str | None:
    """What nginx says of its cache."""
    return answer.headers.get("X-Cache")


@contextmanager
def edge(*origins: str) -> Iterator[Edge]:
    """Serve the applications that listen there, each as host:port."""
    port, plain_port = free_port(), free_port()

    def configure(folder: Path) -> Callable[[], bool]:
        server_context(folder)
        (folder / "cache").mkdir()
        for file in SHIPPED.glob("*.conf"):
            shutil.copy(file, folder)
        site = folder / "site.conf"
        site.write_text(_replaced(site.read_text(), _places(folder, origins, port, plain_port)))
        return lambda: listens(port)

    with start_nginx(configure) as folder:
        yield Edge(folder, port, plain_port)


def _places(
    folder: Path, origins: Sequence[str], port: int, plain_port: int
) -> list[tuple[str, str]]:
    """What an operator edits in site.conf, and what the tests put in its place."""
    rest = " max_fails=3 fail_timeout=5s;"
    return [
        (f"server 127.0.0.1:8000{rest}", "".join(f"server {origin}{rest}" for origin in origins)),
        ("127.0.0.1:8090", f"127.0.0.1:{free_port()}"),
        ("/var/cache/nginx/", f"{folder}/cache/"),
        ("/var/log/nginx/", f"{folder}/"),
        ("default 1;", f"default 1; {SHUT_OUT} 0;"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("listen 80", f"listen 127.0.0.1:{plain_port}"),
        ("listen [::]:443", "# listen [::]:443"),
        ("listen [::]:80", "# listen [::]:80"),
        ("api.example.gov.vn", "localhost"),
        ("/etc/ssl/smartcity/fullchain.pem", f"{folder}/server.pem"),
        ("/etc/ssl/smartcity/privkey.pem", f"{folder}/server.pem"),
    ]


def _replaced(site: str, places: list[tuple[str, str]]) -> str:
    for shipped, here in places:
        if shipped not in site:
            raise LookupError(f"site.conf has no {shipped!r}")
        site = site.replace(shipped, here)
    return site


def listens(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
