"""A site that sends campaigns: workers, the sandbox FCM, and two officers at their desks."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
from tests.identity.people import bearer, officer
from tests.journeys.demonstration import clean_env

OFFICER = "/api/v1/officer"
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
        if hasattr(self, "_app"):
            with self._app.app_context():
                engine().dispose()

    def draft(self, **wishes: Any) -> uuid.UUID:
        """A campaign to everybody at full speed, unless something else is wished."""
        asked = {
            "name": "Ngày Chuyển đổi số",
            "category": "events",
            "content": CONTENT,
            "link": "/news/ngay-chuyen-doi-so",
            "audience": {},
            **{"canary": 0, "ramp": 0, "spread": 0, "resend": False},
            **wishes,
        }
        return uuid.UUID(self._ask("POST", f"{OFFICER}/campaigns", asked, self._author)["id"])

    def launch(self, campaign: uuid.UUID) -> None:
        """One officer submits it, another approves it."""
        self._step(campaign, "submission", self._author)
        self._step(campaign, "approval", self._lead)

    def cancel(self, campaign: uuid.UUID) -> None:
        """The lead calls it off."""
        self._step(campaign, "cancellation", self._lead, reason="Gửi nhầm nội dung")

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

    def holder(self) -> Process:
        """A worker that is sending a shard now."""
        return wait_for(lambda: next(filter(self._sends, self.crew), None), seconds=60)

    def _sends(self, worker: Process) -> bool:
        return worker.running and bool(self.truth.held_by(worker.pid))

    def _prepare(self) -> None:
        self.fcm.start()
        self._app = create_app(Settings.from_env(self.env))
        self._author = bearer(officer(self._app, Role.IOC_OPERATOR, "ioc"))
        self._lead = bearer(officer(self._app, Role.IOC_LEAD, "ioc"))
        with self._app.app_context():
            fill(engine(), self.phones, every=self.every)
        self.addresses = self.truth.addresses()

    def _step(self, campaign: uuid.UUID, noun: str, who: dict[str, str], **told: str) -> None:
        path = f"{OFFICER}/campaigns/{campaign}"
        seen = self._app.test_client().get(path, headers=who)
        tag = {"If-Match": seen.headers["ETag"]}
        self._ask("PUT", f"{path}/{noun}", told, {**who, **tag})

    def _ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        answer = self._app.test_client().open(path, method=method, json=body, headers=headers)
        assert answer.status_code < 300, answer.json
        return answer.json
