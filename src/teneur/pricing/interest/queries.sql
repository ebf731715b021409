-- name: accounts_to_close
-- Customers' accounts of a book without a closing of the quarter, in order, each with its last closing before.
select a.account, a.contract, c.versions, a.branch, a.currency, a.opened_on,
       coalesce(p.position, 0), coalesce(p.closing_minor, 0), coalesce(p.run_off_minor, 0),
       coalesce(p.last_day, '-infinity'::date) = '-infinity'::date, coalesce(p.last_day, date '0001-01-01'),
       p.later_days, p.later_minor
  from account a
  join contract c using (contract)
  left join lateral (
    select position, closing_minor, run_off_minor, last_day, later_days, later_minor from interest_closing i
     where i.book = a.book and i.account = a.account and i.first_day < %(first_day)s
     order by i.first_day desc, i.revision desc limit 1) p on true
 where a.book = %(book)s and a.account > %(after)s and a.opened_on <= %(last_day)s
   and not exists (select from interest_closing d
                    where d.book = a.book and d.account = a.account and d.first_day = %(first_day)s)
 order by a.account limit %(limit)s;

-- name: quarter_numbers
-- The numbers of a quarter by account, for accounts whose rates and limit do not change in it, out of what was posted
-- since their last closing. A row that stands for no day (same day as the next, or after the quarter) adds nothing.
with line as (
  select debit as account, greatest(debit_value_on, %(eve)s) as day, -amount_minor as amount,
         case when debit_value_on <= %(closed_day)s then debit_value_on end as late
    from journal
   where book = %(book)s and debit between %(low)s and %(high)s and debit_sequence is not null
     and position > %(since)s and position <= %(cut)s and debit = any(%(accounts)s::int[])
  union all
  select credit, greatest(credit_value_on, %(eve)s), amount_minor,
         case when credit_value_on <= %(closed_day)s then credit_value_on end
    from journal
   where book = %(book)s and credit between %(low)s and %(high)s and credit_sequence is not null
     and position > %(since)s and position <= %(cut)s and credit = any(%(accounts)s::int[])
  union all
  select account, %(eve)s, balance, null from unnest(%(accounts)s::int[], %(balances)s::bigint[]) p(account, balance)
  union all
  select account, greatest(day, %(eve)s), amount, null
    from unnest(%(later_accounts)s::int[], %(later_days)s::date[], %(later_minor)s::bigint[]) l(account, day, amount)
), stood as (
  select account, day, amount, late, (sum(amount) over w)::bigint as balance,
         least(lead(day, 1, %(next_day)s) over w, %(next_day)s) - greatest(day, %(first_day)s) as days
    from line window w as (partition by account order by day rows unbounded preceding)
)
select t.account, 1,
       coalesce(sum(t.days * least(-t.balance, s.limit_minor)) filter (where t.days > 0 and t.balance < 0), 0)::bigint,
       coalesce(sum(t.days * (-t.balance - s.limit_minor))
                filter (where t.days > 0 and -t.balance > s.limit_minor), 0)::bigint,
       coalesce(sum(t.days * t.balance) filter (where t.days > 0 and t.balance > 0), 0)::bigint,
       coalesce(sum(t.days) filter (where t.days > 0 and t.balance < 0), 0)::int,
       coalesce(sum(t.amount) filter (where t.day < %(first_day)s), 0)::bigint,
       coalesce(sum(t.amount) filter (where t.day < %(next_day)s), 0)::bigint,
       array_agg(t.day) filter (where t.day >= %(next_day)s),
       array_agg(t.amount) filter (where t.day >= %(next_day)s),
       min(t.late)
  from stood t
  join unnest(%(span_accounts)s::int[], %(span_limits)s::bigint[]) s(account, limit_minor) on s.account = t.account
 group by t.account;

