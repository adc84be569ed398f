"""Invented buildings, and the ways a bed in them is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from shelter.demo.mess.pen import Written
from shelter.demo.mess.words import read

ROOM_WORDS = {
    "fr": ["Ch. {}", "ch {}", "chambre {}", "Ch.{}"],
    "nl": ["K. {}", "kamer {}", "Kamer {}"],
    "en": ["Room {}", "room {}"],
}
PLACE_STYLES = {
    "joined": lambda slot, language: f"{slot.room}{slot.bed}",
    "dashed": lambda slot, language: f"{slot.room}-{slot.bed}",
    "slashed": lambda slot, language: f"{slot.room}/{slot.bed}",
    "words": lambda slot, language: {
        "fr": f"Ch. {slot.room} lit {slot.bed}",
        "nl": f"kamer {slot.room} bed {slot.bed}",
        "en": f"Room {slot.room} bed {slot.bed}",
    }[language],
    "with floor": lambda slot, language: f"R+{slot.floor} / {slot.room} / {slot.bed}",
}


@dataclass(frozen=True)
class Slot:
    """A bed: floor and room as numbers in text, the bed a letter or a number. ``word`` names containers."""

    floor: str
    room: str
    bed: str
    word: str = ""

    def written_floor(self, rng: Random) -> Written:
        return Written(rng.choice(read("wording")["floor_cells"][self.floor]), {"floor": self.floor})

    def written_room(self, rng: Random, language: str) -> Written:
        plain: str | int = int(self.room) if self.room.isdigit() and not self.room.startswith("0") else self.room
        text = f"{self.word} {self.room}" if self.word else rng.choice(ROOM_WORDS[language]).format(self.room)
        return Written(rng.choice((plain, plain, text)) if not self.word else text, {"room": self.room})

    def written_bed(self, rng: Random) -> Written:
        value: str | int = int(self.bed) if self.bed.isdigit() else self.bed
        return Written(value, {"bed": self.bed})

    def written_place(self, language: str, style: str) -> Written:
        fields = {"room": self.room, "bed": self.bed}
        if style == "with floor":
            fields["floor"] = self.floor
        return Written(PLACE_STYLES[style](self, language), fields)


def building(rng: Random, beds: int) -> list[Slot]:
    """About ``beds`` beds over one to four floors, rooms of two to six."""
    numbers = rng.choice(("hundreds", "hundreds", "padded", "running", "containers"))
    letters = numbers == "padded" or rng.random() < 0.7
    floors = 1 if numbers == "containers" else rng.choice((2, 3))
    size = rng.choice((2, 3, 4, 6))
    rooms = max(1, round(beds / (floors * size)))
    slots, running = [], 0
    lowest = 1 if numbers == "hundreds" else 0
    for floor in range(lowest, lowest + floors):
        for index in range(1, rooms + 1):
            running += 1
            room = {
                "hundreds": str(floor * 100 + index),
                "padded": f"{floor}{index:02d}",
                "running": str(running),
                "containers": str(running),
            }[numbers]
            word = "Module" if numbers == "containers" else ""
            labels = "ABCDEFGH"[:size] if letters else "12345678"[:size]
            slots += [Slot(str(floor), room, label, word) for label in labels]
    return slots


def place_style(rng: Random, slots: Iterable[Slot]) -> str:
    """A style that this building allows: a bed's number cannot be glued to the room's."""
    plain = all(slot.bed.isalpha() and not slot.word for slot in slots)
    return rng.choice([style for style in PLACE_STYLES if plain or style in ("words", "with floor")])
