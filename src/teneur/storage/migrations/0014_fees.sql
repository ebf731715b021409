-- Fees: what happened that has a price, and what became of it. Prices are decided later, by the tariff in force
-- on the day of the event; money moves by entries of the journal only.

create table fee (
  book integer not null,
  account integer not null,
  fee bigint not null,                 -- position of the journal row of what happened
  line smallint not null,
  event text not null,                 -- code of the tariff
  about text not null,
  occurred_on date not null,
  base_minor bigint not null check (base_minor >= 0),
  quantity integer not null check (quantity > 0),
  status smallint not null default 1 check (status between 1 and 6),
                                       -- 1 due 2 announced 3 collected 4 waived 5 free 6 refunded
  price_minor bigint check (price_minor >= 0),        -- by the tariff, before caps; null: not yet priced
  amount_minor bigint check (amount_minor >= 0 and amount_minor <= price_minor), -- after caps
  limits text not null default '',     -- caps and exemptions that made it less, codes
  announced_on date,                   -- date of the statement or letter that shows it
  collectable_on date,                 -- first day on which it may be debited
  settled_on date,
  settled_by bigint,                   -- position of the journal row that collected, waived or freed it
  refunded_minor bigint not null default 0,
  refunded_by bigint,                  -- position of the latest row that gave something back
  primary key (book, account, fee, line),
  foreign key (book, account) references account
);

create index fee_open on fee (book, account) where status in (1, 2);

-- What was taken in a calendar year for running an account, as the customer received it. Never changed.
create table fee_summary (
  book integer not null,
  account integer not null,
  year smallint not null,
  made_at timestamptz not null,
  position bigint not null,            -- the journal was read up to here
  json_sha256 bytea not null check (octet_length(json_sha256) = 32),
  json bytea not null,
  pdf bytea not null,
  primary key (book, account, year),
  foreign key (book, account) references account
);

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert, update on fee to teneur_app;
    grant select, insert on fee_summary to teneur_app;
  end if;
end
$$;
