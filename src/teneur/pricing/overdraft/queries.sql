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
