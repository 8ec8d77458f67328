"""What other packages make registers with, and ask of them."""

from smartcity.registers.board_routes import board_of
from smartcity.registers.bringing import Brought, bring_in
from smartcity.registers.desk_routes import desk_of
from smartcity.registers.geography import box, nearest
from smartcity.registers.keeping import change, enter, move
from smartcity.registers.kind import Kind, Order, Record
from smartcity.registers.listing import (
    first_cards,
    for_phones,
    found,
    is_public,
    public,
    public_entry,
    wanted,
)
from smartcity.registers.models import Entry, EntryArea, EntryPoint, EntryVersion, State
from smartcity.registers.schemas import (
    ListQuery,
    PlacedIn,
    RecordIn,
    RegisterReasonIn,
    address,
    ward_field,
)
from smartcity.registers.states import DISCARD, PUBLISH, WITHDRAW

__all__ = [
    "DISCARD",
    "PUBLISH",
    "WITHDRAW",
    "Brought",
    "Entry",
    "EntryArea",
    "EntryPoint",
    "EntryVersion",
    "Kind",
    "ListQuery",
    "Order",
    "PlacedIn",
    "Record",
    "RecordIn",
    "RegisterReasonIn",
    "State",
    "address",
    "board_of",
    "box",
    "bring_in",
    "change",
    "desk_of",
    "enter",
    "first_cards",
    "for_phones",
    "found",
    "is_public",
    "move",
    "nearest",
    "public",
    "public_entry",
    "wanted",
    "ward_field",
]
