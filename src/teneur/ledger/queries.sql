-- name: lock_book
-- Queue the writers of a book. Saves wasted work only; the primary key on the position is the fence.
select pg_advisory_xact_lock(1414090066, %(book)s);

-- name: hold_book
-- Try to keep a book for this session (a sole writer).
select pg_try_advisory_lock(1414090066, %(book)s);

-- name: peek
-- Of a book, the row at position P and the next: whether anything was appended since, in one glance before each batch.
-- (Not prepared, so that it can stand in a string of statements; and the driver drops what is prepared at a rollback.)
select position, leaf from journal where book = %(book)d and position >= %(position)d order by position limit 2;

-- name: tail
-- The rows of a book from position P on, not more than it is worth to read. P itself comes along, so that its leaf can
-- be compared after a failover.
select position, key, request, ground, outcome, kind, line, debit, credit, subject,
       debit_sequence, credit_sequence, debit_balance_minor, credit_balance_minor, leaf
  from journal where book = %(book)s and position >= %(position)s order by position limit %(most)s;

-- name: head
-- The last position of a book and its leaf; no row in an empty book.
select position, leaf from journal where book = %(book)s order by position desc limit 1;

-- name: known_keys
-- The stored answers of those keys of a book that exist.
select j.key, j.request, j.position, j.outcome, g.reason, g.clauses
  from journal j join ground g using (ground)
 where j.book = %(book)s and j.key = any(%(keys)s::uuid[]);

-- name: ground
-- Reason and clauses of grounds.
select ground, reason, clauses from ground where ground = any(%(grounds)s::uuid[]);

-- name: insert_ground
-- Remember what decisions rest on; another writer may have done so already.
insert into ground (ground, reason, clauses)
select %(ground)s, %(reason)s, %(clauses)s::text[] on conflict do nothing;

-- name: accounts
-- State of accounts of one book, in order of number: the row, and the last running balance and sequence number of the
-- journal.
select a.account, a.kind, a.status, a.currency, a.floor_minor, a.held_minor, a.unavailable_minor, a.holders,
       a.contract, c.versions, a.branch, a.iban, a.label, a.opened_on, coalesce(p.balance, 0), coalesce(p.sequence, 0)
  from unnest(%(numbers)s::int[]) u(number)
  join account a on a.book = %(book)s and a.account = u.number
  left join contract c on c.contract = a.contract
  left join lateral (
    select balance, sequence from (
      (select debit_balance_minor as balance, debit_sequence as sequence from journal
        where book = %(book)s and debit = u.number and debit_sequence is not null order by debit_sequence desc limit 1)
      union all
      (select credit_balance_minor, credit_sequence from journal
        where book = %(book)s and credit = u.number and credit_sequence is not null order by credit_sequence desc limit 1)) x
    order by sequence desc limit 1) p on true
 order by u.number;

-- name: by_iban
-- The accounts that these IBANs name.
select iban, account_id from iban_directory where iban = any(%(ibans)s::text[]);

-- name: books
-- All books.
select book, name, opened_on from book order by book;

-- name: insert_book
-- Open a book.
insert into book (book, name, opened_on) select b, n, o from unnest(%(books)s::int[], %(names)s::text[], %(opened)s::date[])
  u(b, n, o) on conflict do nothing;

-- name: insert_contract
-- Remember a set of agreement versions.
insert into contract (contract, versions) values (%(contract)s, %(versions)s) on conflict do nothing;

-- name: insert_account
-- Open an account.
insert into account (book, account, kind, status, currency, floor_minor, holders, contract, branch, iban, label, opened_on)
values (%(book)s, %(account)s, %(kind)s, %(status)s, %(currency)s, %(floor_minor)s, %(holders)s, %(contract)s,
        %(branch)s, %(iban)s, %(label)s, %(opened_on)s);

-- name: insert_iban
-- Enter an IBAN in the directory; one that exists already is an error (an IBAN never changes its account).
insert into iban_directory (iban, account_id) values (%(iban)s, %(account_id)s);

-- name: next_number
-- The highest customer account number of a book, or none.
select max(account) from account where book = %(book)s and account between 1000000 and 999999999;

-- name: update_account
-- Change what decisions read of an account.
update account set status = %(status)s, floor_minor = %(floor_minor)s, unavailable_minor = %(unavailable_minor)s,
       holders = %(holders)s, contract = %(contract)s, branch = %(branch)s, closed_on = coalesce(%(closed_on)s, closed_on)
 where book = %(book)s and account = %(account)s;

-- name: add_held
-- Add to the sums held on accounts.
update account set held_minor = held_minor + u.delta
  from unnest(%(accounts)s::int[], %(deltas)s::bigint[]) u(number, delta)
 where account.book = %(book)s and account.account = u.number and account.account = any(%(accounts)s::int[]);

