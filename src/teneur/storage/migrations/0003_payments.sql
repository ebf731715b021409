-- Transfers that are not done at once: orders to come, sent and awaiting the other bank, reserved, screened.
-- What is executed at once inside the bank needs no row here: the journal and its record say it all.

create table transfer_order (
  book integer not null,
  account integer not null,
  transfer bigint not null,            -- position of the journal row that took the order
  status smallint not null,
  channel smallint not null,           -- on which it was ordered
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  debit_minor bigint not null check (debit_minor >= 0),
  received_at timestamptz not null,    -- moment of reception: deemed, where the order says a later day
  due_on date,                         -- the day it is, or will next be, executed
  execute_by timestamptz,              -- the payee's bank must have the money by then
  stamped_at timestamptz,              -- instant transfers
  hold bigint,
  done_occurrences integer not null default 0,
  revoked_days date[] not null default '{}',
  executed bigint,                     -- position of the (last) operation that moved the money
  reason text not null default '',
  payee_iban text not null default '',
  end_to_end_id text not null default '',
  asked text not null,                 -- what was asked, canonical JSON
  primary key (book, account, transfer),
  foreign key (book, account) references account
);
create index transfer_order_due on transfer_order (book, due_on) where status = 1;
create index transfer_order_reserved on transfer_order (book, stamped_at) where status = 3;
create index transfer_order_open on transfer_order (book, account) where status in (1, 2, 3, 4);

-- Ceilings of an account that differ from the agreement's: lowered, or raised until a day.
create table transfer_ceiling (
  book integer not null,
  account integer not null,
  request bigint not null,             -- position of the row that asked
  status smallint not null,
  per_operation_minor bigint,
  weekly_minor bigint,
  until_on date,
  primary key (book, account, request),
  foreign key (book, account) references account
);

-- Messages to other banks and to customers' systems, until a file takes them along.
create table outbox (
  book integer not null,
  account integer not null,
  position bigint not null,
  line smallint not null,
  message text not null,
  body text not null,
  exported_in text,
  primary key (book, account, position, line)
);
create index outbox_waiting on outbox (book, message, position) where exported_in is null;

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert, update on transfer_order, transfer_ceiling, outbox to teneur_app;
  end if;
end
$$;
