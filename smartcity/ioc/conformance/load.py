"""How it bears the network: slow senders, many at once, connections that stay open."""

import http.client
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from smartcity.adapters.centres.cloud_events import CONTENT_TYPE
from smartcity.ioc.conformance.findings import Failed
from smartcity.ioc.conformance.probes import Probe
from smartcity.ioc.conformance.receiver import PATIENCE, Receiver, Reply, signatures

MANY = 20
SAME = 8
_PIECES = 10


def trickle(receiver: Receiver) -> None:
    """A body that trickles in is taken, and another event meanwhile is answered in time."""
    slow, quick = receiver.probes.event(), receiver.probes.event()
    seconds = receiver.timeout / 5
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(receiver.send, slow, content=_drops(slow.body, seconds))
        meanwhile, at_last = receiver.send(quick), sending.result()
    if not at_last.good:
        raise Failed(f"2xx for a body sent in {seconds:.1f} s", str(at_last))
    _all_in_time(receiver, [meanwhile])
    receiver.holds_each([slow, quick])


def many_at_once(receiver: Receiver) -> None:
    """Twenty events at once are all answered 2xx in time."""
    probes = [receiver.probes.event() for _ in range(MANY)]
    with ThreadPoolExecutor(MANY) as pool:
        _all_in_time(receiver, list(pool.map(receiver.send, probes)))
    receiver.holds_each(probes)


def same_at_once(receiver: Receiver) -> None:
    """The same event eight times at once is answered 2xx each time and has one effect."""
    probe = receiver.probes.event()
    with ThreadPoolExecutor(SAME) as pool:
        replies = list(pool.map(receiver.send, [probe] * SAME))
    for reply in replies:
        if not reply.good:
            raise Failed(f"2xx, {SAME} times", str(reply))
    receiver.holds(probe.report, probe)


def kept_connection(receiver: Receiver) -> str | None:
    """A connection that it keeps open serves the next event, also after a refusal."""
    where = urlsplit(receiver.url)
    https = where.scheme == "https"
    kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
    connection = kind(where.netloc, timeout=receiver.timeout + PATIENCE)
    good = receiver.probes.event()
    try:
        _post(connection, receiver, receiver.probes.event(), sign=False)
        if connection.sock is None:
            return "it closes after each answer: allowed, but slower"
        status = _post(connection, receiver, good)
    except (OSError, http.client.HTTPException) as fault:
        raise Failed("2xx on the connection that it kept", type(fault).__name__) from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise Failed("2xx on the connection that it kept", f"HTTP {status}")
    receiver.holds(good.report, good)
    return None


def _post(
    connection: http.client.HTTPConnection, receiver: Receiver, probe: Probe, *, sign: bool = True
) -> int:
    where = urlsplit(receiver.url)
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    signed = signatures((receiver.key,), probe.id, probe.body) if sign else {}
    connection.request("POST", path, probe.body, {"Content-Type": CONTENT_TYPE, **signed})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _drops(body: bytes, seconds: float) -> Iterator[bytes]:
    size = -(-len(body) // _PIECES)
    for start in range(0, len(body), size):
        time.sleep(seconds / _PIECES)
        yield body[start : start + size]


def _all_in_time(receiver: Receiver, replies: list[Reply]) -> None:
    for reply in replies:
        if not reply.good or reply.seconds > receiver.timeout:
            raise Failed(f"2xx within {receiver.timeout:g} s", str(reply))
