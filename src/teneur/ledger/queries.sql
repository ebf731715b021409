-- name: lock_book
-- Queue the writers of a book. Saves wasted work only; the primary key on the position is the fence.
select pg_advisory_xact_lock(1414090066, %(book)s);

-- name: hold_book
-- Try to keep a book for this session (a sole writer).
select pg_try_advisory_lock(1414090066, %(book)s);

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
-- State of accounts of one book: the row, and the last running balance and sequence number of the journal.
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
    order by sequence desc limit 1) p on true;

-- name: account_numbers
-- Every account number of a book, in order.
select account from account where book = %(book)s order by account;

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
-- Holds by account and id.
select h.account, h.hold, h.amount_minor, h.left_minor, h.status, h.purpose, h.placed_at, h.expires_at
  from unnest(%(accounts)s::int[], %(holds)s::bigint[]) u(a, h0)
  join hold h on h.book = %(book)s and h.account = u.a and h.hold = u.h0;

-- name: insert_hold
-- Place a hold.
insert into hold (book, account, hold, amount_minor, left_minor, status, purpose, placed_at, expires_at)
values (%(book)s, %(account)s, %(hold)s, %(amount_minor)s, %(amount_minor)s, 1, %(purpose)s, %(placed_at)s, %(expires_at)s);

-- name: update_hold
-- What is left of a hold, and its state.
update hold set left_minor = %(left_minor)s, status = %(status)s
 where book = %(book)s and account = %(account)s and hold = %(hold)s;

-- name: holds_expired
-- Holds in force whose time has come.
select account, hold from hold
 where book = %(book)s and status = 1 and expires_at <= %(at)s order by expires_at, account, hold;

-- name: account_holds
-- Holds in force on an account.
select hold, amount_minor, left_minor, status, purpose, placed_at, expires_at from hold
 where book = %(book)s and account = %(account)s and status = 1 order by hold;

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
copy record from stdin (format binary);
