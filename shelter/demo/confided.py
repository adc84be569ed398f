"""What part of the demo people confide: files, key workers, consents, notes and papers of each class, all invented."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle

from casework import services
from casework.kinds import Kind
from casework.models import CaseFile, Consent
from residents.models import Person
from shelter.accounts.models import Membership, User
from shelter.accounts.policy import Role
from shelter.identity import acting_as
from sites.models import Site

FOLLOWED = 10  # persons of each site that has a social worker
NOTES = {
    Kind.SOCIAL: (
        "Premier entretien. Cherche un cours de français le matin. Demande une domiciliation.",
        "A retrouvé un cousin à Liège. Souhaite de l’aide pour l’abonnement de train.",
        "Inscription au cours confirmée. Reste à obtenir la carte médicale.",
    ),
    Kind.MEDIATION: ("Accord entre voisins de chambre : lumière éteinte à 23 h.",),
    Kind.LEGAL: (
        "Rendez-vous pris avec Me Exemple. Apporter la convocation et deux photos.",
        "Recours préparé, à relire ensemble la semaine prochaine.",
    ),
    Kind.OUTCOME: ("Consultation faite, contrôle dans trois semaines.",),
    Kind.INSTRUCTION: ("Ne pas servir d’arachides.", "Donner un lit du bas."),
}
WRITERS = {
    Role.SOCIAL_WORKER: (Kind.SOCIAL,),
    Role.MEDIATOR: (Kind.MEDIATION,),
    Role.JURIST: (Kind.LEGAL,),
    Role.HEALTH: (Kind.OUTCOME, Kind.INSTRUCTION),
}
PAPERS = {
    Role.SOCIAL_WORKER: (Kind.SOCIAL, "Attestation d’hébergement"),
    Role.JURIST: (Kind.LEGAL, "Convocation (exemple)"),
    Role.HEALTH: (Kind.OUTCOME, "Attestation de visite (exemple)"),
}


def confide(*, tonight: date) -> int:
    """At every site with a social worker. Returns how many persons are followed."""
    sites = Site.objects.filter(memberships__role=Role.SOCIAL_WORKER).distinct().order_by("pk")
    return sum(_follow(site, tonight) for site in sites)


def _follow(site: Site, tonight: date) -> int:
    team = {
        Role(each.role): each
        for each in Membership.objects.valid().filter(site=site).select_related("user", "site").order_by("-pk")
    }
    coordinator = team[Role.COORDINATOR].user
    people = Person.objects.housed_on(tonight, [site.pk]).order_by("search_name", "pk")[:FOLLOWED]
    for number, person in enumerate(people):
        # Not everyone is followed by everyone: the pages show both.
        roles = [role for place, role in enumerate(_followers()) if role in team and number % (place + 1) == 0]
        with acting_as(coordinator.pk):
            for role in roles:
                supervisor = team[Role.SOCIAL_WORKER].user if role is Role.INTERN else None
                services.assign_key_worker(person=person, membership=team[role], supervisor=supervisor, by=coordinator)
        for role in roles:
            if role in WRITERS:
                _write(person, team[role].user, role, number, tonight)
        if number % 2 == 0:
            _agree(person, team[Role.SOCIAL_WORKER].user)
    return len(people)


def _followers() -> Iterator[Role]:
    """The first follows everybody, the next every second person, and so on."""
    yield from (Role.SOCIAL_WORKER, Role.JURIST, Role.HEALTH, Role.MEDIATOR, Role.INTERN)


def _write(person: Person, user: User, role: Role, number: int, tonight: date) -> None:
    with acting_as(user.pk):
        file = CaseFile.objects.get(person=person)
        for kind in WRITERS[role]:
            texts = cycle(NOTES[kind])
            for week in range(len(NOTES[kind]) if number < 3 else 1):
                services.write_note(
                    file=file,
                    kind=kind,
                    text=next(texts),
                    happened_on=tonight - timedelta(days=3 + 7 * week),
                    next_on=tonight + timedelta(days=4 + number) if kind is Kind.LEGAL else None,
                    is_evidence=kind is Kind.OUTCOME and number == 0,
                    by=user,
                )
        if role in PAPERS and number < 3:
            kind, title = PAPERS[role]
            services.keep_document(
                file=file,
                kind=kind,
                title=title,
                name="exemple.pdf",
                content=one_page(f"Exemple fictif {number}"),
                by=user,
            )


def _agree(person: Person, user: User) -> None:
    with acting_as(user.pk):
        services.give_consent(
            person=person, what=Consent.What.SHARE_WITH_JURIST, how=Consent.How.INTERPRETED, language="fr", by=user
        )


def one_page(text: str) -> bytes:
    """A PDF of one line of plain letters, which every reader opens."""
    drawing = f"BT /F1 18 Tf 72 760 Td ({text}) Tj ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 5 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>",
    )
    file, starts = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        starts.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    count = len(objects) + 1
    return (
        file
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            count,
            table,
            count,
            len(file),
        )
    )
