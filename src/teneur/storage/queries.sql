-- Statements of storage itself. Names in braces are identifiers or literals, quoted by the driver.

-- name: role_exists
-- Whether a role of this name exists in the server.
select exists (select from pg_roles where rolname = %(role)s);

-- name: database_exists
-- Whether a database of this name exists in the server.
select exists (select from pg_database where datname = %(database)s);

-- name: create_group_role
-- A role that only carries rights; whoever runs the engine is a member of it.
create role {role} nologin;

-- name: create_login_role
-- A role that may log in. The password comes as a SCRAM verifier: the server never sees the password.
create role {role} login password {verifier};

-- name: create_database
-- The database of the books, owned by the role that runs the migrations.
create database {database} owner {owner};

-- name: close_database
-- Nobody may connect or create anything but those who are named.
revoke all on database {database} from public;

-- name: open_database
-- The application may connect; it may create nothing, not even temporary tables.
grant connect on database {database} to {role};

-- name: create_schema
-- One schema a bank, where one database keeps several.
create schema if not exists {schema};

-- name: open_schema
-- The application may look into the schema; rights on tables are granted by the migrations.
grant usage on schema {schema} to {role};

-- name: create_migration_table
-- What was applied, in what order, with the hash of the file.
create table if not exists migration (
  name       text primary key,
  sha256     bytea not null,
  applied_at timestamptz not null default now()
);

-- name: migration_table_exists
-- Whether this schema was ever migrated.
select to_regclass('migration') is not null;

-- name: lock_migrations
-- One process migrates at a time; the others wait here, then find the work done.
lock table migration in exclusive mode;

-- name: migrations_applied
-- Everything applied so far, in order.
select name, sha256 from migration order by name;

-- name: record_migration
-- Written in the transaction of the migration itself.
insert into migration (name, sha256) values (%(name)s, %(sha256)s);
