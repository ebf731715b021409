-- name: persons
-- Persons by id.
select person, surname, first_names, birth_date, birth_place, nationality, street, building, post_code, town, country,
       email, phone, language, since, capacity
  from person where person = any(%(persons)s::int[]);

-- name: find_persons
-- Persons whose names match every pattern.
select person, surname, first_names, birth_date, birth_place, nationality, street, building, post_code, town, country,
       email, phone, language, since, capacity
  from person where search_key like all(%(patterns)s::text[]) order by search_key, person limit %(limit)s;

-- name: staff
-- Members of staff by id.
select staff, name, role, active from staff where staff = any(%(staff)s::int[]);

-- name: all_staff
-- Every member of staff in order of entry.
select staff, name, role, active from staff order by staff desc;

-- name: next_ids
-- The next free ids of persons and of staff.
select (select coalesce(max(person), 0) + 1 from person), (select coalesce(min(staff), 0) - 1 from staff);

-- name: write_persons
-- Enter persons, or keep them as they are known now.
insert into person (person, surname, first_names, birth_date, birth_place, nationality, street, building, post_code, town,
                    country, email, phone, language, since, search_key, capacity)
select * from unnest(%(person)s::int[], %(surname)s::text[], %(first_names)s::text[], %(birth_date)s::date[],
                     %(birth_place)s::text[], %(nationality)s::text[], %(street)s::text[], %(building)s::text[],
                     %(post_code)s::text[], %(town)s::text[], %(country)s::text[], %(email)s::text[], %(phone)s::text[],
                     %(language)s::text[], %(since)s::date[], %(search_key)s::text[], %(capacity)s::text[])
on conflict (person) do update set
  surname = excluded.surname, first_names = excluded.first_names, birth_date = excluded.birth_date,
  birth_place = excluded.birth_place, nationality = excluded.nationality, street = excluded.street,
  building = excluded.building, post_code = excluded.post_code, town = excluded.town, country = excluded.country,
  email = excluded.email, phone = excluded.phone, language = excluded.language, search_key = excluded.search_key,
  capacity = excluded.capacity;

-- name: write_staff
-- Enter members of staff, or keep them as they are now.
insert into staff (staff, name, role, active)
select * from unnest(%(staff)s::int[], %(name)s::text[], %(role)s::text[], %(active)s::boolean[])
on conflict (staff) do update set name = excluded.name, role = excluded.role, active = excluded.active;
