-- name: insert_obligations
-- Open duties.
insert into obligation (book, account, obligation, line, kind, about, clause, debtor, starts_at, due_at)
select * from unnest(%(book)s::int[], %(account)s::int[], %(obligation)s::bigint[], %(line)s::smallint[], %(kind)s::text[],
                     %(about)s::text[], %(clause)s::text[], %(debtor)s::text[], %(starts_at)s::timestamptz[],
                     %(due_at)s::timestamptz[]);

-- name: discharge
-- Note what discharged duties that were open before the row at `position`.
update obligation o set discharged_at = u.at, discharged_by = u.how
  from unnest(%(book)s::int[], %(account)s::int[], %(position)s::bigint[], %(kind)s::text[], %(about)s::text[],
              %(how)s::text[], %(at)s::timestamptz[]) u(book, account, position, kind, about, how, at)
 where o.book = u.book and o.account = u.account and o.kind = u.kind and o.about = u.about
   and o.obligation <= u.position and o.discharged_at is null;

-- name: obligations
-- Duties by id.
select o.book, o.account, o.obligation, o.line, o.kind, o.about, o.clause, o.debtor, o.starts_at, o.due_at,
       o.discharged_at, o.discharged_by
  from unnest(%(accounts)s::int[], %(obligations)s::bigint[], %(lines)s::smallint[]) u(account, obligation, line)
  join obligation o on o.book = %(book)s and o.account = u.account and o.obligation = u.obligation and o.line = u.line;

-- name: open_about
-- Open duties of a kind about a thing.
select o.book, o.account, o.obligation, o.line, o.kind, o.about, o.clause, o.debtor, o.starts_at, o.due_at,
       o.discharged_at, o.discharged_by
  from unnest(%(accounts)s::int[], %(kinds)s::text[], %(abouts)s::text[]) u(account, kind, about)
  join obligation o on o.book = %(book)s and o.account = u.account and o.kind = u.kind and o.about = u.about
   and o.discharged_at is null
 order by o.obligation, o.line;

-- name: due_until
-- Duties of a book that are open now and whose last instant lies before or at an instant, the most urgent first.
select book, account, obligation, line, kind, about, clause, debtor, starts_at, due_at, discharged_at, discharged_by
  from obligation
 where book = %(book)s and discharged_at is null and due_at <= %(until)s
 order by due_at, account, obligation, line limit %(limit)s;

-- name: open_as_of
-- Duties of a book that were open at an instant, the most urgent first, those without date last.
select book, account, obligation, line, kind, about, clause, debtor, starts_at, due_at, discharged_at, discharged_by
  from obligation
 where book = %(book)s and starts_at <= %(at)s and (discharged_at is null or discharged_at > %(at)s)
 order by due_at nulls last, account, obligation, line;

-- name: of_account
-- Every duty about an account, open or done, in the order in which they arose.
select book, account, obligation, line, kind, about, clause, debtor, starts_at, due_at, discharged_at, discharged_by
  from obligation where book = %(book)s and account = %(account)s order by obligation, line;