-- name: holds
-- Holds by account and id. Whose a hold is, the row that placed it tells: place-hold (kind 3) is by hand (1); a pending
-- operation (outcome 3) owns it until it is decided (2), any other until its day (3).
select h.account, h.hold, h.amount_minor, h.left_minor, h.status, h.purpose, h.placed_at, h.expires_at,
       case when j.kind = 3 then 1 when j.outcome = 3 then 2 else 3 end as owner
  from unnest(%(accounts)s::int[], %(holds)s::bigint[]) u(a, h0)
  join hold h on h.book = %(book)s and h.account = u.a and h.hold = u.h0
  join journal j on j.book = %(book)s and j.position = u.h0;

-- name: insert_hold
-- Place a hold.
insert into hold (book, account, hold, amount_minor, left_minor, status, purpose, placed_at, expires_at)
values (%(book)s, %(account)s, %(hold)s, %(amount_minor)s, %(amount_minor)s, 1, %(purpose)s, %(placed_at)s, %(expires_at)s);

-- name: update_hold
-- What is left of a hold, and its state.
update hold set left_minor = %(left_minor)s, status = %(status)s
 where book = %(book)s and account = %(account)s and hold = %(hold)s;

-- name: holds_expired
-- Holds in force whose time has come, but for those of pending operations (outcome 3): they end with the operation.
select h.account, h.hold from hold h
  join journal j on j.book = h.book and j.position = h.hold and j.outcome <> 3
 where h.book = %(book)s and h.status = 1 and h.expires_at <= %(at)s order by h.expires_at, h.account, h.hold;

-- name: account_holds
-- Holds in force on an account.
select h.hold, h.amount_minor, h.left_minor, h.status, h.purpose, h.placed_at, h.expires_at,
       case when j.kind = 3 then 1 when j.outcome = 3 then 2 else 3 end as owner
  from hold h join journal j on j.book = h.book and j.position = h.hold
 where h.book = %(book)s and h.account = %(account)s and h.status = 1 order by h.hold;

-- name: operations
-- The rows of operations, with their bodies.
select j.position - j.line as operation, j.line, j.debit, j.credit, j.amount_minor, j.booked_on, j.debit_value_on,
       j.credit_value_on, j.kind, j.outcome
  from unnest(%(operations)s::bigint[]) u(o)
  join lateral (select * from journal where book = %(book)s and position >= u.o
                   and position < coalesce((select n.position from journal n where n.book = %(book)s
                                               and n.position > u.o and n.line = 0 order by n.position limit 1),
                                           9223372036854775807)) j on j.position - j.line = u.o
 order by 1, 2;

-- name: reversals
-- Operations already undone.
select operation, reversed_by from reversal where book = %(book)s and operation = any(%(operations)s::bigint[]);

-- name: insert_reversal
-- Note that an operation is undone; a second time breaks the primary key.
insert into reversal (book, operation, reversed_by) values (%(book)s, %(operation)s, %(reversed_by)s);

-- name: copy_journal
-- Append rows to the journal; the fields are the columns in table order.
copy journal from stdin (format binary);

-- name: copy_record
-- Append records.
copy record (position, book, salt, body) from stdin (format binary);

-- name: head_positions
-- The last position of books (null: all), all at one instant.
select b.book, coalesce((select j.position from journal j where j.book = b.book order by j.position desc limit 1), 0)
  from book b where %(books)s::int[] is null or b.book = any(%(books)s::int[]) order by b.book;

-- name: sequence_at
-- How many postings an account had at a position: the last one if it is not later, else by halving, as both grow together.
with recursive last as (
  select sequence, position from (
    (select debit_sequence as sequence, position from journal
      where book = %(book)s and debit = %(account)s and debit_sequence is not null order by debit_sequence desc limit 1)
    union all
    (select credit_sequence, position from journal
      where book = %(book)s and credit = %(account)s and credit_sequence is not null order by credit_sequence desc limit 1)
  ) x order by sequence desc limit 1
), search(low, high) as (
  select case when position <= %(position)s then sequence else 0 end, sequence from last
  union all
  select case when p.position <= %(position)s then m.middle else s.low end,
         case when p.position <= %(position)s then s.high else m.middle - 1 end
    from search s
   cross join lateral (select (s.low + s.high + 1) / 2 as middle) m
   cross join lateral (
     select position from journal where book = %(book)s and debit = %(account)s and debit_sequence = m.middle
     union all
     select position from journal where book = %(book)s and credit = %(account)s and credit_sequence = m.middle) p
   where s.low < s.high
)
select low from search where low = high limit 1;

-- name: balance_after
-- The booked balance of an account after its posting of that sequence number.
select balance_minor from posting where book = %(book)s and account = %(account)s and sequence = %(sequence)s;

-- name: booked_after
-- The sum of the first postings of an account that are booked after a day.
select coalesce(sum(amount_minor), 0)::bigint from posting
 where book = %(book)s and account = %(account)s and sequence <= %(sequence)s and booked_on > %(day)s;

