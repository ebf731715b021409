-- name: insert_notices
-- Remember what must be told.
insert into notice (book, account, notice, line, template, about, content, discharges, made_at)
select * from unnest(%(book)s::int[], %(account)s::int[], %(notice)s::bigint[], %(line)s::smallint[], %(template)s::text[],
                     %(about)s::text[], %(content)s::text[], %(discharges)s::text[], %(made_at)s::timestamptz[]);
