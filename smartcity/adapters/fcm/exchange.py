"""One request of libcurl's and its answer. Needs pycurl, an optional extra.

libcurl posts again of its own accord when a connection that it reuses turns out dead. Not here:
the body comes from a function that gives it once and cannot rewind, so such a request fails.
"""

from typing import Any

import certifi
import pycurl

from smartcity.adapters.fcm import answers
from smartcity.adapters.fcm.answers import Answer, Reply
from smartcity.settings import Settings

_TIMEOUT = 20  # seconds for a message, its wait for a connection among them
_CONNECT_TIMEOUT = 10
# What libcurl says first when it must post again though nothing failed: the server refused the
# stream, by RST_STREAM or by a GOAWAY that names an earlier one (RFC 9113 §6.8, §8.7), and has not
# processed it. Of a connection that died it says so first.
_STREAM_REFUSED = (pycurl.E_SEND_FAIL_REWIND, "necessary data rewind was not possible")


def connections(most: int, streams: int) -> Any:
    """At most so many connections, each with so many requests at a time."""
    multi = pycurl.CurlMulti()
    multi.setopt(pycurl.M_PIPELINING, 2)  # CURLPIPE_MULTIPLEX
    multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, most)
    multi.setopt(pycurl.M_MAXCONNECTS, most)
    multi.setopt(pycurl.M_MAX_CONCURRENT_STREAMS, streams)
    return multi


class Exchange:
    """A handle of libcurl's, set up once and used for one request after the other."""

    def __init__(self, url: str, settings: Settings) -> None:
        self.place = 0  # of the request in its window
        self._token = ""
        self._body = b""
        self._answer: list[bytes] = []
        self.easy = pycurl.Curl()
        self.easy.exchange = self
        for option, value in self._options(url, settings).items():
            self.easy.setopt(option, value)

    def load(self, place: int, body: bytes, token: str) -> Any:
        """Make ready for a request; the handle to add to the connections."""
        self.place, self._body = place, body
        self._answer.clear()
        self.easy.setopt(pycurl.POSTFIELDSIZE, len(body))
        if token != self._token:
            self._token = token
            headers = [f"Authorization: Bearer {token}", "Content-Type: application/json"]
            self.easy.setopt(pycurl.HTTPHEADER, headers)
        return self.easy

    def answered(self) -> Reply:
        """The reply of a request that was answered."""
        status = self.easy.getinfo(pycurl.RESPONSE_CODE)
        if status == 200:
            return answers.ACCEPTED
        pause = str(self.easy.getinfo(pycurl.RETRY_AFTER) or "")
        return answers.reply(status, b"".join(self._answer), pause)

    def failed(self, code: int, text: str) -> Reply:
        """The reply of a request that was not: unknown, if its body was ever handed out."""
        surely_not = bool(self._body) or (code, text) == _STREAM_REFUSED
        return Reply(Answer.NOT_SENT if surely_not else Answer.UNKNOWN, f"curl {code}")

    def _read(self, _most: int) -> bytes:
        body, self._body = self._body, b""
        return body

    def _options(self, url: str, settings: Settings) -> dict[int, Any]:
        return {
            pycurl.URL: url,
            pycurl.POST: 1,
            pycurl.READFUNCTION: self._read,
            pycurl.WRITEFUNCTION: self._answer.append,
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
            pycurl.PIPEWAIT: 1,  # for the stream of a connection rather than open another
            pycurl.CAINFO: str(settings.fcm_ca or certifi.where()),
            pycurl.CONNECTTIMEOUT: _CONNECT_TIMEOUT,
            pycurl.TIMEOUT: _TIMEOUT,
            pycurl.NOSIGNAL: 1,  # there are other threads
        }
