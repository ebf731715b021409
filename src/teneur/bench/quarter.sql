-- name: aggregate
-- The plain aggregate that a closing is measured against: sums by account and value date over the same rows.
select count(*), coalesce(sum(total), 0)
  from (select account, value_on, sum(amount_minor) as total from posting
         where book = %(book)s and value_on between %(first_day)s and %(last_day)s group by account, value_on) x;

-- name: analyze_journal
-- Statistics, and the visibility that a table of some age has.
vacuum analyze journal;

-- name: analyze_authorisations
-- The same for authorisations.
vacuum analyze overdraft_authorisation;

-- name: closed
-- How many accounts were closed, what was charged, and a hash of all that was kept.
select count(*), coalesce(sum(debit_minor), 0), coalesce(encode(sha256(string_agg(sha256, ''::bytea order by account)), 'hex'), '')
  from interest_closing where book = %(book)s and first_day = %(first_day)s;
