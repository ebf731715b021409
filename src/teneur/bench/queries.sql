-- Statements of the bench. Names in braces are identifiers, quoted by the driver.

-- name: durability
-- The settings that decide whether a commit survives a power cut, as this session sees them.
select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit');

-- name: server
-- Version and memory of the server.
select current_setting('server_version'), current_setting('shared_buffers'), current_setting('max_wal_size');

-- name: mark_schema
-- Hold the schema of a run for as long as the session lives.
select pg_try_advisory_lock(1414090067, hashtext(%(schema)s));

-- name: schemas_of_runs
-- The schemas of runs, also of those that were killed.
select nspname from pg_namespace where nspname like %(pattern)s;

-- name: drop_schema
-- Everything that a run has stored.
drop schema if exists {schema} cascade;

-- name: create_schema
-- A schema for a peer.
create schema {schema};

-- name: copy_accounts
-- Accounts in bulk, with what OpenAccount would store of them.
copy account (book, account, kind, status, currency, floor_minor, holders, contract, branch, iban, opened_on)
  from stdin (format binary);

-- name: copy_ibans
-- Their IBANs.
copy iban_directory (iban, account_id) from stdin (format binary);

-- name: analyze_accounts
-- Statistics, and the visibility that a table of some age has.
vacuum analyze account;

-- name: analyze_ibans
-- The same for the directory.
vacuum analyze iban_directory;

-- name: read_journal
-- The rows of one batch as they were stored, in the form in which COPY takes them.
copy (select * from journal where book = %(book)s and position between %(first)s and %(last)s order by position)
  to stdout (format binary);

-- name: read_record
-- Their records.
copy (select * from record where book = %(book)s and position between %(first)s and %(last)s order by position)
  to stdout (format binary);

-- name: sizes
-- Bytes of every table of the schema with its indexes and what is stored out of line.
select relname, pg_total_relation_size(oid) from pg_class
 where relnamespace = current_schema()::regnamespace and relkind = 'r' order by relname;

-- name: create_commits
-- The table of the bare commits.
create table bare_commit (n bigint primary key);

-- name: grant_commits
-- The same role commits as runs the engine.
grant insert on bare_commit to {role};

-- name: bare_commit
-- One row.
insert into bare_commit (n) values (%(n)s);

-- name: invariants
-- What must hold of a journal: dense positions, sequences without gaps, running balances, nothing below its floor.
with p as (select book, account, count(*) as rows, max(sequence) as last, sum(amount_minor) as total from posting group by 1, 2),
     b as (select book, count(*) as rows, max(position) as last from journal group by 1)
select (select coalesce(sum(rows), 0) from b) as rows,
       (select count(*) from b where rows <> last) as books_not_dense,
       (select count(*) from p where rows <> last) as broken_sequences,
       (select coalesce(sum(total), 0) from p) as trial_balance,
       (select count(*) from (select balance_minor, sum(amount_minor) over (partition by book, account order by sequence) as total
                                from posting) x where balance_minor <> total) as broken_balances,
       (select count(*) from posting q join account a using (book, account)
         where q.amount_minor < 0 and q.balance_minor < a.floor_minor) as overdrawn,
       (select count(*) from journal j left join record r using (book, position)
         where j.line = 0 and r.position is null) as without_record;
