"""E-mail by SMTP (RFC 5321), one connection a message.

smtp:// is upgraded by STARTTLS (RFC 3207) or not used at all, smtps:// is TLS from the start (RFC
8314); certificates are checked. smtp-plain:// is for a relay on the same machine.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from smartcity.core import clock
from smartcity.core.context import per_app
from smartcity.core.errors import OutsideError, Permanent, Temporary
from smartcity.settings import Settings

_SECONDS = 10  # without a word from the server
# Password, sender or certificate is wrong: every message would fail.
_OURS = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPNotSupportedError,
    ssl.SSLCertVerificationError,
)
_PORTS = {"smtp": 587, "smtps": 465, "smtp-plain": 25}


@dataclass(frozen=True)
class Mail:
    """A plain text for one person; `reference` makes the Message-ID, the same when it is repeated.

    ValueError, when it is sent, for a line break in address or subject.
    """

    to: str
    subject: str
    body: str
    reference: str


class Smtp:
    """The mail server of the settings."""

    def __init__(self, settings: Settings) -> None:
        self._server = urlsplit(settings.smtp_url)
        self._sender = settings.mail_from
        self._tls = ssl.create_default_context()
        if settings.smtp_ca:
            self._tls.load_verify_locations(settings.smtp_ca)

    def send(self, mail: Mail) -> None:
        """Hand a message to the server. Permanent when it refuses this address or message for good.

        Temporary in any other case; whether it arrived is unknown when the connection broke.
        """
        message = self._composed(mail)
        with _told_apart(), self._connected() as server:
            server.send_message(message, self._sender, [mail.to])

    def _composed(self, mail: Mail) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"] = self._sender, mail.to
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{mail.reference}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notes in answer
        message.set_content(mail.body)
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        scheme, host = self._server.scheme, self._server.hostname or ""
        port = self._server.port or _PORTS[scheme]
        server = (
            smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=self._tls)
            if scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=_SECONDS)
        )
        try:
            if scheme == "smtp":
                server.starttls(context=self._tls)
            if self._server.username:
                name, word = self._server.username, self._server.password or ""
                server.login(unquote(name), unquote(word))
            yield server
        finally:
            with suppress(smtplib.SMTPException, OSError):  # what it took is taken
                server.quit()
            server.close()


@per_app
def smtp(settings: Settings) -> Smtp:
    """The configured mail server; ask only where `smtp_url` is set."""
    return Smtp(settings)


@contextmanager
def _told_apart() -> Iterator[None]:
    """Say of a fault only whether to try again, and its code: a server's words may be anything."""
    try:
        yield
    except (smtplib.SMTPException, OSError) as fault:
        raise _meaning(fault) from None


def _meaning(fault: Exception) -> OutsideError:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return _by_code(next(iter(fault.recipients.values()))[0])
    if isinstance(fault, smtplib.SMTPDataError):
        return _by_code(fault.smtp_code)
    code = getattr(fault, "smtp_code", 500)
    reason = f"SMTP: {getattr(fault, 'smtp_code', type(fault).__name__)}"
    return Temporary(reason, opens_breaker=isinstance(fault, _OURS) and code >= 500)


def _by_code(code: int) -> OutsideError:
    return Permanent(f"SMTP: {code}") if code >= 500 else Temporary(f"SMTP: {code}")
