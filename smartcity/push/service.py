"""What other packages may ask of push."""

from smartcity.push import brakes
from smartcity.push.addresses import (
    Address,
    devices_of,
    prune,
    prune_all,
    quarantine,
    quarantine_all,
)
from smartcity.push.audience import AudienceRule, Counted, Ward, counted, matching, meets
from smartcity.push.broadcasts import broadcast, recall
from smartcity.push.categories import Category, categories, link_allowed, topics
from smartcity.push.device_key import key as device_key
from smartcity.push.device_key import names_key as names_device_key
from smartcity.push.devices import found, keyed, owned
from smartcity.push.hygiene import KEPT as DEVICES_KEPT
from smartcity.push.hygiene import QUARANTINE_KEPT, devices_over, quarantine_over
from smartcity.push.models import Brake, Device
from smartcity.push.personal import (
    broadcasts_over,
    erase_devices,
    erase_inbox,
    erase_marks,
    held_devices,
    held_inbox,
    held_marks,
    inbox_over,
    marks_over,
)
from smartcity.push.quiet import ends_at, province_quiet_ends
from smartcity.push.telling import NOTIFY, message
from smartcity.push.versions import app_number

__all__ = [
    "DEVICES_KEPT",
    "NOTIFY",
    "QUARANTINE_KEPT",
    "Address",
    "AudienceRule",
    "Brake",
    "Category",
    "Counted",
    "Device",
    "Ward",
    "app_number",
    "brakes",
    "broadcast",
    "broadcasts_over",
    "categories",
    "counted",
    "device_key",
    "devices_of",
    "devices_over",
    "ends_at",
    "erase_devices",
    "erase_inbox",
    "erase_marks",
    "found",
    "held_devices",
    "held_inbox",
    "held_marks",
    "inbox_over",
    "keyed",
    "link_allowed",
    "marks_over",
    "matching",
    "meets",
    "message",
    "names_device_key",
    "owned",
    "province_quiet_ends",
    "prune",
    "prune_all",
    "quarantine",
    "quarantine_all",
    "quarantine_over",
    "recall",
    "topics",
]
