"""Saying which staged persons the house knows already. Set-based, inside one organisation, precision first.

Three sources, the strongest first: a line that an earlier import brought (by digest), the SP number (by digest), and
names with what stands beside them. One sure candidate: matched. Likely ones: a person decides. None: new.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection

from residents.models import BedAssignment, Person
from shelter.accounts.models import User
from shelter.accounts.policy import Can
from shelter.identity import acting
from shelter.imports.likeness import Facts, Verdict, judge
from shelter.imports.models import ImportJob, Likeness, StagedPerson
from shelter.imports.planning.places import BedKey, bed_key

State = StagedPerson.State
NAMES_ONLY = ("presence", "bed")

MARK_KNOWN_RECORDS = """
    UPDATE imports_stagedrecord r SET is_known = true
    WHERE r.job_id = %(job)s AND (
        EXISTS (SELECT 1 FROM imports_provenance p WHERE p.site_id = %(site)s AND p.content = r.content)
        OR EXISTS (SELECT 1 FROM imports_provenance p WHERE p.site_id = %(site)s AND p.identity = r.identity)
    )
"""
# Whom an earlier import made of the very line, else of the same record.
KNOWN_BY_LINE = """
    SELECT r.person_id, coalesce(q.merged_into_id, q.id), p.content = r.content
    FROM imports_stagedrecord r
    JOIN imports_provenance p ON p.site_id = %(site)s AND p.{digest} = r.{digest}
    JOIN residents_person q ON q.id = p.person_id
    WHERE r.job_id = %(job)s AND r.person_id IS NOT NULL
"""
KNOWN_BY_SP = """
    SELECT s.id, coalesce(q.merged_into_id, q.id)
    FROM imports_stagedperson s
    JOIN imports_provenance p ON p.sp_digest = s.sp_digest
    JOIN residents_person q ON q.id = p.person_id
    WHERE s.job_id = %(job)s AND s.sp_digest IS NOT NULL
"""
# Each branch has an index of its own; one query with OR would have none.
CANDIDATES = """
    SELECT s.id, p.id FROM imports_stagedperson s
    JOIN residents_person p ON p.sounds @> s.sounds
    WHERE s.job_id = %(job)s AND cardinality(s.sounds) > 0
        AND p.organisation_id = %(organisation)s AND p.merged_into_id IS NULL
    UNION
    SELECT s.id, p.id FROM imports_stagedperson s
    JOIN residents_person p ON p.birth_date = s.birth_date AND p.sounds && s.near_sounds
    WHERE s.job_id = %(job)s AND p.organisation_id = %(organisation)s AND p.merged_into_id IS NULL
    UNION
    SELECT s.id, p.id FROM imports_stagedperson s
    JOIN residents_person p ON p.phone = s.phone AND p.sounds && s.near_sounds
    WHERE s.job_id = %(job)s AND s.phone <> '' AND p.organisation_id = %(organisation)s AND p.merged_into_id IS NULL
"""
BETWEEN_FILES = """
    SELECT a.id, b.id FROM imports_stagedperson a
    JOIN imports_stagedperson b ON b.job_id = a.job_id AND b.file_id > a.file_id
        AND (a.sp_digest = b.sp_digest OR a.sounds @> b.sounds OR b.sounds @> a.sounds)
    WHERE a.job_id = %(job)s
