-- name: insert_fees
-- Events that the tariff has a price for.
insert into fee (book, account, fee, line, event, about, occurred_on, base_minor, quantity)
select * from unnest(%(book)s::int[], %(account)s::int[], %(fee)s::bigint[], %(line)s::smallint[], %(event)s::text[],
                     %(about)s::text[], %(occurred_on)s::date[], %(base_minor)s::bigint[], %(quantity)s::int[]);

-- name: change_fee
-- What became of a fee.
update fee set status = %(status)s, price_minor = %(price_minor)s, amount_minor = %(amount_minor)s,
               limits = %(limits)s, announced_on = %(announced_on)s, collectable_on = %(collectable_on)s,
               settled_on = %(settled_on)s, settled_by = coalesce(%(settled_by)s, settled_by),
               refunded_minor = %(refunded_minor)s, refunded_by = coalesce(%(refunded_by)s, refunded_by)
 where book = %(book)s and account = %(account)s and fee = %(fee)s and line = %(line)s;

-- name: counting
-- The open fees of accounts, and of those that have any the settled ones that may count with them: of the same
-- calendar years, or about the same payment.
with open as (
  select account, min(occurred_on) as first_on, array_agg(distinct about) as abouts
    from fee where book = %(book)s and account = any(%(accounts)s::int[]) and status in (1, 2) group by account
)
select f.book, f.account, f.fee, f.line, f.event, f.about, f.occurred_on, f.base_minor, f.quantity, f.status,
       f.price_minor, f.amount_minor, f.limits, f.announced_on, f.collectable_on, f.settled_on, f.settled_by,
       f.refunded_minor
  from open o join fee f on f.book = %(book)s and f.account = o.account
   and (f.occurred_on >= date_trunc('year', o.first_on)::date or f.about = any(o.abouts))
 order by f.account, f.occurred_on, f.fee, f.line;

-- name: fees
-- Fees by key.
select f.book, f.account, f.fee, f.line, f.event, f.about, f.occurred_on, f.base_minor, f.quantity, f.status,
       f.price_minor, f.amount_minor, f.limits, f.announced_on, f.collectable_on, f.settled_on, f.settled_by,
       f.refunded_minor
  from unnest(%(accounts)s::int[], %(fees)s::bigint[], %(lines)s::smallint[]) u(account, fee, line)
  join fee f on f.book = %(book)s and f.account = u.account and f.fee = u.fee and f.line = u.line;

-- name: of_event
-- All fees of an account for an event, in order.
select book, account, fee, line, event, about, occurred_on, base_minor, quantity, status, price_minor, amount_minor,
       limits, announced_on, collectable_on, settled_on, settled_by, refunded_minor
  from fee where book = %(book)s and account = %(account)s and event = %(event)s order by occurred_on, fee, line;

-- name: of_account
-- All fees of an account, in order.
select book, account, fee, line, event, about, occurred_on, base_minor, quantity, status, price_minor, amount_minor,
       limits, announced_on, collectable_on, settled_on, settled_by, refunded_minor
  from fee where book = %(book)s and account = %(account)s order by occurred_on, fee, line;

-- name: announced
-- The incident fees that an account's holder was shown on a day, in order.
select book, account, fee, line, event, about, occurred_on, base_minor, quantity, status, price_minor, amount_minor,
       limits, announced_on, collectable_on, settled_on, settled_by, refunded_minor
  from fee where book = %(book)s and account = %(account)s and announced_on = %(announced_on)s
   and amount_minor > 0 order by occurred_on, fee, line;

-- name: open_after
-- Open fees of a book, a page, in order of account and fee.
select f.book, f.account, f.fee, f.line, f.event, f.about, f.occurred_on, f.base_minor, f.quantity, f.status,
       f.price_minor, f.amount_minor, f.limits, f.announced_on, f.collectable_on, f.settled_on, f.settled_by,
       f.refunded_minor
  from fee f
 where f.book = %(book)s and f.status in (1, 2) and f.occurred_on <= %(day)s
   and (f.collectable_on is null or f.collectable_on <= %(day)s)
   and (f.account, f.fee, f.line) > (%(after_account)s, %(after_fee)s, %(after_line)s)
 order by f.account, f.fee, f.line limit %(limit)s;

-- name: accounts_after
-- Customers' accounts of a book that run, opened between two days, a page, in order of number.
select account from account
 where book = %(book)s and account > %(after)s and contract is not null and closed_on is null
   and opened_on between %(opened_from)s and %(opened_to)s
 order by account limit %(limit)s;

-- name: accounts_to_announce
-- Accounts with incident fees up to a day that nobody was shown yet, a page, in order of number.
select f.account, array_agg(distinct f.event) from fee f
 where f.book = %(book)s and f.status = 1 and f.announced_on is null and f.occurred_on <= %(until)s
   and f.account > %(after)s
 group by f.account order by f.account limit %(limit)s;

-- name: charges_of_year
-- What the bank took from an account for itself in a year, and gave back (below zero): entries with its own accounts
-- of fees and of interest taken, up to a position, by operation.
select operation, own, amount_minor from (
  select position, position - line as operation, credit as own, amount_minor from journal
   where book = %(book)s and debit = %(account)s and debit_sequence is not null
     and credit = any(%(income)s::int[]) and booked_on between %(first_day)s and %(last_day)s
  union all
  select position, position - line, debit, -amount_minor from journal
   where book = %(book)s and credit = %(account)s and credit_sequence is not null
     and debit = any(%(income)s::int[]) and booked_on between %(first_day)s and %(last_day)s
) taken where position <= %(position)s order by position;

-- name: of_operations
-- The events of fees by the operations that collected them, or gave them back last.
select coalesce(u.operation, 0), f.event
  from unnest(%(operations)s::bigint[]) u(operation)
  join fee f on f.book = %(book)s and f.account = %(account)s
   and (f.settled_by = u.operation or f.refunded_by = u.operation)
 order by u.operation, f.occurred_on, f.fee, f.line;

-- name: insert_summary
-- Keep a summary as made; another process may have made it meanwhile.
insert into fee_summary (book, account, year, made_at, position, json_sha256, json, pdf)
values (%(book)s, %(account)s, %(year)s, %(made_at)s, %(position)s, %(json_sha256)s, %(json)s, %(pdf)s)
on conflict do nothing;

-- name: summary
-- A summary as made.
select made_at, position, json_sha256, json, pdf from fee_summary
 where book = %(book)s and account = %(account)s and year = %(year)s;
