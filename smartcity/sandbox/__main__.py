"""`python -m smartcity.sandbox SERVER`: one sandbox server until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from smartcity.sandbox import fcm_behaviour
from smartcity.sandbox.city import City
from smartcity.sandbox.fcm import Fcm
from smartcity.sandbox.fcm_behaviour import Behaviour
from smartcity.sandbox.feeds import Feeds
from smartcity.sandbox.ioc import Ioc
from smartcity.sandbox.oidc import Oidc
from smartcity.sandbox.oidc_grants import Client
from smartcity.sandbox.server import Server
from smartcity.sandbox.sky import Sky
from smartcity.sandbox.sms import Sms
from smartcity.sandbox.zns import Zns


def main(arguments: Sequence[str] | None = None) -> None:
    """Start the server that was asked for, print its address in one line, and wait."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        server = _server(options)
    except ValueError as problem:
        parser.error(str(problem))
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with server:
        print(f"sandbox {options.server} listens at {server.url}", flush=True)
        ended.wait()


def _server(options: argparse.Namespace) -> Server:
    return _MADE[options.server](options)


def _behaviour(options: argparse.Namespace) -> Behaviour:
    names = ("quota", "latency", "dead_share", "goaway_after")
    wished = {name: getattr(options, name) for name in names}
    return fcm_behaviour.parse({name: value for name, value in wished.items() if value})


def _zns(options: argparse.Namespace) -> Server:
    return Zns(options.app, options.secret, options.template, options.refresh_token, options.port)


def _oidc(options: argparse.Namespace) -> Server:
    clients = [Client(id, secret, (back,)) for id, secret, back in options.client]
    return Oidc(clients, options.port)


def _fcm(options: argparse.Namespace) -> Server:
    return Fcm(options.state, options.port, behaviour=_behaviour(options), journal=options.journal)


_MADE: dict[str, Callable[[argparse.Namespace], Server]] = {
    "ioc": lambda o: Ioc(o.secret, o.port, o.journal, o.callback_url),
    "city": lambda o: City(o.secret, o.port),
    "feeds": lambda o: Feeds(o.port),
    "sms": lambda o: Sms(o.key, o.port),
    "sky": lambda o: Sky(o.key, o.port),
    "zns": _zns,
    "fcm": _fcm,
    "oidc": _oidc,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m smartcity.sandbox", description=__doc__)
    servers = parser.add_subparsers(dest="server", required=True)
    ioc = servers.add_parser("ioc", help="a province's operations centre")
    ioc.add_argument("--secret", action="append", required=True, help="whsec_…; may be repeated")
    ioc.add_argument("--journal", type=Path, help="file that keeps what was accepted")
    ioc.add_argument("--callback-url", help="where POST /callbacks sends to")
    city = servers.add_parser("city", help="our side, for a centre that calls back")
    city.add_argument("--secret", action="append", required=True, help="whsec_…; may be repeated")
    feeds = servers.add_parser("feeds", help="feeds of strangers, with faults on demand")
    sky = servers.add_parser("sky", help="a source of weather and air")
    sky.add_argument("--key", default="", help="the key of callers; none is asked for when empty")
    sms = servers.add_parser("sms", help="an SMS gateway")
    sms.add_argument("--key", required=True, help="the bearer key of senders")
    zns = servers.add_parser("zns", help="Zalo Notification Service")
    zns.add_argument("--app", required=True, help="id of the application")
    zns.add_argument("--secret", required=True, help="its secret key")
    zns.add_argument("--template", required=True, help="id of the registered template")
    zns.add_argument("--refresh-token", required=True, help="the first one")
    fcm = servers.add_parser("fcm", help="Firebase Cloud Messaging")
    _add_behaviour(fcm)
    oidc = servers.add_parser("oidc", help="an OpenID provider with a login page")
    oidc.add_argument(
        "--client",
        nargs=3,
        action="append",
        required=True,
        metavar=("ID", "SECRET", "REDIRECT_URI"),
    )
    for server in (ioc, city, feeds, sky, sms, zns, fcm, oidc):
        server.add_argument("--port", type=int, default=0, help="0 (default) takes a free one")
    return parser


def _add_behaviour(fcm: argparse.ArgumentParser) -> None:
    fcm.add_argument("--state", type=Path, required=True, help="folder for CA and credentials")
    fcm.add_argument("--journal", type=Path, help="file that keeps what was sent")
    fcm.add_argument("--quota", type=int, help="messages in any 60 seconds")
    fcm.add_argument(
        "--latency",
        type=float,
        nargs=2,
        metavar=("LEAST", "MOST"),
        help="seconds until an answer",
    )
    fcm.add_argument("--dead-share", type=float, help="share of addresses that are UNREGISTERED")
    fcm.add_argument("--goaway-after", type=int, help="messages of one connection before GOAWAY")


if __name__ == "__main__":
    main()
