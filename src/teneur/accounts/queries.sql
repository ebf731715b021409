-- name: record
-- The body of an evidence record.
select body from record where book = %(book)s and position = %(position)s;

-- name: accounts_of_person
-- Accounts of which a person is a holder.
select book, account from account
 where book = any(%(books)s::int[]) and holders @> array[%(person)s::int] order by opened_on, book, account;

-- name: items
-- The items of an account within a cut.
select amount_minor, booked_on from posting
 where book = %(book)s and account = %(account)s
   and (%(position)s::bigint is null or position <= %(position)s)
   and (%(booked_on)s::date is null or booked_on <= %(booked_on)s)
   and (%(value_on)s::date is null or value_on <= %(value_on)s)
 order by sequence;
