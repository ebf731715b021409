-- name: setting
-- One choice of whoever set up the bank, or none.
select value from setting where name = %(name)s;

-- name: keep_setting
-- Make a choice, or change it.
insert into setting (name, value) values (%(name)s, %(value)s) on conflict (name) do update set value = excluded.value;

-- name: done_on
-- The last local day whose work is wholly done, by zone.
select zone, done_on from bank_day where book = %(book)s;

-- name: soon
-- Do not wait for the disk: what is stored later is stored after it, and without it a day is only begun again.
set local synchronous_commit = off;

-- name: keep_done_on
-- The work of a local day is done; never goes back.
insert into bank_day (book, zone, done_on) values (%(book)s, %(zone)s, %(done_on)s)
on conflict (book, zone) do update set done_on = greatest(bank_day.done_on, excluded.done_on);

-- name: follow_ups
-- Operations that concern an order of an account, in order: executions, revocations, answers.
select j.position from journal j join record r using (book, position)
 where j.book = %(book)s and (j.subject = %(account)s or j.debit = %(account)s and j.debit_sequence is not null)
   and j.position > %(order)s and j.line = 0 and j.kind between 101 and 199
   and convert_from(r.body, 'UTF8')::jsonb -> 'asked' ->> 'transfer' = %(order)s::text
 order by j.position;

-- name: account_operations
-- The latest operations of an account, entries or not, newest first.
select position from journal
 where book = %(book)s and line = 0
   and (subject = %(account)s or debit = %(account)s and debit_sequence is not null
        or credit = %(account)s and credit_sequence is not null)
 order by position desc limit %(limit)s;

-- name: duties_of_operation
-- Duties about an account that an operation opened or that are about it.
select book, account, obligation, line, kind, about, clause, debtor, starts_at, due_at, discharged_at, discharged_by
  from obligation where book = %(book)s and account = %(account)s
   and (obligation = %(operation)s or about = %(operation)s::text) order by obligation, line;

-- name: all_accounts
-- Customers' accounts of a book, in order of number.
select account from account where book = %(book)s and contract is not null order by account limit %(limit)s;

-- name: accounts_without_summary
-- Customers' accounts of a book that ran in a year and whose summary of it is not noted yet, a page, in order of number.
select a.account from account a
 where a.book = %(book)s and a.account > %(after)s and a.contract is not null and a.opened_on <= %(last_day)s
   and (a.closed_on is null or a.closed_on >= %(first_day)s)
   and not exists (select from obligation o where o.book = a.book and o.account = a.account
                      and o.kind = %(kind)s and o.about = %(year)s::text)
 order by a.account limit %(limit)s;

-- name: rates_that_go_on
-- Reference rates that have not ended: the last day of a real value, the last day of any, and the value of that day.
select r.name, max(r.day) filter (where not r.synthetic), max(r.day),
       (array_agg(r.percent order by r.day desc, r.loaded_by desc))[1]
  from reference_rate r
 where not exists (select from reference_rate_event e where e.name = r.name and e.kind = 2)
 group by r.name order by r.name;

-- name: done_on_day
-- What the bank's day did on a local day, by kind and outcome, in the order in which it began.
select kind, outcome, count(*)::int from journal
 where book = %(book)s and booked_on = %(day)s and line = 0 and channel = 0 and actor = 0
 group by kind, outcome order by min(position);