-- name: quarter_numbers_by_span
-- The same for accounts whose rates or limit change within the quarter, by span of rates: a row that moves nothing marks
-- the first day of each.
with span as (
  select account, first_day, limit_minor, row_number() over (partition by account order by first_day) as seg
    from unnest(%(span_accounts)s::int[], %(span_days)s::date[], %(span_limits)s::bigint[]) s(account, first_day, limit_minor)
), line as (
  select debit as account, greatest(debit_value_on, %(eve)s) as day, -amount_minor as amount, null::int as mark,
         case when debit_value_on <= %(closed_day)s then debit_value_on end as late
    from journal
   where book = %(book)s and debit between %(low)s and %(high)s and debit_sequence is not null
     and position > %(since)s and position <= %(cut)s and debit = any(%(accounts)s::int[])
  union all
  select credit, greatest(credit_value_on, %(eve)s), amount_minor, null,
         case when credit_value_on <= %(closed_day)s then credit_value_on end
    from journal
   where book = %(book)s and credit between %(low)s and %(high)s and credit_sequence is not null
     and position > %(since)s and position <= %(cut)s and credit = any(%(accounts)s::int[])
  union all
  select account, %(eve)s, balance, null, null from unnest(%(accounts)s::int[], %(balances)s::bigint[]) p(account, balance)
  union all
  select account, greatest(day, %(eve)s), amount, null, null
    from unnest(%(later_accounts)s::int[], %(later_days)s::date[], %(later_minor)s::bigint[]) l(account, day, amount)
  union all
  select account, first_day, 0, 1, null from span
), stood as (
  select account, day, amount, late, (sum(amount) over w)::bigint as balance, (count(mark) over w)::int as seg,
         case when day < %(first_day)s then 0
              else greatest(0, least(lead(day, 1, %(next_day)s) over w, %(next_day)s) - day) end as days
    from line window w as (partition by account order by day rows unbounded preceding)
)
select t.account, t.seg,
       coalesce(sum(t.days * least(greatest(-t.balance, 0), s.limit_minor)) filter (where t.days > 0), 0)::bigint,
       coalesce(sum(t.days * greatest(-t.balance - s.limit_minor, 0)) filter (where t.days > 0), 0)::bigint,
       coalesce(sum(t.days * greatest(t.balance, 0)) filter (where t.days > 0), 0)::bigint,
       coalesce(sum(t.days) filter (where t.balance < 0), 0)::int,
       coalesce(sum(t.amount) filter (where t.day < %(first_day)s), 0)::bigint,
       coalesce(sum(t.amount) filter (where t.day < %(next_day)s), 0)::bigint,
       array_agg(t.day) filter (where t.day >= %(next_day)s),
       array_agg(t.amount) filter (where t.day >= %(next_day)s),
       min(t.late)
  from stood t left join span s on s.account = t.account and s.seg = t.seg
 group by t.account, t.seg;

-- name: more_memory
-- Room to sort a page of accounts; for this transaction only.
set local work_mem = '192MB';

-- name: more_time
-- A page of many accounts may take longer than a look-up by key; for this transaction only.
set local statement_timeout = '10min';

-- name: value_sums
-- The movements of accounts by value date, of all rows of the journal up to a cut.
select u.number, p.value_on, sum(p.amount_minor)::bigint
  from unnest(%(accounts)s::int[]) u(number)
  join posting p on p.book = %(book)s and p.account = u.number
 where p.position <= %(cut)s
 group by u.number, p.value_on order by u.number, p.value_on;

-- name: late_postings
-- What was posted after a cut, up to another, with a value date that the closings up to the first had passed.
select p.position, p.value_on, p.amount_minor from posting p
 where p.book = %(book)s and p.account = %(account)s and p.position > %(after)s and p.position <= %(cut)s
   and p.value_on <= %(last_day)s
 order by p.position;

-- name: closings_of
-- Closings of accounts in order: all quarters, all revisions.
select account, first_day, revision, position, closed_by, json from interest_closing
 where book = %(book)s and account = any(%(accounts)s::int[]) order by account, first_day, revision;

-- name: latest_closings
-- The latest revision of quarters of accounts.
select i.account, i.first_day, i.revision, i.debit_minor, i.credit_minor, i.json
  from unnest(%(accounts)s::int[], %(days)s::date[]) u(number, day)
 cross join lateral (
   select * from interest_closing where book = %(book)s and account = u.number and first_day = u.day
    order by revision desc limit 1) i;

-- name: copy_closings
-- Keep closings.
copy interest_closing from stdin;

-- name: insert_values
-- Values of reference rates.
insert into reference_rate (name, day, loaded_by, percent, source, synthetic)
select * from unnest(%(name)s::text[], %(day)s::date[], %(loaded_by)s::bigint[], %(percent)s::numeric[],
                     %(source)s::text[], %(synthetic)s::boolean[]);

