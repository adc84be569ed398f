-- The roles of the house, for psql. Variables: database, owner_password, app_password, backup_password,
-- maintenance_password. Used by the embedded server and, mounted, by the one of docker-compose.yml.
-- Running it again changes nothing but the passwords, and adds what an older house lacks.

SELECT format('CREATE ROLE maisonnee_%s', name) FROM unnest(ARRAY['owner', 'app', 'definer', 'backup', 'maintenance']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'maisonnee_' || name) \gexec

-- Migrates. Every table is its own; nobody serves pages as this role, and forced policies show it nothing.
ALTER ROLE maisonnee_owner LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
-- Serves pages and jobs. Owns nothing, cannot step over row-level security.
ALTER ROLE maisonnee_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password';
-- Owns the few functions that must see past row-level security. Nobody logs in as this role.
ALTER ROLE maisonnee_definer NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS;
GRANT pg_read_all_data, pg_write_all_data TO maisonnee_definer;
-- Reads everything for the nightly dump, writes nothing.
ALTER ROLE maisonnee_backup LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS PASSWORD :'backup_password';
ALTER ROLE maisonnee_backup SET default_transaction_read_only = on;
GRANT pg_read_all_data TO maisonnee_backup;
-- Data migrations and the commands of whoever holds the server, which act for no user.
ALTER ROLE maisonnee_maintenance LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS
    PASSWORD :'maintenance_password';
GRANT pg_read_all_data, pg_write_all_data TO maisonnee_maintenance;
-- A migration gives functions to the one and changes data as the other; by itself the owner has neither's rights.
GRANT maisonnee_definer, maisonnee_maintenance TO maisonnee_owner WITH INHERIT FALSE, SET TRUE;

SELECT format('CREATE DATABASE %I OWNER maisonnee_owner', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO maisonnee_app, maisonnee_maintenance;
GRANT CONNECT ON DATABASE :"database" TO maisonnee_backup;
