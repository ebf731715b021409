-- name: authorisations
-- Every authorisation of accounts, oldest first.
select account, authorisation, line, kind, limit_minor, starts_on, ends_on, rate_percent, rate_index, document, ended_by
  from overdraft_authorisation
 where book = %(book)s and account = any(%(accounts)s::int[])
 order by account, starts_on, authorisation, line;

-- name: insert_authorisations
-- Limits over spans of days.
insert into overdraft_authorisation (book, account, authorisation, line, kind, limit_minor, starts_on, ends_on,
                                     rate_percent, rate_index, document)
select * from unnest(%(book)s::int[], %(account)s::int[], %(authorisation)s::bigint[], %(line)s::smallint[],
                     %(kind)s::smallint[], %(limit_minor)s::bigint[], %(starts_on)s::date[], %(ends_on)s::date[],
                     %(rate_percent)s::numeric[], %(rate_index)s::text[], %(document)s::text[]);

-- name: end_authorisation
-- The last day of an authorisation, and why.
update overdraft_authorisation set ends_on = %(ends_on)s, ended_by = %(ended_by)s
 where book = %(book)s and account = %(account)s and authorisation = %(authorisation)s and line = %(line)s;

-- name: episodes
-- Stretches that last.
select account, episode, kind, began_on, stage from overdraft_episode
 where book = %(book)s and account = any(%(accounts)s::int[]) and ended_on is null order by account, episode;

-- name: claims
-- Claims that are open, oldest first.
select account, claim, status, amount_minor, demanded_on, debtors from overdraft_claim
 where book = %(book)s and account = any(%(accounts)s::int[]) and status in (1, 2) order by account, claim;

-- name: indebtedness
-- Files of over-indebtedness that await measures; the latest comes last.
select account, case_id, reference, decided_on, isolated_minor, technical_account, creditors from over_indebtedness
 where book = %(book)s and account = any(%(accounts)s::int[]) and status = 1 order by account, case_id;

-- name: day_balances
-- Booked balances at the end of days: after the last posting that is booked by then.
select u.number, u.day, coalesce(p.balance, 0)
  from unnest(%(accounts)s::int[], %(days)s::date[]) u(number, day)
  left join lateral (
    select balance from (
      (select debit_balance_minor as balance, debit_sequence as sequence from journal
        where book = %(book)s and debit = u.number and debit_sequence is not null and booked_on <= u.day
        order by debit_sequence desc limit 1)
      union all
      (select credit_balance_minor, credit_sequence from journal
        where book = %(book)s and credit = u.number and credit_sequence is not null and booked_on <= u.day
        order by credit_sequence desc limit 1)) x
    order by sequence desc limit 1) p on true;

-- name: to_review
-- A page of the customers' accounts of a book for which a day that has ended may change something: another limit from the
-- next day on, a stretch in debit or excess that begins, ends or lasts, a claim, instalments. What it changes is decided
-- by the rules.
with limits as (
  select distinct on (d.day, a.account) d.day, a.account, a.limit_minor, a.kind
    from (values (%(day)s::date), (%(day)s::date + 1)) d(day)
    join overdraft_authorisation a
      on a.book = %(book)s and a.starts_on <= d.day and (a.ends_on is null or a.ends_on >= d.day)
   order by d.day, a.account, a.authorisation desc, a.line desc
), state as (
  select a.account, a.floor_minor, coalesce(p.balance, 0) as balance,
         coalesce(t.limit_minor, 0) as limit_minor, t.kind, coalesce(n.limit_minor, 0) as next_limit_minor
    from account a
    left join limits t on t.account = a.account and t.day = %(day)s
    left join limits n on n.account = a.account and n.day = %(day)s::date + 1
    left join lateral (
      select balance from (
        (select debit_balance_minor as balance, debit_sequence as sequence from journal
          where book = %(book)s and debit = a.account and debit_sequence is not null and booked_on <= %(day)s
          order by debit_sequence desc limit 1)
        union all
        (select credit_balance_minor, credit_sequence from journal
          where book = %(book)s and credit = a.account and credit_sequence is not null and booked_on <= %(day)s
          order by credit_sequence desc limit 1)) x
      order by sequence desc limit 1) p on true
   where a.book = %(book)s and a.account > %(after)s and a.contract is not null and a.status <> 3
)
select s.account
  from state s
  left join overdraft_episode d on d.book = %(book)s and d.account = s.account and d.kind = 1 and d.ended_on is null
  left join overdraft_episode e on e.book = %(book)s and e.account = s.account and e.kind = 2 and e.ended_on is null
 where -s.floor_minor <> s.next_limit_minor
    or (s.balance < 0) <> (d.episode is not null)
    or (d.stage = 0 and s.kind = 1)
    or (s.balance < -s.limit_minor) <> (e.episode is not null)
    or e.stage < 3
    or exists (select from overdraft_claim c
                where c.book = %(book)s and c.account = s.account and c.status in (1, 2))
    or exists (select from overdraft_authorisation o
                where o.book = %(book)s and o.account = s.account and o.kind = 3 and o.ends_on <= %(day)s)
 order by s.account limit %(limit)s;

-- name: incapable
-- Accounts whose overdraft a holder's incapacity ends.
select distinct a.account from account a
  join overdraft_authorisation o on o.book = a.book and o.account = a.account and (o.ends_on is null or o.ends_on >= %(day)s)
   and (o.ends_on is null or o.ends_on >= o.starts_on)
  join person p on p.person = any(a.holders) and p.capacity = 'protected-adult'
 where a.book = %(book)s and a.account > %(after)s and a.status <> 3 order by a.account limit %(limit)s;

-- name: insert_episodes
-- Stretches that begin.
insert into overdraft_episode (book, account, episode, kind, began_on)
select * from unnest(%(book)s::int[], %(account)s::int[], %(episode)s::bigint[], %(kind)s::smallint[], %(began_on)s::date[]);

-- name: update_episode
-- What has been done about a stretch, and its end.
update overdraft_episode set stage = %(stage)s, ended_on = %(ended_on)s
 where book = %(book)s and account = %(account)s and episode = %(episode)s and kind = %(kind)s;

-- name: insert_tolerance
-- One debit let pass.
insert into overdraft_tolerance (book, account, tolerance, day, debit_minor, excess_minor, about, reason, author)
values (%(book)s, %(account)s, %(tolerance)s, %(day)s, %(debit_minor)s, %(excess_minor)s, %(about)s, %(reason)s, %(author)s);

-- name: tolerances
-- Debits let pass on an account, newest first.
select tolerance, day, debit_minor, excess_minor, about, reason, author from overdraft_tolerance
 where book = %(book)s and account = %(account)s order by tolerance desc limit %(limit)s;

-- name: insert_claim
-- A debit balance demanded.
insert into overdraft_claim (book, account, claim, status, amount_minor, demanded_on, debtors)
values (%(book)s, %(account)s, %(claim)s, 1, %(amount_minor)s, %(demanded_on)s, %(debtors)s);

-- name: update_claim
-- What became of a claim.
update overdraft_claim set status = %(status)s where book = %(book)s and account = %(account)s and claim = %(claim)s;

-- name: insert_indebtedness
-- An admissible file.
insert into over_indebtedness (book, account, case_id, status, reference, decided_on, isolated_minor, technical_account, creditors)
values (%(book)s, %(account)s, %(case_id)s, 1, %(reference)s, %(decided_on)s, %(isolated_minor)s, %(technical_account)s, %(creditors)s);

-- name: close_indebtedness
-- The measures are known.
update over_indebtedness set status = 2 where book = %(book)s and account = %(account)s and case_id = %(case_id)s;
