-- name: insert_rates
-- Market rates.
insert into market_rate (base, quote, quoted_at, loaded_by, buying, selling, source, synthetic)
select * from unnest(%(base)s::text[], %(quote)s::text[], %(at)s::timestamptz[], %(loaded_by)s::bigint[],
                     %(buying)s::numeric[], %(selling)s::numeric[], %(source)s::text[], %(synthetic)s::boolean[]);

-- name: latest_rates
-- Of each pair, in whichever order it is quoted, the latest rates within a span of time; of one instant the last loaded.
select wanted.number, rate.base, rate.quote, rate.buying, rate.selling, rate.quoted_at, rate.source, rate.synthetic
  from unnest(%(one)s::text[], %(other)s::text[], %(since)s::timestamptz[], %(until)s::timestamptz[])
       with ordinality wanted (one, other, since, until, number)
 cross join lateral (
   select base, quote, buying, selling, quoted_at, source, synthetic, loaded_by from market_rate
    where base = wanted.one and quote = wanted.other and quoted_at between wanted.since and wanted.until
   union all
   select base, quote, buying, selling, quoted_at, source, synthetic, loaded_by from market_rate
    where base = wanted.other and quote = wanted.one and quoted_at between wanted.since and wanted.until
   order by quoted_at desc, loaded_by desc limit 1) rate;

-- name: rates_of_pair
-- The history of a pair, the latest first.
select base, quote, buying, selling, quoted_at, source, synthetic from market_rate
 where (base = %(one)s and quote = %(other)s) or (base = %(other)s and quote = %(one)s)
 order by quoted_at desc, loaded_by desc limit %(limit)s;

-- name: accounts_in_currency
-- Open accounts of the book in a currency that the same holders have.
select wanted.account, wanted.currency, other.account
  from unnest(%(accounts)s::int[], %(currencies)s::text[]) wanted (account, currency)
  join account mine on mine.book = %(book)s and mine.account = wanted.account
  join account other on other.book = %(book)s and other.currency = wanted.currency and other.status = 1
                    and other.holders @> mine.holders and other.holders <@ mine.holders
                    and cardinality(other.holders) > 0
 order by 1, 2, 3;

-- name: insert_foreign_cash
-- Foreign cash that waits for its day.
insert into foreign_cash (book, account, deposit, currency, amount_minor, processed_on)
select * from unnest(%(book)s::int[], %(account)s::int[], %(deposit)s::bigint[], %(currency)s::text[],
                     %(amount_minor)s::bigint[], %(processed_on)s::date[]);

-- name: foreign_cash
-- Deposits of a book.
select account, deposit, currency, amount_minor, processed_on, converted_by from foreign_cash
 where book = %(book)s and deposit = any(%(deposits)s::bigint[]);

-- name: convert_foreign_cash
-- A deposit was converted; a second time changes nothing and is an error of the writer.
update foreign_cash set converted_by = %(converted_by)s
 where book = %(book)s and deposit = %(deposit)s and converted_by is null;

-- name: foreign_cash_due
-- Deposits whose day has come, a page at a time.
select account, deposit from foreign_cash
 where book = %(book)s and processed_on <= %(day)s and converted_by is null and deposit > %(after)s
 order by deposit limit %(limit)s;
