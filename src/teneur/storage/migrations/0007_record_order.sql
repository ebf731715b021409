-- Records with their columns in order of size, as the journal's: no padding before the position, which is up to eight
-- bytes of a row. Contents, key and rights stay as they were; what leaves cover is salt and body, not the row.

alter table record rename to record_before;
alter index record_pkey rename to record_before_pkey;

-- (Named as they would be by themselves, if the table before did not still have these names.)
create table record (
  position bigint constraint record_position_not_null not null,
  book integer constraint record_book_not_null not null,
  salt bytea constraint record_salt_not_null not null,
  body bytea constraint record_body_not_null not null,
  primary key (book, position)
);

insert into record (position, book, salt, body)
select position, book, salt, body from record_before order by book, position;

drop table record_before;

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert on record to teneur_app;
  end if;
end
$$;
