#!/bin/sh
# Run once by the postgres image, on an empty volume: the roles and the database. Passwords go in by the input, so that
# none shows among the processes.
set -eu
{
    printf "\\\\set database 'maisonnee'\n"
    printf "\\\\set owner_password '%s'\n" "$OWNER_PASSWORD"
    printf "\\\\set app_password '%s'\n" "$APP_PASSWORD"
    printf "\\\\set backup_password '%s'\n" "$BACKUP_PASSWORD"
    printf "\\\\set maintenance_password '%s'\n" "$MAINTENANCE_PASSWORD"
    cat "${ROLES:-/roles.sql}"
} | psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username postgres --dbname postgres
