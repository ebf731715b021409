-- name: account_of_operation
-- The customer's account that an operation is about: its subject, or else the side that its first entry debits.
select coalesce(subject, debit) from journal where book = %(book)s and position = %(position)s and line = 0;

-- name: operations_by_key
-- Which operations these idempotency keys made, whatever the book, with the account credited by their last entry.
select j.book, j.position, j.key,
       (select l.credit from journal l where l.book = j.book and l.position between j.position and j.position + 1
           and l.position - l.line = j.position and l.credit is not null order by l.position desc limit 1)
  from book b join journal j on j.book = b.book
 where j.key = any(%(keys)s::uuid[]) and j.outcome = 1;

-- name: sent_in_file
-- The orders whose messages went out in a file.
select account, position, body from outbox
 where book = %(book)s and message = %(message)s and exported_in = %(file)s order by position, line;

-- name: file_of_message
-- The file that took the message of an order along; the message stands at the order's row, or names the order.
select exported_in from outbox
 where book = %(book)s and account = %(account)s and message = %(message)s and exported_in is not null
   and position >= %(transfer)s
   and (position = %(transfer)s or body::jsonb ->> 'transfer' = %(transfer)s::text)
 order by position limit 1;

-- name: books
-- The books of the bank.
select book from book order by book;