"""


def match_persons(job: ImportJob) -> None:
    """Set ``state``, ``person`` and ``evidence`` of every staged person, and write down whom to ask about."""
    _run(MARK_KNOWN_RECORDS, job)
    people = {staged.pk: staged for staged in job.persons.order_by("pk")}
    _join_files(job, people)
    leading = {key: staged for key, staged in people.items() if staged.same_as_id is None}
    _claim(leading, _one_each(_run(KNOWN_BY_LINE.format(digest="content"), job)), "same_line")
    _claim(leading, _one_each(_run(KNOWN_BY_SP, job)), "sp_number")
    _claim(leading, _one_each(_run(KNOWN_BY_LINE.format(digest="identity"), job)), "same_record")
    _claim(leading, _one_each(_named_in_their_bed(job, leading)), "same_bed")
    _judge_candidates(job, leading)
    _ask_about_strangers(job, leading)
    for staged in people.values():
        if staged.same_as_id:
            leader = people[staged.same_as_id]
            staged.state, staged.person_id, staged.evidence = leader.state, leader.person_id, leader.evidence
    known = [staged for staged in people.values() if staged.state != State.NEW or staged.same_as_id]
    StagedPerson.objects.bulk_update(known, ["state", "person", "evidence", "same_as"], batch_size=2000)


def _run(statement: str, job: ImportJob) -> Sequence[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"job": job.pk, "site": job.site_id, "organisation": job.site.organisation_id})
        return cursor.fetchall() if cursor.description else []


def _one_each(pairs: Iterable[tuple]) -> dict[int, int]:
    """Staged persons that point at exactly one person of the house, who is pointed at by no other."""
    persons: dict[int, set[int]] = defaultdict(set)
    claims: dict[int, set[int]] = defaultdict(set)
    for staged, person, *_ in pairs:
        persons[staged].add(person)
        claims[person].add(staged)
    return {
        staged: next(iter(found))
        for staged, found in persons.items()
        if len(found) == 1 and len(claims[next(iter(found))]) == 1
    }


def _claim(people: dict[int, StagedPerson], found: dict[int, int], evidence: str) -> None:
    taken = {staged.person_id for staged in people.values() if staged.person_id}
    for key, person_id in found.items():
        staged = people.get(key)
        if staged is not None and staged.person_id is None and person_id not in taken:
            staged.person_id, staged.state, staged.evidence = person_id, State.MATCHED, [evidence]


def _named_in_their_bed(job: ImportJob, people: dict[int, StagedPerson]) -> list[tuple[int, int]]:
    """Night lists and bed plans name people only: a name that the house knows in the very bed is that person."""
    named = list(job.records.filter(kind__in=NAMES_ONLY, person__in=people).values_list("person", "values"))
    if not named:
        return []
    sleepers: dict[BedKey, set[Person]] = defaultdict(set)
    given = BedAssignment.objects.filter(stay__site=job.site_id).select_related("bed__room", "stay__person")
    for assignment in given.order_by("pk"):
        bed = bed_key(assignment.bed.room.name, assignment.bed.label)
        sleepers[bed].add(assignment.stay.person)
    found: set[tuple[int, int]] = set()
    for staged_id, values in named:
        if staged_id is None:
            continue
        for person in sleepers.get(bed_key(values.get("room"), values.get("bed")), ()):
            verdict = judge(staged_facts(people[staged_id]), person_facts(person))
            if verdict.reasons[:1] == ["name"] and not any(reason.startswith("other_") for reason in verdict.reasons):
                found.add((staged_id, person.pk))
    return sorted(found)


def _judge_candidates(job: ImportJob, people: dict[int, StagedPerson]) -> None:
    """Compare names and what stands beside them with the house's persons; likely ones become questions."""
    open_ = {key for key, staged in people.items() if staged.person_id is None}
    pairs = [(staged, person) for staged, person in _run(CANDIDATES, job) if staged in open_]
    persons = {person.pk: person for person in Person.objects.filter(pk__in={person for _, person in pairs})}
    verdicts: dict[int, list[tuple[Verdict, Person]]] = defaultdict(list)
    for key, person_id in pairs:
        verdict = judge(staged_facts(people[key]), person_facts(persons[person_id]))
        if verdict.is_likely:
            verdicts[key].append((verdict, persons[person_id]))
    taken = {staged.person_id for staged in people.values() if staged.person_id}
    claims: dict[int, int] = defaultdict(int)
    for found in verdicts.values():
        for verdict, person in found:
            claims[person.pk] += verdict.is_sure
    questions: list[Likeness] = []
    for key, found in verdicts.items():
        found.sort(key=lambda pair: (-pair[0].score, pair[1].pk))
        sure = [(verdict, person) for verdict, person in found if verdict.is_sure]
        staged = people[key]
        if len(sure) == 1 and claims[sure[0][1].pk] == 1 and sure[0][1].pk not in taken:
            staged.person, staged.state, staged.evidence = sure[0][1], State.MATCHED, sure[0][0].reasons
            continue
        left = [pair for pair in found if pair[1].pk not in taken]
        if left:
            staged.state = State.AMBIGUOUS
            questions.extend(
                Likeness(staged=staged, person=person, score=verdict.score, reasons=verdict.reasons)
                for verdict, person in left[:5]
            )
    Likeness.objects.bulk_create(questions)


def _ask_about_strangers(job: ImportJob, people: dict[int, StagedPerson]) -> None:
    """However sure: whom the importer does not see is not taken, or an import would tell who lives where (A9d).

    The question says only that they are known elsewhere. Nobody acts in a command: whoever holds the server reaches all.
    """
    if (user_id := acting()) is None:
        return
    reach = User.objects.get(pk=user_id).access.sites(Can.SEE_PEOPLE) | {job.site_id}
    matched = {staged.person_id for staged in people.values() if staged.person_id}
    seen = set(Person.objects.known_at(reach).filter(pk__in=matched).values_list("pk", flat=True))
    questions = []
    for staged in people.values():
        if staged.person_id and staged.person_id not in seen:
            questions.append(Likeness(staged=staged, person_id=staged.person_id, score=100, reasons=staged.evidence))
            staged.person_id, staged.state, staged.evidence = None, State.AMBIGUOUS, []
    Likeness.objects.bulk_create(questions)


def _join_files(job: ImportJob, people: dict[int, StagedPerson]) -> None:
    """One person written in two files of the job is matched, and let in, once."""
    if len({staged.file_id for staged in people.values()}) < 2:
        return
    for one, other in sorted(_run(BETWEEN_FILES, job)):
        first, second = people[one], people[other]
        same_number = bool(first.sp_digest) and first.sp_digest == second.sp_digest
        if second.same_as_id is None and (same_number or judge(staged_facts(first), staged_facts(second)).is_sure):
            second.same_as_id = first.same_as_id or first.pk


def staged_facts(staged: StagedPerson) -> Facts:
    return Facts(
        name=staged.search_name,
        birth_date=staged.birth_date,
        precision=staged.birth_precision,
        nationalities=[staged.nationality] if staged.nationality else [],
        phone=staged.phone,
        gender=staged.gender,
    )


def person_facts(person: Person) -> Facts:
    return Facts(
        name=f"{person.first_name} {person.last_name}".strip() or person.known_as,
        birth_date=person.birth_date,
        precision=person.birth_precision,
        nationalities=person.nationalities,
        phone=person.phone,
        gender=person.gender,
    )
