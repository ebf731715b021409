-- Statements as issued, how far the bank's day has come, and the few settings of an installation.

-- A statement is immutable: what its hash covers is the canonical JSON, and the PDF is kept byte for byte.
create table statement (
  book integer not null,
  account integer not null,
  number integer not null check (number > 0),       -- 1, 2, ... of the account
  first_day date not null,
  last_day date not null,
  position bigint not null,                          -- the last journal row that was read
  issued_at timestamptz not null,
  opening_minor bigint not null,
  closing_minor bigint not null,
  json_sha256 bytea not null check (length(json_sha256) = 32),
  json bytea not null,
  pdf bytea not null,
  primary key (book, account, number),
  unique (book, account, first_day),
  foreign key (book, account) references account,
  check (first_day <= last_day)
);

-- The last local day whose work is wholly done, by book and time zone.
create table bank_day (
  book integer not null,
  zone text not null,
  done_on date not null,
  primary key (book, zone)
);

-- What whoever sets up the bank has chosen: the clock, the directory of banks, the screening list.
create table setting (
  name text primary key check (name <> ''),
  value text not null
);

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert on statement to teneur_app;
    grant select, insert, update on bank_day, setting to teneur_app;
  end if;
end
$$;
