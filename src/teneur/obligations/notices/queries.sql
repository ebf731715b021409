-- name: insert_notices
-- Remember what must be told, and that it waits to be sent.
with told as (
  insert into notice (book, account, notice, line, template, about, content, discharges, made_at)
  select * from unnest(%(book)s::int[], %(account)s::int[], %(notice)s::bigint[], %(line)s::smallint[], %(template)s::text[],
                       %(about)s::text[], %(content)s::text[], %(discharges)s::text[], %(made_at)s::timestamptz[])
  returning book, account, notice, line, made_at
)
insert into notice_waiting (book, account, notice, line, next_at)
select book, account, notice, line, made_at from told;

-- name: notices
-- Notices by id, with how they were sent.
select n.book, n.account, n.notice, n.line, n.template, n.about, n.content, n.discharges, n.made_at,
       s.medium, s.reference, s.sent_at, s.acknowledged is not null
  from unnest(%(accounts)s::int[], %(notices)s::bigint[], %(lines)s::smallint[]) u(account, notice, line)
  join notice n on n.book = %(book)s and n.account = u.account and n.notice = u.notice and n.line = u.line
  left join notice_sent s on (s.book, s.account, s.notice, s.line) = (n.book, n.account, n.notice, n.line);

-- name: notices_of_account
-- Everything that the holders of an account were, or are to be, told: the latest first.
select n.book, n.account, n.notice, n.line, n.template, n.about, n.content, n.discharges, n.made_at,
       s.medium, s.reference, s.sent_at, s.acknowledged is not null
  from notice n left join notice_sent s using (book, account, notice, line)
 where n.book = %(book)s and n.account = %(account)s order by n.notice desc, n.line desc limit %(limit)s;

-- name: unsent
-- Notices of a book that are not sent, oldest first, with when they are tried again; given up: never.
select n.book, n.account, n.notice, n.line, n.template, n.about, n.content, n.discharges, n.made_at,
       null, null, null, false, w.next_at
  from notice_waiting w join notice n using (book, account, notice, line)
 where w.book = %(book)s and (not %(given_up)s or w.next_at is null)
 order by n.notice, n.line limit %(limit)s;

-- name: take_waiting
-- Notices of a book whose time has come, the longest waiting first.
select n.book, n.account, n.notice, n.line, n.template, n.about, n.content, n.discharges, n.made_at,
       null, null, null, false
  from notice_waiting w join notice n using (book, account, notice, line)
 where w.book = %(book)s and w.next_at <= %(at)s
 order by w.next_at, w.account, w.notice, w.line limit %(limit)s;

-- name: wait_until
-- When a notice is tried again; null: a person must look.
update notice_waiting set next_at = %(next_at)s
 where book = %(book)s and account = %(account)s and notice = %(notice)s and line = %(line)s;

-- name: needless
-- A notice that need not be sent any more waits no longer.
delete from notice_waiting
 where book = %(book)s and account = %(account)s and notice = %(notice)s and line = %(line)s;

-- name: try_again
-- Notices that were given up are tried again from now on.
update notice_waiting set next_at = %(at)s
 where next_at is null;

-- name: hurry
-- What waits for a later time, and is not given up, is tried from an instant on: a way of sending was set up.
update notice_waiting set next_at = %(at)s
 where next_at > %(at)s;

-- name: one_at_a_time
-- Whether this session may deliver the notices of a book now; held until it ends.
select pg_try_advisory_lock(1853121635, %(book)s);

-- name: next_one
-- Let another session deliver.
select pg_advisory_unlock(1853121635, %(book)s);

-- name: choices
-- The latest choice of each account.
select distinct on (account) account, paperless, medium, recipient
  from notice_choice where book = %(book)s and account = any(%(accounts)s::int[]) order by account, choice desc;

