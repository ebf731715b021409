-- Overdrafts: what was authorised from which day to which, tolerances, what is being counted and demanded.

-- The legal capacity of a person, where birth date alone does not tell it.
alter table person add column capacity text not null default 'full';

-- One row is one limit over a span of days; another limit from a day on ends the row and begins another.
create table overdraft_authorisation (
  book integer not null,
  account integer not null,
  authorisation bigint not null,       -- position of the journal row that made it
  line smallint not null,              -- several spans of one row: the steps of a plan of instalments
  kind smallint not null,
  limit_minor bigint not null check (limit_minor > 0),
  starts_on date not null,
  ends_on date,                        -- last day, null: open-ended
  rate_percent numeric,                -- agreed fixed rate a year, or the points above the index; null: the tariff's rate
  rate_index text not null default '', -- reference rate; empty: fixed
  document text not null,              -- particular terms or specific agreement that it stands in
  ended_by text not null default '',   -- why it ends on ends_on, where that was not agreed from the start
  primary key (book, account, authorisation, line),
  foreign key (book, account) references account,
  check (ends_on >= starts_on - 1),    -- ended on its first day: no day at all
  check (rate_index = '' or rate_percent is not null)
);

-- Overdrafts set before they had a history: from the day of the last row that set one.
insert into overdraft_authorisation (book, account, authorisation, line, kind, limit_minor, starts_on, document)
select a.book, a.account, j.position, 0, 1, -a.floor_minor, j.booked_on, 'set-overdraft'
  from account a
 cross join lateral (select position, booked_on from journal
                      where book = a.book and subject = a.account and kind = 21 and outcome = 1
                      order by position desc limit 1) j
 where a.floor_minor < 0 and a.contract is not null;

-- Unbroken stretches of days at whose end the account was in debit, or beyond its authorisation.
create table overdraft_episode (
  book integer not null,
  account integer not null,
  episode bigint not null,             -- position of the journal row that found it
  kind smallint not null,              -- 1 in debit, 2 beyond the authorisation
  began_on date not null,
  ended_on date,                       -- first day back, null while it lasts
  stage smallint not null default 0,   -- what has been done about it
  primary key (book, account, episode, kind),
  foreign key (book, account) references account,
  check (ended_on > began_on)
);
create unique index overdraft_episode_running on overdraft_episode (book, account, kind) where ended_on is null;

-- One debit that staff let pass beyond the limit, which stays as it is. Good until the end of its day.
create table overdraft_tolerance (
  book integer not null,
  account integer not null,
  tolerance bigint not null,           -- position of the journal row
  day date not null,
  debit_minor bigint not null check (debit_minor > 0),
  excess_minor bigint not null check (excess_minor > 0),
  about text not null,
  reason text not null,
  author integer not null,
  primary key (book, account, tolerance),
  foreign key (book, account) references account
);

-- Debit balances that were demanded.
create table overdraft_claim (
  book integer not null,
  account integer not null,
  claim bigint not null,               -- position of the journal row that demanded it
  status smallint not null,
  amount_minor bigint not null check (amount_minor > 0),
  demanded_on date not null,
  debtors integer[] not null,          -- each for the whole of it
  primary key (book, account, claim),
  foreign key (book, account) references account
);
create index overdraft_claim_open on overdraft_claim (book, account) where status in (1, 2);

-- Files of over-indebtedness that were declared admissible.
create table over_indebtedness (
  book integer not null,
  account integer not null,
  case_id bigint not null,             -- position of the journal row that recorded it
  status smallint not null,            -- 1 pending the commission's measures, 2 closed
  reference text not null,
  decided_on date not null,
  isolated_minor bigint not null check (isolated_minor >= 0),
  technical_account integer,           -- where the used part stands; null: nothing was used
  creditors text[] not null,           -- IBANs or names in the file
  primary key (book, account, case_id),
  foreign key (book, account) references account
);

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert on overdraft_tolerance to teneur_app;
    grant select, insert, update on overdraft_authorisation, overdraft_episode, overdraft_claim, over_indebtedness
      to teneur_app;
  end if;
end
$$;
