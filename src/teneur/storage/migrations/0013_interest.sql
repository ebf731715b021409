-- Interest: quarterly closings, reference rates with their end, what customers were told of them and answered.

-- A closing of a quarter, never changed: a correction adds the next revision. The hash covers the canonical JSON.
create table interest_closing (
  book integer not null,
  account integer not null,
  first_day date not null,
  revision smallint not null check (revision >= 0),
  last_day date not null,
  position bigint not null,            -- the cut: the last journal row that it knows
  closed_by bigint not null,           -- the journal row that made it
  opening_minor bigint not null,       -- value-dated, at the end of the eve
  closing_minor bigint not null,       -- value-dated, at the end of the last day
  run_off_minor bigint not null,       -- still due, then, of an authorisation that has ended
  later_days date[] not null,          -- value dates after the quarter, of what the cut holds already
  later_minor bigint[] not null,       -- and the sums on them
  debit_minor bigint not null,         -- what was charged for the quarter in all
  credit_minor bigint not null,        -- what was paid for it in all
  sha256 bytea not null check (length(sha256) = 32),
  json bytea not null,
  primary key (book, account, first_day, revision),
  foreign key (book, account) references account,
  check (first_day <= last_day)
);

-- Values of reference rates, each from its day on. They belong to no book; the last one loaded for a day counts.
create table reference_rate (
  name text not null,
  day date not null,
  loaded_by bigint not null,           -- position in book 0
  percent numeric not null,
  source text not null,
  synthetic boolean not null,          -- made up for simulations; no real figure
  primary key (name, day, loaded_by)
);

-- What happens to a reference rate: 1 modified, 2 ended, 3 substituted.
create table reference_rate_event (
  name text not null,
  event bigint not null,               -- position in book 0
  kind smallint not null,
  day date not null,                   -- from which it holds; of an end or a substitute: the day it disappeared
  substitute text not null default '',
  designated_by text not null default '',
  points numeric not null default 0,   -- change of the margin
  recommended_points numeric,
  reason text not null default '',
  primary key (name, event)
);

-- A customer was told of a substitute (1) or of a new rate (2) and may object until a day. 1 open, 2 accepted by
-- silence, 3 objected to.
create table rate_notice (
  book integer not null,
  account integer not null,
  notice bigint not null,              -- position of the row that says so
  kind smallint not null,
  name text not null,                  -- the reference rate
  event bigint not null,               -- the substitution in book 0; of a new rate: 0
  about text not null,
  gone_on date,                        -- the day the old one disappeared
  sent_on date not null,
  last_day date not null,              -- to object
  status smallint not null,
  answered_by bigint,                  -- position of the row that answered
  answered_on date,
  ends_on date,                        -- last day of the authorisation, after an objection
  primary key (book, account, notice),
  foreign key (book, account) references account
);
create index rate_notice_open on rate_notice (book, last_day) where status = 1;

-- Value dates set right at another bank's request: each operation once.
create table value_adjustment (
  book integer not null,
  operation bigint not null,
  adjusted_by bigint not null,
  primary key (book, operation)
);

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert on interest_closing, reference_rate, reference_rate_event, value_adjustment to teneur_app;
    grant select, insert, update on rate_notice to teneur_app;
  end if;
end
$$;
