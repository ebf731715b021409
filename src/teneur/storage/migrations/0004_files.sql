-- Files of messages. What a row says stands in the journal too: a received file and its answer in book 0, a file that
-- was sent in the book of its messages. The rows are there to be found: has this file come before, what was not written.

create table file_received (
  book integer not null,               -- 0
  sender integer not null,             -- the person who sent it; 0: another bank
  sha256 bytea not null check (length(sha256) = 32),
  name text not null,                  -- as the sender calls it
  message text not null,               -- pain.001.001.09 …; empty: none that is known
  message_id text not null,
  received_at timestamptz not null,
  status smallint not null,
  transactions integer not null default 0,
  accepted integer not null default 0,
  pending integer not null default 0,
  refused integer not null default 0,
  answered bigint,                     -- position of the row whose record holds the answer
  primary key (book, sender, sha256)
);
create index file_received_time on file_received (book, received_at);

create table file_sent (
  book integer not null,
  file text not null,                  -- its id, which is the id of its message
  message text not null,
  marked_at timestamptz not null,
  written_at timestamptz,
  sha256 bytea,
  primary key (book, file)
);
create index file_sent_unwritten on file_sent (book, message) where written_at is null;

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert, update on file_received, file_sent to teneur_app;
  end if;
end
$$;
