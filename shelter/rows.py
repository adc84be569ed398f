"""Row-level security, declared beside each model: which rows the database shows to whom, and lets them write.

It is the second lock. ``visible_to`` narrows what a page shows; these conditions hold for whatever a page forgot. They
may be coarser than the pages, never narrower. ``migrate`` makes the policies in the database what the models say::

    rows = Rows(read="site_id = ANY ({sites:see_beds})", write="site_id = ANY ({sites:edit_places})")

Conditions are SQL over the model's own columns. Placeholders become sub-selects, which run once a statement:

    {sites:a,b}       the sites where the acting user may do one of these actions of the policy table
                      (and "importing": those of the organisation, while an import runs that they may make)
    {everywhere:a,b}  whether they may in the whole house
    {assigned:a,b}    the persons assigned to them, where their role may do it at least for those; and those whom they opened
                      for it in an emergency, for as long as it lasts
    {workplaces}      the sites where they work, whatever their role there
    {user}            their id, {supervisors} those of who supervises what they follow
    {colleagues}      who works or worked in an organisation where they work, {team} whose account they look after
    {door}            the id of whoever is coming in, before anybody acts
    {invitation}      the digest of the link that is held, {inviter} who sent it, {approver} who agreed, {invited_to} the
                      site where it leads, {invited_address} where it was sent
    {readers}         whose readings ask for an explanation, at sites where they look at that
    {proposers}       who proposed the roles that wait at sites where they keep the team
    {table}           the table itself, to name its columns inside a sub-select

The history of a model is read like the model, written by triggers alone, and never changed.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from psycopg import sql

FUNCTIONS = {
    "sites": "(SELECT house_sites({}))::bigint[]",
    "everywhere": "(SELECT house_everywhere({}))",
    "assigned": "(SELECT house_assigned({}))::bigint[]",
    "workplaces": "(SELECT house_workplaces())::bigint[]",
    "user": "(SELECT house_user())",
    "supervisors": "(SELECT house_supervisors())::bigint[]",
    "invitation": "(SELECT house_invitation())",
    "inviter": "(SELECT house_invited_by())",
    "approver": "(SELECT house_approved_by())",
    "proposers": "(SELECT house_proposers())::bigint[]",
    "invited_to": "(SELECT house_invited_to())",
    "invited_address": "(SELECT house_invited_address())",
    "readers": "(SELECT house_readers())::bigint[]",
    "door": "(SELECT house_door())",
    "colleagues": "(SELECT house_colleagues())::bigint[]",
    "team": "(SELECT house_team())::bigint[]",
}
PLACEHOLDER = re.compile(r"\{(\w+)(?::([\w,]+))?\}")


@dataclass(frozen=True)
class Policy:
    """What one command asks. ``using``: of rows that are there already; ``check``: of rows as they would be written."""

    command: str
    using: str = ""
    check: str = ""

    @property
    def name(self) -> str:
        return f"house_{self.command.lower()}"

    def on(self, table: str) -> sql.Composed:
        clauses = {"USING": self.using, "WITH CHECK": self.check}
        return sql.SQL("CREATE POLICY {} ON {} FOR {}{}").format(
            sql.Identifier(self.name),
            sql.Identifier(table),
            sql.SQL(self.command),
            sql.SQL("").join(
                sql.SQL(f" {word} ({expanded(condition, table)})") for word, condition in clauses.items() if condition
            ),
        )


@dataclass(frozen=True)
class Rows:
    """``write`` is what one may insert, update and delete; each may have a condition of its own instead.

    ``hold``: what one may lock although one may not change it, for SELECT FOR UPDATE asks what UPDATE asks.
    ``history``: what one may read of its versions, where that differs from ``read``.
    """

    read: str
    write: str = "false"
    insert: str = ""
    update: str = ""
    delete: str = ""
    hold: str = ""
    history: str = ""

    def policies(self) -> list[Policy]:
        update = self.update or self.write
        return [
            Policy("SELECT", using=self.read),
            Policy("INSERT", check=self.insert or self.write),
            Policy("UPDATE", using=self.hold or update, check=update),
            Policy("DELETE", using=self.delete or self.write),
        ]


@dataclass(frozen=True)
class Unscoped:
    """A table without row-level security, and why that is right."""

    reason: str


def rows_of(model: type[Model]) -> Rows | Unscoped | None:
    """What the model declares; a history follows its model, and that of an unscoped one is nobody's to read."""
    tracked = getattr(model, "pgh_tracked_model", None)
    if tracked is None:
        return getattr(model, "rows", None)
    declared = rows_of(tracked)
    read = declared.history or declared.read if isinstance(declared, Rows) else "false"
    return Rows(read=read, insert="pg_trigger_depth() > 0")


