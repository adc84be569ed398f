"""Requests from waiting lists: one open request for a person and site, whatever the list repeats."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from residents.models import IntakeRequest
from shelter.imports.planning.material import Line, Material, Remark, Who
from shelter.imports.values import day, outcome_state

State = IntakeRequest.State
STRUCK = frozenset({"done_by_strike", "left_by_strike", "left_by_colour", "done_by_colour"})
DAY_AND_MONTH = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})\b")


@dataclass(slots=True)
class RequestWanted:
    """A request to write, or with ``existing`` one whose answer the list brings."""

    who: Who
    requested_on: date
    priority: int
    state: str
    decided_on: date | None
    line: Line
    existing: IntakeRequest | None = None


class RequestPlanner:
    def __init__(self, material: Material) -> None:
        self.material = material
        self.requests: list[RequestWanted] = []
        self.known_rows: set[int] = set()
        self.remarks: list[Remark] = []
        self._waiting: dict[Who, RequestWanted] = {}
        self._seen: dict[Who, set[date]] = defaultdict(set)

    def plan(self) -> None:
        for line in self.material.lines:
            if line.kind == "waiting" and line.who:
                self._ask(line, line.who)

    def _ask(self, line: Line, who: Who) -> None:
        asked = self._wanted(line, who)
        known = self.material.requests.get(who, [])
        same = next((request for request in known if request.requested_on == asked.requested_on), None)
        if same is not None:
            self._answer(same, asked)
            return
        if asked.requested_on in self._seen[who]:
            self._note(line, "asks_again", day=asked.requested_on.isoformat())
            return
        if asked.state == State.WAITING and not self._may_wait(asked, known):
            return
        self._seen[who].add(asked.requested_on)
        self.requests.append(asked)

    def _wanted(self, line: Line, who: Who) -> RequestWanted:
        values = line.values
        requested_on = day(values.get("request_date"))
        if requested_on is None:
            requested_on = self.material.today
            self._note(line, "request_undated", "request_date", day=requested_on.isoformat())
        state = outcome_state(values.get("outcome"))
        if state == State.WAITING and STRUCK & set(line.flags):
            state = State.WITHDRAWN
            self._note(line, "struck_out")
        priority = values.get("priority")
        return RequestWanted(
            who=who,
            requested_on=requested_on,
            priority=priority if priority in IntakeRequest.Priority.values else IntakeRequest.Priority.NORMAL,
            state=state,
            decided_on=None if state == State.WAITING else decided_on(str(values.get("outcome") or ""), requested_on),
            line=line,
        )

    def _answer(self, known: IntakeRequest, asked: RequestWanted) -> None:
        """The request is there. If it still waits and the list has an answer, the answer is written."""
        self.known_rows.add(asked.line.row_id)
        if known.state == State.WAITING and asked.state != State.WAITING:
            asked.existing = known
            self.requests.append(asked)

    def _may_wait(self, asked: RequestWanted, known: list[IntakeRequest]) -> bool:
        waiting = next((request for request in known if request.state == State.WAITING), None)
        earlier = self._waiting.get(asked.who)
        if waiting is None and earlier is None:
            self._waiting[asked.who] = asked
            return True
        if earlier is not None:
            earlier.requested_on = min(earlier.requested_on, asked.requested_on)
            earlier.priority = min(earlier.priority, asked.priority)
        since = waiting.requested_on if waiting else earlier.requested_on if earlier else asked.requested_on
        self._note(asked.line, "asks_again", day=since.isoformat())
        return False

    def _note(self, line: Line, code: str, field: str = "", **params: str) -> None:
        self.remarks.append(Remark(line.row_id, code, field, params, is_notice=True))


def decided_on(outcome: str, requested_on: date) -> date:
    """The day in the words of the outcome ("placé Léopold 28/03"), in the year after the request; else the request's."""
    found = DAY_AND_MONTH.search(outcome)
    if found:
        for year in (requested_on.year, requested_on.year + 1):
            try:
                when = date(year, int(found[2]), int(found[1]))
            except ValueError:
                break
            if when >= requested_on:
                return when
    return requested_on
