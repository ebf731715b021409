-- name: orders
-- Orders by account and id.
select o.account, o.transfer, o.status, o.debit_minor, o.received_at, o.due_on, o.execute_by, o.stamped_at, o.hold,
       o.done_occurrences, o.revoked_days, o.executed, o.reason, o.ends_on, o.channel,
       j.received_at, o.asked
  from unnest(%(accounts)s::int[], %(transfers)s::bigint[]) u(a, t)
  join transfer_order o on o.book = %(book)s and o.account = u.a and o.transfer = u.t
  join journal j on j.book = o.book and j.position = o.transfer;

-- name: account_orders
-- Orders of an account, newest first; status: only these, or all where null.
select o.account, o.transfer, o.status, o.debit_minor, o.received_at, o.due_on, o.execute_by, o.stamped_at, o.hold,
       o.done_occurrences, o.revoked_days, o.executed, o.reason, o.ends_on, o.channel,
       j.received_at, o.asked
  from transfer_order o join journal j on j.book = o.book and j.position = o.transfer
 where o.book = %(book)s and o.account = %(account)s
   and (%(status)s::smallint[] is null or o.status = any(%(status)s::smallint[]))
 order by o.transfer desc limit %(limit)s;

-- name: due_orders_after
-- Scheduled orders whose day has come, in the order in which they are to be executed, after a given one.
select account, transfer, due_on from transfer_order
 where book = %(book)s and status = 1 and due_on <= %(day)s
   and (due_on, transfer, account) > (%(after_day)s, %(after_transfer)s, %(after_account)s)
 order by due_on, transfer, account limit %(limit)s;

-- name: in_other_currency
-- Which of some orders are in another currency than the account they are paid from.
select o.account, o.transfer from transfer_order o join account a on a.book = o.book and a.account = o.account
 where o.book = %(book)s and o.transfer = any(%(transfers)s::bigint[]) and o.currency <> a.currency;

-- name: waiting_orders_after
-- Orders that wait for funds, in the order in which they were given, after a given one.
select account, transfer from transfer_order
 where book = %(book)s and status = 11 and transfer > %(after)s order by transfer limit %(limit)s;

-- name: funded
-- Of orders that wait for funds: when the first entry came after the last one that left the account short of them.
select o.account, o.transfer, (
  select p.received_at from posting p
   where p.book = o.book and p.account = o.account and p.sequence > coalesce((
     select q.sequence from posting q
      where q.book = o.book and q.account = o.account
        and q.balance_minor < o.debit_minor + a.held_minor + a.unavailable_minor + a.floor_minor
      order by q.sequence desc limit 1), 0)
   order by p.sequence limit 1) as since
  from unnest(%(accounts)s::int[], %(transfers)s::bigint[]) u(account, transfer)
  join transfer_order o on o.book = %(book)s and o.account = u.account and o.transfer = u.transfer
  join account a on a.book = o.book and a.account = o.account;

-- name: earlier_orders
-- Orders by account and operation, and whether each was refused, when it was given or when it fell due.
select u.account, u.transfer, j.received_at, j.outcome = 2 or coalesce(o.status = 6, false)
  from unnest(%(accounts)s::int[], %(transfers)s::bigint[]) u(account, transfer)
  join journal j on j.book = %(book)s and j.position = u.transfer and j.kind = 100 and j.line = 0
                and coalesce(j.subject, j.debit) = u.account
  left join transfer_order o on o.book = j.book and o.account = u.account and o.transfer = u.transfer;

-- name: reserved_orders
-- Instant transfers without an answer.
select account, transfer, stamped_at from transfer_order
 where book = %(book)s and status = 3 order by stamped_at, account, transfer;

-- name: insert_order
-- Take an order that is not done at once.
insert into transfer_order (book, account, transfer, status, channel, amount_minor, currency, debit_minor, received_at, due_on,
                            execute_by, stamped_at, hold, payee_iban, end_to_end_id, asked)
values (%(book)s, %(account)s, %(transfer)s, %(status)s, %(channel)s, %(amount_minor)s, %(currency)s, %(debit_minor)s, %(received_at)s,
        %(due_on)s, %(execute_by)s, %(stamped_at)s, %(hold)s, %(payee_iban)s, %(end_to_end_id)s, %(asked)s);

-- name: update_order
-- How an order stands.
update transfer_order
   set status = %(status)s, debit_minor = %(debit_minor)s, received_at = %(received_at)s, due_on = %(due_on)s,
       ends_on = %(ends_on)s, execute_by = %(execute_by)s, stamped_at = %(stamped_at)s, hold = %(hold)s, done_occurrences = %(done_occurrences)s,
       revoked_days = %(revoked_days)s, executed = %(executed)s, reason = %(reason)s
 where book = %(book)s and account = %(account)s and transfer = %(transfer)s;

-- name: ceilings
-- Requests for other ceilings that are pending or in force, oldest first.
select account, request, status, per_operation_minor, weekly_minor, until_on from transfer_ceiling
 where book = %(book)s and account = any(%(accounts)s::int[]) and status in (1, 2) order by account, request;

-- name: insert_ceiling
-- A request for other ceilings.
insert into transfer_ceiling (book, account, request, status, per_operation_minor, weekly_minor, until_on)
values (%(book)s, %(account)s, %(request)s, %(status)s, %(per_operation_minor)s, %(weekly_minor)s, %(until_on)s);

-- name: update_ceiling
-- What became of a request.
update transfer_ceiling set status = %(status)s, until_on = coalesce(%(until_on)s, until_on)
 where book = %(book)s and account = %(account)s and request = %(request)s;

