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

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert, update on overdraft_authorisation to teneur_app;
  end if;
end
$$;
