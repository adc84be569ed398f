from residents.models.break_glass import BreakGlass
from residents.models.intake import IntakeRequest
from residents.models.key_workers import KeyWorker
from residents.models.keys import PersonKey
from residents.models.nights import NightSheet, Presence
from residents.models.people import Household, Person, PersonMerge
from residents.models.readings import ReadingAlert
from residents.models.stays import BedAssignment, Stay

__all__ = [
    "BedAssignment",
    "BreakGlass",
    "Household",
    "IntakeRequest",
    "KeyWorker",
    "NightSheet",
    "Person",
    "PersonKey",
    "PersonMerge",
    "Presence",
    "ReadingAlert",
    "Stay",
]
