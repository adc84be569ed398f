"""Rooms, beds and closures: which exist, which the sheets name first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from string import ascii_uppercase

from residents.names import fold
from shelter.imports.planning.material import Line
from sites.models import Bed, Room, Site

RoomKey = str
BedKey = tuple[str, str]


def room_key(name: object) -> RoomKey:
    """``001``, ``1`` and ``01`` are one room; so are ``R1`` and ``r1``."""
    return fold(str(name)).lstrip("0") or "0"


def bed_key(room: object, label: object) -> BedKey:
    return (room_key(room), fold(str(label)))


@dataclass
class Places:
    """The rooms and beds of a site by key, and those to make. ``made_*`` map a key to what it is to be called."""

    rooms: dict[RoomKey, Room] = field(default_factory=dict)
    beds: dict[BedKey, Bed] = field(default_factory=dict)
    made_rooms: dict[RoomKey, tuple[str, str]] = field(default_factory=dict)  # name, floor
    made_beds: dict[BedKey, str] = field(default_factory=dict)  # label
    closing: dict[BedKey, int] = field(default_factory=dict)  # out of order from today, by row

    @classmethod
    def of(cls, site: Site) -> Places:
        places = cls()
        for bed in Bed.objects.filter(room__site=site).select_related("room").order_by("pk"):
            places.beds.setdefault(bed_key(bed.room.name, bed.label), bed)
        for room in Room.objects.filter(site=site).order_by("pk"):
            places.rooms.setdefault(room_key(room.name), room)
        return places

    def name(self, key: BedKey) -> str:
        """The bed as people call it."""
        if key in self.beds:
            return str(self.beds[key])
        room = self.rooms[key[0]].name if key[0] in self.rooms else self.made_rooms[key[0]][0]
        return f"{room}-{self.made_beds[key]}"

    def learn(self, lines: Iterable[Line]) -> None:
        """Take in every room and bed that the lines name."""
        capacities: dict[RoomKey, int] = {}
        for line in lines:
            room, label = line.values.get("room"), line.values.get("bed")
            if not room:
                continue
            key = room_key(room)
            self._learn_room(key, str(room), str(line.values.get("floor") or ""))
            if label:
                self._learn_bed(bed_key(room, label), str(label))
                if line.values.get("bed_status") == "out_of_order":
                    self.closing.setdefault(bed_key(room, label), line.row_id)
            if line.kind == "room" and isinstance(line.values.get("capacity"), int):
                capacities[key] = line.values["capacity"]
        self._fill_rooms(capacities)

    def _learn_room(self, key: RoomKey, name: str, floor: str) -> None:
        if key in self.rooms:
            return
        known_name, known_floor = self.made_rooms.get(key, (name[:40], ""))
        self.made_rooms[key] = (known_name, known_floor or floor[:10])

    def _learn_bed(self, key: BedKey, label: str) -> None:
        if key not in self.beds:
            self.made_beds.setdefault(key, label[:20])

    def _fill_rooms(self, capacities: dict[RoomKey, int]) -> None:
        """A room known only by its capacity gets that many beds: A, B, C …"""
        named = {key for key, _ in (*self.beds, *self.made_beds)}
        for key, capacity in capacities.items():
            if key not in named:
                for label in ascii_uppercase[: min(capacity, 26)]:
                    self.made_beds[key, label.lower()] = label
