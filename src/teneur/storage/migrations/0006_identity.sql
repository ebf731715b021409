-- Persons who object, on legitimate grounds, to having their identity confirmed to other banks.

create table identity_objection (
  person integer primary key,
  in_force boolean not null,           -- false: withdrawn, and kept as it was
  ground text not null check (ground <> ''),
  recorded_at timestamptz not null
);

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert, update on identity_objection to teneur_app;
  end if;
end
$$;
