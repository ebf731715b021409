-- The books: one append-only journal, the accounts, and what hangs on them.
-- The book stands first in every key, no key or reference crosses books, nothing here is a trigger or a rule.

create table book (
  book integer primary key check (book between 0 and 1000000),
  name text not null,
  opened_on date not null
);

-- What a decision rests on: its reason (when refused or pending) and the clauses it cites. Content-addressed: the id is
-- the first half of the SHA-256 of the content, so that two writers never have to agree on a number.
create table ground (
  ground uuid primary key,
  reason text not null,
  clauses text[] not null
);

-- A set of agreement versions with their first days and particular terms. Content-addressed and immutable; an account
-- that moves to a new version points to another set.
create table contract (
  contract uuid primary key,
  versions text not null
);

-- Accounts, customers' and the bank's own. No balance stands here: a balance is the last running balance of the journal.
-- Every change of a row is made by a command whose journal row names the account, so that caches can forget it.
create table account (
  book integer not null references book,
  account integer not null check (account > 0),
  kind smallint not null,
  status smallint not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  floor_minor bigint not null,
  held_minor bigint not null default 0 check (held_minor >= 0),
  unavailable_minor bigint not null default 0 check (unavailable_minor >= 0),
  holders integer[] not null default '{}',
  contract uuid references contract,
  branch text not null default '',
  iban text not null default '',
  label text not null default '',
  opened_on date not null,
  closed_on date,
  primary key (book, account)
);

-- Which account an IBAN names. Its own table, keyed by the value, since uniqueness may not cross books.
create table iban_directory (
  iban text primary key,
  account_id bigint not null
);

-- One row is one outcome at one position: the answer to a command, the entry it made, its idempotency key and the leaf of
-- its evidence. Columns stand in order of size, so that no byte is lost to alignment.
create table journal (
  position bigint not null check (position > 0),
  amount_minor bigint check (amount_minor > 0),
  debit_sequence bigint,
  credit_sequence bigint,
  debit_balance_minor bigint,
  credit_balance_minor bigint,
  received_at timestamptz not null,
  book integer not null,
  debit integer,
  credit integer,
  subject integer,            -- null when the entry of the row names it
  booked_on date not null,
  debit_value_on date,
  credit_value_on date,
  actor integer not null,
  kind smallint not null,
  outcome smallint not null,
  channel smallint not null,
  line smallint not null,     -- 0: first row of its operation, whose id is (book, position - line)
  key uuid,                   -- on the first row only
  request uuid,               -- half of the SHA-256 of what was asked, by whom
  ground uuid not null,
  leaf bytea not null,
  primary key (book, position),
  check (num_nonnulls(amount_minor, debit, credit, debit_sequence, credit_sequence, debit_balance_minor,
                      credit_balance_minor, debit_value_on, credit_value_on) in (0, 9)),
  check (debit <> credit)
);
create unique index journal_key on journal (book, key) where key is not null;
create unique index journal_debit on journal (book, debit, debit_sequence) where debit_sequence is not null;
create unique index journal_credit on journal (book, credit, credit_sequence) where credit_sequence is not null;
create index journal_subject on journal (book, subject, position) where subject is not null;

-- The content that a leaf covers by its salted hash. Apart from the journal, so that personal data can be erased in time
-- while every proof stays valid.
create table record (
  book integer not null,
  position bigint not null,
  salt bytea not null,
  body bytea not null,
  primary key (book, position)
);

-- Money kept aside on an account. The id is the position of the row that placed it.
create table hold (
  book integer not null,
  account integer not null,
  hold bigint not null,
  amount_minor bigint not null check (amount_minor > 0),
  left_minor bigint not null check (left_minor between 0 and amount_minor),
  status smallint not null,
  purpose text not null,
  placed_at timestamptz not null,
  expires_at timestamptz,
  primary key (book, account, hold),
  foreign key (book, account) references account
);
create index hold_expiry on hold (book, expires_at) where status = 1 and expires_at is not null;

-- Operations undone by a later entry: at most once each.
create table reversal (
  book integer not null,
  operation bigint not null,
  reversed_by bigint not null,
  primary key (book, operation)
);

-- Duties: what is owed by whom until when, by which clause, and what discharged it.
create table obligation (
  book integer not null,
  account integer not null,
  obligation bigint not null,
  line smallint not null,
  kind text not null,
  about text not null,
  clause text not null,
  debtor text not null,
  starts_at timestamptz not null,
  due_at timestamptz,
  discharged_at timestamptz,
  discharged_by text,
  primary key (book, account, obligation, line)
);
create index obligation_due on obligation (book, due_at) where discharged_at is null;
create index obligation_about on obligation (book, account, kind, about) where discharged_at is null;

-- The two sides of every entry, each as its account sees it.
create view posting as
  select book, debit as account, debit_sequence as sequence, position, line, -amount_minor as amount_minor,
         debit_balance_minor as balance_minor, credit as other, booked_on, debit_value_on as value_on, received_at, kind, ground
    from journal where debit_sequence is not null
  union all
  select book, credit, credit_sequence, position, line, amount_minor,
         credit_balance_minor, debit, booked_on, credit_value_on, received_at, kind, ground
    from journal where credit_sequence is not null;

-- What the engine may do. The journal, and what its leaves cover, is only ever appended to.
-- (Where the installation has one role for everything, the block does nothing and the program says so at start.)
do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert on book, ground, contract, iban_directory, journal, record, reversal to teneur_app;
    grant select, insert, update on account, hold, obligation to teneur_app;
    grant select on posting to teneur_app;
  end if;
end
$$;