def expanded(condition: str, table: str) -> str:
    """The condition as the database reads it, for this table."""

    def sub_select(match: re.Match[str]) -> str:
        word, actions = match[1], match[2]
        if word == "table":
            return table
        return FUNCTIONS[word].format(", ".join(f"'{action}'" for action in actions.split(",")) if actions else "")

    return PLACEHOLDER.sub(sub_select, condition)


def our_models() -> Iterator[type[Model]]:
    """The tables that the house itself defines, histories included."""
    for app in apps.get_app_configs():
        if settings.BASE_DIR.joinpath(*app.name.split(".")).is_dir():
            yield from (model for model in app.get_models(include_auto_created=True) if model._meta.managed)


def check_rows(**_kwargs: object) -> list[CheckMessage]:
    """Every model says whose rows are whose, in words that the policy table knows."""
    from shelter.accounts.policy import Can

    known = {can.value for can in Can} | {"importing"}
    found: list[CheckMessage] = []
    for model in our_models():
        rows = rows_of(model)
        if rows is None:
            hint = 'Declare rows = Rows(read=…, write=…), or Unscoped("why"): see shelter/rows.py.'
            found.append(Error(f"{model._meta.label} does not say who sees its rows.", hint, model, "shelter.E001"))
        if isinstance(rows, Rows):
            asked = " ".join(f"{policy.using} {policy.check}" for policy in rows.policies())
            named = {action for _, actions in PLACEHOLDER.findall(asked) for action in actions.split(",") if actions}
            for action in sorted(named - known):
                words = f"{model._meta.label} asks for an action that the policy table does not know: {action}."
                found.append(Error(words, obj=model, id="shelter.E002"))
    return found


def tell_the_database(app_config: AppConfig, using: str, **_kwargs: object) -> None:
    """After each ``migrate``: make the policies of an app's tables what its models say, where they differ."""
    models = [model for model in our_models() if apps.get_app_config(model._meta.app_label) is app_config]
    with connections[using].cursor() as cursor:
        for model in models:
            rows = rows_of(model)
            _settle(cursor, model._meta.db_table, rows if isinstance(rows, Rows) else None)


def _settle(cursor: CursorWrapper, table: str, rows: Rows | None) -> None:
    """A policy carries the digest of its declaration as comment: PostgreSQL gives conditions back in words of its own."""
    wanted = {policy.name: policy.on(table).as_string(None) for policy in (rows.policies() if rows else [])}
    digests = {policy: hashlib.sha256(text.encode()).hexdigest() for policy, text in wanted.items()}
    cursor.execute(POLICIES, [table])
    there = dict(cursor.fetchall())
    name = sql.Identifier(table)
    for policy in there.keys() - {policy for policy in wanted if there.get(policy) == digests[policy]}:
        cursor.execute(sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(policy), name))
    for policy in sorted(wanted):
        if there.get(policy) != digests[policy]:
            cursor.execute(wanted[policy])
            comment = sql.SQL("COMMENT ON POLICY {} ON {} IS {}")
            cursor.execute(comment.format(sql.Identifier(policy), name, sql.Literal(digests[policy])))
    cursor.execute("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", [table])
    if cursor.fetchone()[0] != bool(rows):
        words = "ENABLE ROW LEVEL SECURITY, FORCE" if rows else "DISABLE ROW LEVEL SECURITY, NO FORCE"
        cursor.execute(sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY").format(name, sql.SQL(words)))


POLICIES = "SELECT polname, obj_description(oid, 'pg_policy') FROM pg_policy WHERE polrelid = %s::regclass"
