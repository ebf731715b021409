-- Persons whom the bank knows, and its staff. They belong to no book; book 0 journals what changes them.
-- A person has a positive id, a member of staff a negative one, so that one integer names whoever acts; 0 is the bank's day.

create table person (
  person integer primary key check (person > 0),
  surname text not null check (surname <> ''),
  first_names text not null check (first_names <> ''),
  birth_date date not null,
  birth_place text not null,
  nationality text not null check (nationality ~ '^[A-Z]{2}$'),
  street text not null,
  building text not null,
  post_code text not null,
  town text not null check (town <> ''),
  country text not null check (country ~ '^[A-Z]{2}$'),
  email text not null default '',
  phone text not null default '',
  language text not null,
  since date not null,
  search_key text not null        -- the names in small letters without accents, a blank before and after each word
);

create table staff (
  staff integer primary key check (staff < 0),
  name text not null check (name <> ''),
  role text not null,
  active boolean not null
);

do $$
begin
  if exists (select from pg_roles where rolname = 'teneur_app') then
    grant select, insert, update on person, staff to teneur_app;
  end if;
end
$$;
