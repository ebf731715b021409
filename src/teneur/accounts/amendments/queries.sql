-- name: insert_amendments
-- Changes that the bank plans.
insert into amendment (amendment, series, kind, edition, applies_on, legal_reference, medium, summary, planned_at)
select * from unnest(%(amendment)s::bigint[], %(series)s::text[], %(kind)s::smallint[], %(edition)s::text[],
                     %(applies_on)s::date[], %(legal_reference)s::text[], %(medium)s::text[], %(summary)s::text[],
                     %(planned_at)s::timestamptz[]);

-- name: withdraw_amendment
-- It will not come.
update amendment set withdrawn_by = %(withdrawn_by)s where amendment = %(amendment)s;

-- name: amendments
-- Changes by id.
select amendment, series, kind, edition, applies_on, legal_reference, medium, summary, planned_at, withdrawn_by
  from amendment where amendment = any(%(amendments)s::bigint[]);

-- name: amendments_of_series
-- All changes of series, in order.
select amendment, series, kind, edition, applies_on, legal_reference, medium, summary, planned_at, withdrawn_by
  from amendment where series = any(%(series)s::text[]) order by amendment;

-- name: all_amendments
-- All changes ever planned, in order.
select amendment, series, kind, edition, applies_on, legal_reference, medium, summary, planned_at, withdrawn_by
  from amendment order by amendment;

-- name: insert_told
-- Accounts whose holders are told of a change, or whom a legal change reaches.
insert into account_amendment (book, account, amendment, notice, medium, sent_on, reference, applies_on, status,
                               settled_on, settled_by)
select * from unnest(%(book)s::int[], %(account)s::int[], %(amendment)s::bigint[], %(notice)s::bigint[],
                     %(medium)s::text[], %(sent_on)s::date[], %(reference)s::text[], %(applies_on)s::date[],
                     %(status)s::smallint[], %(settled_on)s::date[], %(settled_by)s::bigint[]);

-- name: answer
-- What the customer says to it.
update account_amendment set answer = %(answer)s, answered_on = %(answered_on)s, service = %(service)s
 where book = %(book)s and account = %(account)s and amendment = %(amendment)s;

-- name: settle
-- It applies to these accounts.
update account_amendment a
   set status = u.status, applies_on = u.applies_on, settled_on = u.settled_on, settled_by = u.settled_by
  from unnest(%(account)s::int[], %(amendment)s::bigint[], %(status)s::smallint[], %(applies_on)s::date[],
              %(settled_on)s::date[], %(settled_by)s::bigint[])
    u(account, amendment, status, applies_on, settled_on, settled_by)
 where a.book = %(book)s and a.account = u.account and a.amendment = u.amendment;

-- name: of_accounts
-- Every change that accounts were told of or that reached them, in order.
select a.account, a.notice, a.medium, a.sent_on, a.reference, a.applies_on, a.answer, a.answered_on, a.service,
       a.status, a.settled_on, m.amendment, m.series, m.kind, m.edition, m.applies_on, m.legal_reference, m.medium,
       m.summary, m.planned_at, m.withdrawn_by
  from account_amendment a join amendment m using (amendment)
 where a.book = %(book)s and a.account = any(%(accounts)s::int[]) order by a.account, a.amendment;

-- name: not_told_after
-- Customers' accounts of a book, opened before a day, of which a change knows nothing yet: a page, in order.
select a.account from account a
 where a.book = %(book)s and a.account > %(after)s and a.contract is not null and a.closed_on is null
   and a.opened_on < %(opened_before)s
   and not exists (select from account_amendment t
                    where t.book = a.book and t.account = a.account and t.amendment = %(amendment)s)
 order by a.account limit %(limit)s;

-- name: told_after
-- Accounts that a change is due to reach by a day and whose holders stay: a page, in order.
select t.account, t.amendment from account_amendment t
  join amendment m on m.amendment = t.amendment and m.withdrawn_by is null
  join account a on a.book = t.book and a.account = t.account and a.closed_on is null
 where t.book = %(book)s and t.status = 1 and t.answer <> 2 and t.applies_on <= %(day)s
   and (t.account, t.amendment) > (%(after)s, %(after_amendment)s)
 order by t.account, t.amendment limit %(limit)s;

-- name: tariff_not_settled_after
-- Customers' accounts of a book opened before an edition of the tariff began, and to which no change has brought it:
-- a page, in order.
select a.account from account a
 where a.book = %(book)s and a.account > %(after)s and a.contract is not null and a.closed_on is null
   and a.opened_on < %(first_day)s
   and not exists (select from account_amendment t join amendment m using (amendment)
                    where t.book = a.book and t.account = a.account and t.status > 1 and m.kind = 2
                      and m.series = %(series)s and m.edition = %(edition)s)
 order by a.account limit %(limit)s;

-- name: counts
-- How far a change is: accounts by status and answer.
select status, answer, count(*)::int, min(applies_on), max(applies_on) from account_amendment
 where amendment = %(amendment)s group by status, answer order by status, answer;