-- name: spent
-- What accounts ordered through given channels, each since an instant, without what was refused, revoked or failed.
-- Read backwards from the latest: an order on these channels is answered within two days of its arrival, so one that
-- came two days before the instant ends the search, and an old account costs no more than a new one.
select u.number, (
  with mine as (
    select position, amount_minor from journal
     where book = %(book)s and debit = u.account and debit_sequence is not null and kind = 100 and line = 0
       and received_at >= u.since and channel = any(%(channels)s::smallint[])
       and debit_sequence > coalesce((
         select debit_sequence from journal
          where book = %(book)s and debit = u.account and debit_sequence is not null and kind = 100 and line = 0
            and received_at < u.since - interval '2 days' and channel = any(%(channels)s::smallint[])
          order by debit_sequence desc limit 1), 0)
    union all
    select position, null from journal
     where book = %(book)s and subject = u.account and kind = 100 and line = 0 and outcome in (1, 3)
       and received_at >= u.since and channel = any(%(channels)s::smallint[])
       and position > coalesce((
         select position from journal
          where book = %(book)s and subject = u.account and kind = 100 and line = 0
            and received_at < u.since - interval '2 days' and channel = any(%(channels)s::smallint[])
          order by position desc limit 1), 0))
  select coalesce(sum(coalesce(o.debit_minor, m.amount_minor)), 0)
    from mine m
    left join transfer_order o on o.book = %(book)s and o.account = u.account and o.transfer = m.position
   where o.status is null or o.status not in (6, 7, 8))
  from unnest(%(accounts)s::int[], %(since)s::timestamptz[]) with ordinality u(account, since, number);

-- name: twins
-- Recent orders of an account, for the warning of a likely duplicate: entries inside the bank and orders taken. An order
-- refused when it fell due is deemed not received: one that corrects it is no duplicate.
select j.position, j.received_at, convert_from(r.body, 'UTF8')
  from journal j join record r using (book, position)
  left join transfer_order o on o.book = j.book and o.account = %(account)s and o.transfer = j.position
 where j.book = %(book)s and (j.debit = %(account)s and j.debit_sequence is not null or j.subject = %(account)s)
   and j.kind = 100 and j.line = 0 and j.outcome in (1, 3) and j.received_at >= %(since)s
   and (o.status is null or o.status not in (6, 7, 8))
 order by j.position desc limit 200;

-- name: insert_message
-- A message to send.
insert into outbox (book, account, position, line, message, body)
values (%(book)s, %(account)s, %(position)s, %(line)s, %(message)s, %(body)s);

-- name: waiting_messages
-- Messages of a kind that no file has taken along yet, in order.
select account, position, line, body from outbox
 where book = %(book)s and message = %(message)s and exported_in is null order by position, line limit %(limit)s;

-- name: exported_messages
-- Messages that a file took along, in order.
select account, position, line, body from outbox
 where book = %(book)s and message = %(message)s and exported_in = %(file_id)s order by position, line;

-- name: mark_exported
-- Messages that a file takes along.
update outbox set exported_in = %(file_id)s
  from unnest(%(accounts)s::int[], %(positions)s::bigint[], %(lines)s::smallint[]) u(a, p, l)
 where outbox.book = %(book)s and outbox.account = u.a and outbox.position = u.p and outbox.line = u.l
   and outbox.exported_in is null;

-- name: file_received
-- A received file by sender and hash.
select sender, sha256, name, message, message_id, received_at, status, transactions, accepted, pending, refused, answered
  from file_received where book = %(book)s and sender = %(sender)s and sha256 = %(sha256)s;

-- name: files_received
-- Received files, the newest first.
select sender, sha256, name, message, message_id, received_at, status, transactions, accepted, pending, refused, answered
  from file_received where book = %(book)s order by received_at desc, sha256 limit %(limit)s;

-- name: keep_file
-- A received file, new or as it stands now.
insert into file_received (book, sender, sha256, name, message, message_id, received_at, status, transactions, accepted,
                           pending, refused, answered)
values (%(book)s, %(sender)s, %(sha256)s, %(name)s, %(message)s, %(message_id)s, %(received_at)s, %(status)s,
        %(transactions)s, %(accepted)s, %(pending)s, %(refused)s, %(answered)s)
on conflict (book, sender, sha256) do update set
  status = excluded.status, accepted = excluded.accepted, pending = excluded.pending, refused = excluded.refused,
  answered = excluded.answered;

-- name: insert_file_sent
-- A file of marked messages, still to be written.
insert into file_sent (book, file, message, marked_at) values (%(book)s, %(file)s, %(message)s, %(marked_at)s)
on conflict do nothing;

-- name: file_written
-- The file is written.
update file_sent set written_at = %(written_at)s, sha256 = %(sha256)s where book = %(book)s and file = %(file)s;

-- name: files_unwritten
-- Files whose messages are marked and that are not written yet, in order.
select file, marked_at from file_sent
 where book = %(book)s and message = %(message)s and written_at is null order by marked_at, file;

-- name: identity_objections
-- What persons said last about having their identity confirmed to other banks.
select person, in_force, ground, recorded_at from identity_objection where person = any(%(persons)s::int[]);

-- name: write_identity_objection
-- A person objects, or withdraws that.
insert into identity_objection (person, in_force, ground, recorded_at)
values (%(person)s, %(in_force)s, %(ground)s, %(recorded_at)s)
on conflict (person) do update
  set in_force = excluded.in_force, ground = excluded.ground, recorded_at = excluded.recorded_at;
