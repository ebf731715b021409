-- Exchange: market rates as they were loaded, and foreign cash that waits for its day.

-- Rates of a pair at an instant, never changed: a correction is loaded later, and the last one loaded counts.
create table market_rate (
  base text not null check (base ~ '^[A-Z]{3}$'),
  quote text not null check (quote ~ '^[A-Z]{3}$'),
  quoted_at timestamptz not null,
  loaded_by bigint not null,           -- position in book 0
  buying numeric not null check (buying > 0),      -- units of quote for one of base, when the market buys the base
  selling numeric not null check (selling >= buying),
  source text not null,
  synthetic boolean not null,          -- made up for simulations; no real figure
  primary key (base, quote, quoted_at, loaded_by),
  check (base <> quote)
);

-- Cash in another currency, received after the hour of its day: it is converted on processed_on.
create table foreign_cash (
  book integer not null,
  account integer not null,
  deposit bigint not null,             -- position of the row that took it in
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  processed_on date not null,
  converted_by bigint,                 -- position of the row that credited the account
  primary key (book, deposit),
  foreign key (book, account) references account
);
create index foreign_cash_waiting on foreign_cash (book, processed_on) where converted_by is null;

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert on market_rate to teneur_app;
    grant select, insert, update on foreign_cash to teneur_app;
  end if;
end
$$;