-- name: valued_after
-- The sum of the first postings of an account that count after a day.
select coalesce(sum(amount_minor), 0)::bigint from posting
 where book = %(book)s and account = %(account)s and sequence <= %(sequence)s and value_on > %(day)s;

-- name: postings
-- A page of an account's postings in order, with what they rest on and the record of their operation.
select p.sequence, p.position, p.line, p.amount_minor, p.balance_minor, p.other, p.booked_on, p.value_on, p.received_at,
       p.kind, p.ground, g.reason, g.clauses, r.body
  from posting p
  join ground g using (ground)
  left join record r on r.book = p.book and r.position = p.position - p.line
 where p.book = %(book)s and p.account = %(account)s and p.sequence > %(after)s and p.sequence <= %(last)s
   and p.booked_on between %(first_day)s and %(last_day)s
 order by p.sequence limit %(most)s;

-- name: records
-- The bodies of records of one book.
select position, body from record where book = %(book)s and position = any(%(positions)s::bigint[]);

-- name: trial_balance
-- Every account of a book that had moved by a position, with its balance then.
select a.account, a.currency, a.kind, a.label, p.balance
  from account a
 cross join lateral (
    select balance from (
      (select debit_balance_minor as balance, debit_sequence as sequence from journal
        where book = %(book)s and debit = a.account and debit_sequence is not null and position <= %(position)s
        order by debit_sequence desc limit 1)
      union all
      (select credit_balance_minor, credit_sequence from journal
        where book = %(book)s and credit = a.account and credit_sequence is not null and position <= %(position)s
        order by credit_sequence desc limit 1)) x
    order by sequence desc limit 1) p
 where a.book = %(book)s order by a.account;

-- name: available
-- What makes up the available balance of an account, its holds in force one a row, all at one instant.
select coalesce((select position from journal where book = %(book)s order by position desc limit 1), 0),
       a.currency, a.floor_minor, a.held_minor, a.unavailable_minor,
       coalesce((select balance from (
          (select debit_balance_minor as balance, debit_sequence as sequence from journal
            where book = %(book)s and debit = %(account)s and debit_sequence is not null
            order by debit_sequence desc limit 1)
          union all
          (select credit_balance_minor, credit_sequence from journal
            where book = %(book)s and credit = %(account)s and credit_sequence is not null
            order by credit_sequence desc limit 1)) x
        order by sequence desc limit 1), 0),
       h.hold, h.amount_minor, h.left_minor, h.status, h.purpose, h.placed_at, h.expires_at,
       case when j.kind = 3 then 1 when j.outcome = 3 then 2 else 3 end as owner
  from account a
  left join hold h on h.book = a.book and h.account = a.account and h.status = 1
  left join journal j on j.book = h.book and j.position = h.hold
 where a.book = %(book)s and a.account = %(account)s order by h.hold;

-- name: operation_rows
-- All rows of the operation that a position belongs to, with what it rests on, its record and what undid it.
with first as (select position - line as position from journal where book = %(book)s and position = %(position)s)
select j.position, j.line, j.debit, j.credit, j.amount_minor, j.debit_balance_minor, j.credit_balance_minor, j.booked_on,
       j.debit_value_on, j.credit_value_on, j.leaf, j.received_at, j.subject, j.actor, j.kind, j.outcome, j.channel, j.key,
       g.reason, g.clauses, r.body, v.reversed_by
  from first f
  join journal j on j.book = %(book)s and j.position >= f.position
   and j.position < coalesce((select n.position from journal n where n.book = %(book)s and n.position > f.position
                                 and n.line = 0 order by n.position limit 1), 9223372036854775807)
  join ground g using (ground)
  left join record r on r.book = j.book and r.position = j.position
  left join reversal v on v.book = j.book and v.operation = j.position
 order by j.position;

-- name: read_one_instant
-- All that follows in the transaction reads the books as they are now.
set transaction isolation level repeatable read, read only;

-- name: walk
-- Every row of a book up to a position, in order, with its record; whether what it rests on is known.
select j.position, j.amount_minor, j.debit_sequence, j.credit_sequence, j.debit_balance_minor, j.credit_balance_minor,
       j.received_at, j.book, j.debit, j.credit, j.subject, j.booked_on, j.debit_value_on, j.credit_value_on, j.actor,
       j.kind, j.outcome, j.channel, j.line, j.key, j.request, j.ground, j.leaf, r.salt, r.body, g.ground is not null
  from journal j
  left join record r on r.book = j.book and r.position = j.position
  left join ground g on g.ground = j.ground
 where j.book = %(book)s and j.position <= %(position)s order by j.position;

-- name: standing
-- What the tables say of every account of a book, and the sum of its holds in force.
select a.account, a.kind, a.currency, a.floor_minor, a.held_minor,
       coalesce((select sum(h.left_minor) from hold h
                  where h.book = a.book and h.account = a.account and h.status = 1), 0)::bigint
  from account a where a.book = %(book)s order by a.account;