-- name: reference_rates
-- The values of reference rates in order of day; of several for a day the last one loaded.
select distinct on (name, day) name, day, percent, source, synthetic from reference_rate
 where name = any(%(names)s::text[]) order by name, day, loaded_by desc;

-- name: insert_events
-- What happens to reference rates.
insert into reference_rate_event (name, event, kind, day, substitute, designated_by, points, recommended_points, reason)
select * from unnest(%(name)s::text[], %(event)s::bigint[], %(kind)s::smallint[], %(day)s::date[], %(substitute)s::text[],
                     %(designated_by)s::text[], %(points)s::numeric[], %(recommended_points)s::numeric[], %(reason)s::text[]);

-- name: events
-- What happened to reference rates, in order.
select name, event, kind, day, substitute, designated_by, points, recommended_points, reason
  from reference_rate_event where name = any(%(names)s::text[]) order by name, event;

-- name: rate_names
-- Every reference rate of which a value was loaded.
select distinct name from reference_rate order by name;

-- name: insert_rate_notices
-- Customers were told.
insert into rate_notice (book, account, notice, kind, name, event, about, gone_on, sent_on, last_day, status)
select b, a, n, k, m, e, t, g, s, l, 1
  from unnest(%(book)s::int[], %(account)s::int[], %(notice)s::bigint[], %(kind)s::smallint[], %(name)s::text[],
              %(event)s::bigint[], %(about)s::text[], %(gone_on)s::date[], %(sent_on)s::date[], %(last_day)s::date[])
    u(b, a, n, k, m, e, t, g, s, l);

-- name: answer_rate_notice
-- A notice is answered, by silence or in writing.
update rate_notice set status = %(status)s, answered_by = %(answered_by)s, answered_on = %(answered_on)s, ends_on = %(ends_on)s
 where book = %(book)s and account = %(account)s and notice = %(notice)s;

-- name: rate_notices
-- What customers were told of rates, in order.
select account, notice, kind, name, event, about, gone_on, sent_on, last_day, status, answered_by, answered_on, ends_on
  from rate_notice where book = %(book)s and account = any(%(accounts)s::int[]) order by account, notice;

-- name: notices_silent
-- Open notices whose last day to object has passed, in order, with what governs their accounts.
select n.account, n.notice, a.contract, c.versions, a.branch, a.opened_on
  from rate_notice n
  join account a using (book, account)
  join contract c using (contract)
 where n.book = %(book)s and n.status = 1 and n.last_day < %(day)s
   and (n.account, n.notice) > (%(after)s, %(after_notice)s)
 order by n.account, n.notice limit %(limit)s;

-- name: accounts_with_rate
-- Accounts with an authorisation at a reference rate, not told yet of a substitution, in order, with what governs them.
select a.account, 0, a.contract, c.versions, a.branch, a.opened_on
  from account a
  join contract c using (contract)
 where a.book = %(book)s and a.account > %(after)s
   and exists (select from overdraft_authorisation o
                where o.book = a.book and o.account = a.account and o.rate_index = %(name)s
                  and (o.ends_on is null or o.ends_on >= %(day)s))
   and not exists (select from rate_notice n
                    where n.book = a.book and n.account = a.account and n.kind = 1 and n.event = %(event)s)
 order by a.account limit %(limit)s;

-- name: substitutions
-- Every substitution of a reference rate, in order.
select name, event from reference_rate_event where kind = 3 order by event;

-- name: insert_value_adjustment
-- An operation got its right value date; a second time breaks the primary key.
insert into value_adjustment (book, operation, adjusted_by) values (%(book)s, %(operation)s, %(adjusted_by)s);

-- name: value_adjustments
-- Operations whose value date was set right already.
select operation, adjusted_by from value_adjustment where book = %(book)s and operation = any(%(operations)s::bigint[]);

-- name: cut_day
-- The bank's day of the row that is the cut of a closing.
select booked_on from journal where book = %(book)s and position = %(cut)s;

-- name: debit_spells
-- Unbroken stretches of days in debit, as the daily review of overdrafts found them, that reach beyond a day.
select account, began_on, ended_on from overdraft_episode
 where book = %(book)s and account = any(%(accounts)s::int[]) and kind = 1
   and (ended_on is null or ended_on > %(first_day)s)
 order by account, began_on;
