-- name: last_statements
-- The latest statement of accounts.
select s.account, s.number, s.last_day, s.last_sequence, s.closing_minor, s.json_sha256
  from unnest(%(accounts)s::int[]) u(number)
 cross join lateral (
   select * from statement where book = %(book)s and account = u.number order by number desc limit 1) s;

-- name: choices
-- The latest choice of accounts.
select distinct on (account) account, frequency, extra_medium
  from statement_choice where book = %(book)s and account = any(%(accounts)s::int[]) order by account, choice desc;

-- name: insert_choice
-- Keep how often the holders of an account want statements from now on.
insert into statement_choice (book, account, choice, frequency, extra_medium, chosen_at)
values (%(book)s, %(account)s, %(choice)s, %(frequency)s, %(extra_medium)s, %(at)s);

-- name: copy_statements
-- Keep statements as issued.
copy statement (book, account, number, first_day, last_day, position, issued_at, opening_minor, closing_minor, json_sha256,
                json, first_sequence, last_sequence, frequency, guarantee, issued_by) from stdin;

-- name: insert_deliveries
-- Statements reached the customer.
insert into statement_delivery (book, account, number, medium, person, delivered_by, delivered_at, reference)
select * from unnest(%(book)s::int[], %(account)s::int[], %(number)s::int[], %(medium)s::text[], %(person)s::int[],
                     %(delivered_by)s::bigint[], %(delivered_at)s::timestamptz[], %(reference)s::text[]);

-- name: accounts_after
-- Customers' accounts of a book that ran on a day and have no statement up to it, a page, in order of number, with
-- their choice and their latest statement.
select a.account, coalesce(c.frequency, ''), coalesce(c.extra_medium, ''),
       l.number, l.last_day, l.last_sequence, l.closing_minor, l.json_sha256
  from account a
  left join lateral (select frequency, extra_medium from statement_choice s
                      where s.book = a.book and s.account = a.account order by s.choice desc limit 1) c on true
  left join lateral (select number, last_day, last_sequence, closing_minor, json_sha256 from statement s
                      where s.book = a.book and s.account = a.account order by s.number desc limit 1) l on true
 where a.book = %(book)s and a.account > %(after)s and a.contract is not null and a.opened_on <= %(day)s
   and (l.last_day is null or l.last_day < %(day)s)
   and (not %(chosen_only)s
        or a.account in (select s.account from statement_choice s
                          where s.book = %(book)s and s.account > %(after)s and s.frequency = any(%(frequencies)s::text[])))
 order by a.account limit %(limit)s;

-- name: unstated
-- The postings of accounts after those stated last, in order, with what they rest on and the first row of their
-- operation. Nothing is read beyond the head of each account.
select u.number, p.sequence, p.position, p.line, p.amount_minor, p.balance_minor, p.other, p.booked_on, p.value_on,
       g.clauses, r.body, j.subject, j.debit
  from unnest(%(accounts)s::int[], %(afters)s::bigint[], %(lasts)s::bigint[]) u(number, after, last)
  join posting p on p.book = %(book)s and p.account = u.number and p.sequence > u.after and p.sequence <= u.last
  join ground g using (ground)
  join journal j on j.book = p.book and j.position = p.position - p.line
  left join record r on r.book = p.book and r.position = p.position - p.line
 order by u.number, p.sequence;

-- name: booked_between
-- The postings of an account booked on these days, up to its last sequence, as above.
select p.account, p.sequence, p.position, p.line, p.amount_minor, p.balance_minor, p.other, p.booked_on, p.value_on,
       g.clauses, r.body, j.subject, j.debit
  from posting p
  join ground g using (ground)
  join journal j on j.book = p.book and j.position = p.position - p.line
  left join record r on r.book = p.book and r.position = p.position - p.line
 where p.book = %(book)s and p.account = %(account)s and p.position <= %(position)s
   and p.booked_on between %(first_day)s and %(last_day)s
 order by p.sequence;

-- name: origins
-- The first rows of operations of a book, with their records.
select j.position, j.subject, j.debit, r.body
  from unnest(%(positions)s::bigint[]) u(position)
  join journal j on j.book = %(book)s and j.position = u.position
  left join record r on r.book = j.book and r.position = j.position;

-- name: statements
-- What was issued for an account, oldest first, without the documents.
select number, first_day, last_day, position, issued_at, opening_minor, closing_minor, json_sha256,
       first_sequence, last_sequence, frequency
  from statement where book = %(book)s and account = %(account)s order by number;

-- name: statement
-- One statement as issued.
select json, json_sha256 from statement where book = %(book)s and account = %(account)s and number = %(number)s;

-- name: statement_media
-- Statements by number, with the media by which they were delivered.
select s.account, s.number, s.json_sha256,
       coalesce((select array_agg(d.medium order by d.medium) from statement_delivery d
                  where (d.book, d.account, d.number) = (s.book, s.account, s.number)), '{}')
  from unnest(%(accounts)s::int[], %(numbers)s::int[]) u(account, number)
  join statement s on s.book = %(book)s and s.account = u.account and s.number = u.number;

-- name: page
-- The page of a statement as it was made.
select pdf, pdf_sha256 from statement_page
 where book = %(book)s and account = %(account)s and number = %(number)s and language = %(language)s;

-- name: insert_page
-- Keep the page of a statement; another process may have made it meanwhile.
insert into statement_page (book, account, number, language, pdf_sha256, pdf)
values (%(book)s, %(account)s, %(number)s, %(language)s, %(pdf_sha256)s, %(pdf)s) on conflict do nothing;

-- name: deliveries
-- How the statements of an account were delivered, in order.
select number, medium, person, delivered_at, reference from statement_delivery
 where book = %(book)s and account = %(account)s order by number, medium;

-- name: accounts_unconfirmed
-- Accounts that ran on the last day of a year, with how many of their statements of that year confirm the guarantee: a
-- page, those with fewer than any agreement asks for, in order.
select a.account, count(s.number)::int
  from account a
  left join statement s on s.book = a.book and s.account = a.account and s.guarantee
   and s.last_day between %(first_day)s and %(last_day)s
 where a.book = %(book)s and a.account > %(after)s and a.contract is not null and a.opened_on <= %(last_day)s
   and (a.closed_on is null or a.closed_on > %(last_day)s)
 group by a.account having count(s.number) < %(least)s order by a.account limit %(limit)s;
