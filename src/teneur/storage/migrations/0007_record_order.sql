-- Records with their columns in order of size, as the journal's: no padding before the position, which is up to eight
-- bytes of a row. Contents, key and rights stay as they were; what leaves cover is salt and body, not the row.

alter table record rename to record_before;
alter index record_pkey rename to record_before_pkey;

create table record (
  position bigint not null,
  book integer not null,
  salt bytea not null,
  body bytea not null,
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
