-- The four roles of the house, for psql. Variables: database, owner_password, app_password, backup_password,
-- maintenance_password. Used by the embedded server and, mounted, by the one of docker-compose.yml.

-- Migrates. Every table is its own; nobody serves pages as this role.
CREATE ROLE maisonnee_owner LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
-- Serves pages and jobs. Owns nothing, cannot step over row-level security.
CREATE ROLE maisonnee_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';
-- Reads everything for the nightly dump, writes nothing.
CREATE ROLE maisonnee_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS PASSWORD :'backup_password';
ALTER ROLE maisonnee_backup SET default_transaction_read_only = on;
GRANT pg_read_all_data TO maisonnee_backup;
-- Data migrations, which a forced policy would otherwise turn into changes of nothing.
CREATE ROLE maisonnee_maintenance LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS
    PASSWORD :'maintenance_password';
GRANT pg_read_all_data, pg_write_all_data TO maisonnee_maintenance;

CREATE DATABASE :"database" OWNER maisonnee_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO maisonnee_app, maisonnee_maintenance;
GRANT CONNECT ON DATABASE :"database" TO maisonnee_backup;
