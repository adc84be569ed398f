"""Code that breaks every rule of rules.yml on purpose, so that the scan is known to work. Nobody imports it."""
# ruff: noqa
# type: ignore


def formatted_sql(cursor, Model, name):
    # ruleid: formatted-sql
    cursor.execute(f"SELECT * FROM residents_person WHERE last_name = '{name}'")
    # ruleid: formatted-sql
    cursor.execute("SELECT * FROM residents_person WHERE last_name = '%s'" % name)
    # ruleid: formatted-sql
    cursor.execute("SELECT * FROM residents_person WHERE last_name = '" + name + "'")
    # ruleid: formatted-sql
    Model.visible.raw("SELECT * FROM residents_person WHERE last_name = '%s'" % name)
    # ruleid: formatted-sql
    Model.objects.visible_to(name).extra(where=[name])
    # ok: formatted-sql
    cursor.execute("SELECT * FROM residents_person WHERE last_name = %s", [name])


def unscoped_manager(request, Person):
    # ruleid: unscoped-manager
    Person.objects.get(public_id=request.GET["person"])
    # ruleid: unscoped-manager
    Person.objects.all()
    # ok: unscoped-manager
    Person.objects.visible_to(request.user).get(public_id=request.GET["person"])


def set_without_local(cursor, user):
    # ruleid: set-without-local
    cursor.execute("SET maisonnee.user = '1'")
    # ruleid: set-without-local
    cursor.execute("SELECT set_config('maisonnee.user', '1', false)")
    # ok: set-without-local
    cursor.execute("SELECT set_config('maisonnee.user', '1', true)")
    # ok: set-without-local
    cursor.execute("SET LOCAL lock_timeout = '5s'")


def markup(mark_safe, name):
    # ruleid: mark-safe
    return mark_safe("<b>" + name + "</b>")


def forms(csrf_exempt, view):
    # ruleid: csrf-exempt
    return csrf_exempt(view)


def logs(logger, person):
    # ruleid: logged-person
    logger.info("Seen %s", person)
    # ruleid: logged-person
    logger.info("Seen %s", person.last_name)
    # ruleid: logged-person
    logger.warning("Seen %s", str(person))
    # ok: logged-person
    logger.info("Seen %s", person.pk)