-- name: insert_choice
-- Keep what the holders want from now on.
insert into notice_choice (book, account, choice, paperless, medium, recipient, chosen_at)
values (%(book)s, %(account)s, %(choice)s, %(paperless)s, %(medium)s, %(recipient)s, %(at)s);

-- name: insert_sent
-- Notices that have gone out wait no longer.
with sent as (
  insert into notice_sent (book, account, notice, line, position, medium, reference, sent_at)
  select * from unnest(%(book)s::int[], %(account)s::int[], %(notice)s::bigint[], %(line)s::smallint[],
                       %(position)s::bigint[], %(medium)s::text[], %(reference)s::text[], %(at)s::timestamptz[])
  returning book, account, notice, line
)
delete from notice_waiting w using sent
 where (w.book, w.account, w.notice, w.line) = (sent.book, sent.account, sent.notice, sent.line);

-- name: acknowledge
-- A registered letter was handed over.
update notice_sent set acknowledged = %(position)s, acknowledged_on = %(received_on)s
 where book = %(book)s and account = %(account)s and notice = %(notice)s and line = %(line)s;

-- name: duties_done
-- Of duties about things, whether all that were ever opened are done; those never opened are left out.
select u.account, u.kind, u.about, bool_and(o.discharged_at is not null), max(o.clause), max(o.discharged_by)
  from unnest(%(accounts)s::int[], %(kinds)s::text[], %(abouts)s::text[]) u(account, kind, about)
  join obligation o on o.book = %(book)s and o.account = u.account and o.kind = u.kind and o.about = u.about
 group by u.account, u.kind, u.about;

-- name: clauses_of_operations
-- The clauses that decisions rest on, by position.
select j.position, g.clauses from journal j join ground g using (ground)
 where j.book = %(book)s and j.position = any(%(positions)s::bigint[]);

-- name: document
-- A notice as issued, and its page if there is one.
select d.json, p.pdf from notice_document d left join notice_page p using (book, account, notice, line)
 where d.book = %(book)s and d.account = %(account)s and d.notice = %(notice)s and d.line = %(line)s;

-- name: insert_document
-- Keep a notice as issued; it may have been before.
insert into notice_document (book, account, notice, line, issued_at, json_sha256, json)
values (%(book)s, %(account)s, %(notice)s, %(line)s, %(at)s, %(sha256)s, %(json)s) on conflict do nothing;

-- name: insert_page
-- Keep the page of a notice.
insert into notice_page (book, account, notice, line, pdf_sha256, pdf)
values (%(book)s, %(account)s, %(notice)s, %(line)s, %(sha256)s, %(pdf)s) on conflict do nothing;

-- name: deliveries
-- The attempts to send a notice, in order.
select attempt, medium, address_sha256, reference, begun_at, ended_at, outcome, error
  from notice_delivery
 where book = %(book)s and account = %(account)s and notice = %(notice)s and line = %(line)s order by attempt;

-- name: begin_delivery
-- An attempt begins.
insert into notice_delivery (book, account, notice, line, attempt, medium, address_sha256, reference, begun_at)
values (%(book)s, %(account)s, %(notice)s, %(line)s, %(attempt)s, %(medium)s, %(address_sha256)s, %(reference)s, %(at)s);

-- name: end_delivery
-- What became of an attempt.
update notice_delivery set ended_at = %(at)s, outcome = %(outcome)s, error = %(error)s, reference = %(reference)s
 where book = %(book)s and account = %(account)s and notice = %(notice)s and line = %(line)s and attempt = %(attempt)s;

-- name: insert_message
-- Make a message available in the web space, once.
insert into secure_message (book, account, notice, line, person, subject, body, available_at)
values (%(book)s, %(account)s, %(notice)s, %(line)s, %(person)s, %(subject)s, %(body)s, %(at)s) on conflict do nothing;

-- name: messages_of_person
-- What the web space shows a person, the latest first.
select book, account, notice, line, subject, body, available_at
  from secure_message where person = %(person)s order by available_at desc, book, account, notice, line limit %(limit)s;
