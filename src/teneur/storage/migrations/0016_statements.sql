-- Statements follow each other by the account's own postings; how often they come, how they were delivered.

alter table statement
  add column first_sequence bigint,                  -- the account's postings that it states, without a gap;
  add column last_sequence bigint,                   -- none where the first is beyond the last
  add column frequency text not null default 'month',
  add column guarantee boolean not null default true, -- it confirms that the deposits are guaranteed
  add column issued_by bigint;                       -- journal row that issued it; null: older than that row

-- Older ones stated what was booked until their last day, as the journal stood then.
update statement s set last_sequence = coalesce((
  select max(p.sequence) from posting p
   where p.book = s.book and p.account = s.account and p.position <= s.position and p.booked_on <= s.last_day), 0);
update statement s set first_sequence = 1 + coalesce((
  select b.last_sequence from statement b
   where b.book = s.book and b.account = s.account and b.number < s.number order by b.number desc limit 1), 0);

alter table statement
  alter column first_sequence set not null,
  alter column last_sequence set not null,
  alter column frequency drop default,
  alter column guarantee drop default,
  add check (first_sequence > 0 and last_sequence >= first_sequence - 1);

-- The page of a statement in a language, made when it is first wanted and kept byte for byte.
create table statement_page (
  book integer not null,
  account integer not null,
  number integer not null,
  language text not null check (language in ('fr', 'en')),
  pdf_sha256 bytea not null check (length(pdf_sha256) = 32),
  pdf bytea not null,
  primary key (book, account, number, language),
  foreign key (book, account, number) references statement
);
insert into statement_page (book, account, number, language, pdf_sha256, pdf)
  select book, account, number, 'fr', sha256(pdf), pdf from statement;
alter table statement drop column pdf;

-- How often holders want statements; each row is the whole choice from then on, the latest counts.
create table statement_choice (
  book integer not null,
  account integer not null,
  choice bigint not null,              -- position of the journal row
  frequency text not null default '',  -- empty: as agreed
  extra_medium text not null default '', -- beside the agreed one; empty: no other
  chosen_at timestamptz not null,
  primary key (book, account, choice),
  foreign key (book, account) references account
);

-- That a statement reached the remote space, or the post.
create table statement_delivery (
  book integer not null,
  account integer not null,
  number integer not null,
  medium text not null check (medium in ('electronic', 'paper')),
  person integer not null,             -- whose space or whose address
  delivered_by bigint not null,        -- journal row that says so
  delivered_at timestamptz not null,
  reference text not null default '',
  primary key (book, account, number, medium),
  foreign key (book, account, number) references statement
);

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert on statement_page, statement_choice, statement_delivery to teneur_app;
  end if;
end
$$;
