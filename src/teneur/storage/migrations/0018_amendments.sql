-- Amendments: new editions of agreements and tariffs that the bank plans, whom it told when, and what became of it.

-- A planned change for a series of agreements. It belongs to no book.
create table amendment (
  amendment bigint primary key,        -- position in book 0 of the row that plans it
  series text not null,
  kind smallint not null check (kind between 1 and 2), -- 1 agreement, 2 tariff
  edition text not null,               -- id of the agreement, or first day of the edition of the tariff
  applies_on date not null,            -- the earliest day for anybody
  legal_reference text not null default '', -- of the law that imposes it; empty: the bank's own choice
  medium text not null,                -- on which the draft is sent
  summary text not null,
  planned_at timestamptz not null,
  withdrawn_by bigint                  -- position in book 0
);
create unique index amendment_edition on amendment (series, kind, edition) where withdrawn_by is null;

-- One account in a campaign.
create table account_amendment (
  book integer not null,
  account integer not null,
  amendment bigint not null references amendment,
  notice bigint not null,              -- position of the row by which the customer is told; of a legal change: applied
  medium text not null,
  sent_on date not null,               -- day of sending, or from which it is to be sent
  reference text not null default '',  -- of a letter sent by other means; empty: a duty proves the sending
  applies_on date not null,            -- for this customer
  answer smallint not null default 0 check (answer between 0 and 3), -- 0 none 1 refused 2 leaves 3 ended a service
  answered_on date,
  service text not null default '',    -- the one that was ended
  status smallint not null check (status between 1 and 4), -- 1 told 2 accepted tacitly 3 bound 4 legal
  settled_on date,
  settled_by bigint,
  primary key (book, account, amendment),
  foreign key (book, account) references account,
  check ((status = 1) = (settled_by is null))
);
create index account_amendment_open on account_amendment (book, applies_on) where status = 1;

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert, update on amendment, account_amendment to teneur_app;
  end if;
end
$$;
