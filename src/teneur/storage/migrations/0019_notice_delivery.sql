-- How notices reach people: what customers chose, what waits, the documents as issued, each attempt, the proof.

-- What holders want, for an account; each row is the whole choice from then on, the latest counts.
create table notice_choice (
  book integer not null,
  account integer not null,
  choice bigint not null,              -- position of the journal row
  paperless boolean,                   -- null: as the agreement says; false: objected to paperless delivery
  medium text not null default '',     -- first medium wanted; empty: as the agreement says
  recipient integer,                   -- whose address is that of the particular terms; null: the first holder
  chosen_at timestamptz not null,
  primary key (book, account, choice),
  foreign key (book, account) references account
);

-- Notices that are not sent. A row comes with the notice and goes with the proof of sending.
create table notice_waiting (
  book integer not null,
  account integer not null,
  notice bigint not null,
  line smallint not null,
  next_at timestamptz,                 -- null: given up, a person must look
  primary key (book, account, notice, line)
);
create index notice_waiting_next on notice_waiting (book, next_at) where next_at is not null;
insert into notice_waiting (book, account, notice, line, next_at)
  select book, account, notice, line, made_at from notice;

-- A notice as issued: what its hash covers is the canonical JSON. Never changed.
create table notice_document (
  book integer not null,
  account integer not null,
  notice bigint not null,
  line smallint not null,
  issued_at timestamptz not null,
  json_sha256 bytea not null check (length(json_sha256) = 32),
  json bytea not null,
  primary key (book, account, notice, line),
  foreign key (book, account, notice, line) references notice
);

-- Its page, byte for byte, if a medium needed one.
create table notice_page (
  book integer not null,
  account integer not null,
  notice bigint not null,
  line smallint not null,
  pdf_sha256 bytea not null check (length(pdf_sha256) = 32),
  pdf bytea not null,
  primary key (book, account, notice, line),
  foreign key (book, account, notice, line) references notice_document
);

-- Attempts to send. A row stands before anything leaves, so that after a crash it is known what may have left.
create table notice_delivery (
  book integer not null,
  account integer not null,
  notice bigint not null,
  line smallint not null,
  attempt smallint not null check (attempt > 0),
  medium text not null,                -- empty: none could be used
  address_sha256 text not null,        -- of the address written to, as text; empty: none
  reference text not null default '',
  begun_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('sent', 'failed', 'refused', 'needless')), -- null: not known
  error text not null default '',
  primary key (book, account, notice, line, attempt),
  foreign key (book, account, notice, line) references notice,
  check ((ended_at is null) = (outcome is null))
);

-- Proof of sending: the journal row that says so, and the acknowledgement of a registered letter.
create table notice_sent (
  book integer not null,
  account integer not null,
  notice bigint not null,
  line smallint not null,
  position bigint not null,            -- journal row that records the sending
  medium text not null,
  reference text not null,
  sent_at timestamptz not null,
  acknowledged bigint,                 -- journal row that records the acknowledgement of receipt
  acknowledged_on date,
  primary key (book, account, notice, line),
  foreign key (book, account, notice, line) references notice
);

-- Messages that the web space shows.
create table secure_message (
  book integer not null,
  account integer not null,
  notice bigint not null,
  line smallint not null,
  person integer not null references person,
  subject text not null,
  body text not null,
  available_at timestamptz not null,
  primary key (book, account, notice, line),
  foreign key (book, account, notice, line) references notice_document
);
create index secure_message_person on secure_message (person, available_at);

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert on notice_choice, notice_document, notice_page, secure_message to teneur_app;
    grant select, insert, update, delete on notice_waiting to teneur_app;
    grant select, insert on notice_delivery, notice_sent to teneur_app;
    grant update (ended_at, outcome, error, reference) on notice_delivery to teneur_app;
    grant update (acknowledged, acknowledged_on) on notice_sent to teneur_app;
  end if;
end
$$;
