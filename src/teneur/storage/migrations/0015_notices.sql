-- What holders of accounts must be told. A decision adds a row; how and when it went out stands beside it.

create table notice (
  book integer not null,
  account integer not null,
  notice bigint not null,              -- position of the journal row that says it must be told
  line smallint not null,
  template text not null,
  about text not null,
  content text not null,               -- what the template needs, canonical JSON
  discharges text not null default '', -- kind of the duty that its sending does
  made_at timestamptz not null,
  primary key (book, account, notice, line),
  foreign key (book, account) references account
);

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert on notice to teneur_app;
  end if;
end
$$;
