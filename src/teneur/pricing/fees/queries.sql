-- name: insert_fees
-- Events that the tariff has a price for.
insert into fee (book, account, fee, line, event, about, occurred_on, base_minor, quantity)
select * from unnest(%(book)s::int[], %(account)s::int[], %(fee)s::bigint[], %(line)s::smallint[], %(event)s::text[],
                     %(about)s::text[], %(occurred_on)s::date[], %(base_minor)s::bigint[], %(quantity)s::int[]);
