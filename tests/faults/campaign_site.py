"""A site that sends campaigns: workers, the sandbox FCM, and two officers at their desks."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from smartcity.app import create_app
from smartcity.core.db import engine
from smartcity.demo.client import wait_for
from smartcity.identity.permissions import Role
from smartcity.settings import Settings
from tests.faults.campaign_fcm import PushService
from tests.faults.campaign_phones import EVERY, fill
from tests.faults.campaign_province import wakeful
from tests.faults.campaign_records import CampaignRecords, Stand
from tests.faults.processes import Process
from tests.faults.site import Site
from tests.helpers import Headers, bearer, officer
from tests.journeys.demonstration import clean_env

CAMPAIGNS = "/api/v1/officer/campaigns"
CONTENT = {
    "vi": {
        "title": "Ngày Chuyển đổi số 26/3",
        "body": "Thành phố mời bạn cùng làm thủ tục trên mạng: nhanh hơn, không phải xếp hàng.",
    },
    "en": {
        "title": "Digital Transformation Day, 26 March",
        "body": "Try the city's online services: faster, and no queue.",
    },
}


@dataclass
class CampaignSite(Site):
    """Nothing is served: what an API would be asked goes through the application in this process.

    `phones` are registered before the workers start; every `every`th is dead.
    """

    names: tuple[str, ...] = ()
    serves: bool = False
    phones: int = 2_000
    every: int = EVERY

    def __post_init__(self) -> None:
        super().__post_init__()
        self.fcm = PushService(self.folder, clean_env())
        province = {"PROVINCE_DIR": str(wakeful(self.folder))}
        self.settings = {**self.fcm.settings, **province, **self.settings}
        self.truth = CampaignRecords(self.database)

    def __exit__(self, *exception: object) -> None:
        super().__exit__(*exception)
        self.fcm.kill()
        if hasattr(self, "app"):
            with self.app.app_context():
                engine().dispose()

    def draft(self, **wishes: Any) -> uuid.UUID:
        """A campaign to everybody at full speed, unless something else is wished.

        A critical one: any other waits while everybody sends, around the quarters of the hour.
        """
        asked = {
            "name": "Ngày Chuyển đổi số",
            "category": "warnings",
            "content": CONTENT,
            "link": "/news/ngay-chuyen-doi-so",
            **{"canary": 0, "ramp": 0, "resend": False},
            **wishes,
        }
        return uuid.UUID(self._ask("POST", "", asked, self._author).json["id"])

    def launch(self, campaign: uuid.UUID) -> None:
        """One officer submits it, another approves what he sees."""
        seen = self._ask("GET", f"/{campaign}", None, self._author)
        tag = {"If-Match": seen.headers["ETag"]}
        seen = self._ask("PUT", f"/{campaign}/submission", {}, {**self._author, **tag})
        tag, told = {"If-Match": seen.headers["ETag"]}, {"hash": seen.json["hash"]}
        self._ask("PUT", f"/{campaign}/approval", told, {**self._lead, **tag})

    def cancel(self, campaign: uuid.UUID) -> None:
        """The lead calls it off."""
        told = {"reason": "Gửi nhầm nội dung"}
        self._ask("PUT", f"/{campaign}/cancellation", told, self._lead)

    def awaited(
        self, campaign: uuid.UUID, what: Callable[[Stand], object], seconds: float = 240
    ) -> Stand:
        """How it stands as soon as something is so."""

        def look() -> Stand | None:
            stand = self.truth.stand(campaign)
            return stand if what(stand) else None

        return wait_for(look, seconds=seconds)

    def over(self, campaign: uuid.UUID, seconds: float = 240) -> float:
        """Wait until it has ended; how many seconds that took."""
        began = time.monotonic()
        self.awaited(campaign, lambda stand: stand.over, seconds)
        return time.monotonic() - began

    def sender(self) -> Process | None:
        """A worker that is sending a window now."""
        return next(filter(self._sends, self.crew), None)

    def _sends(self, worker: Process) -> bool:
        return worker.running and self.truth.sends(worker.pid)

    def _prepare(self) -> None:
        self.fcm.start()
        self.app = create_app(Settings.from_env(self.env))
        self._author = bearer(officer(self.app, Role.IOC_OPERATOR, "ioc"))
        self._lead = bearer(officer(self.app, Role.IOC_LEAD, "ioc"))
        with self.app.app_context():
            fill(engine(), self.phones, every=self.every)
        self.addresses = self.truth.addresses()

    def _ask(self, method: str, path: str, body: Any, headers: Headers) -> TestResponse:
        client = self.app.test_client()
        answer = client.open(CAMPAIGNS + path, method=method, json=body, headers=headers)
        assert answer.status_code < 300, answer.json
        return answer
