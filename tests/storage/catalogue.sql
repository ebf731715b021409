-- name: catalogue
-- Everything that makes a schema, one line of text a thing, in an order that does not depend on how it was made.
with mine as (
  select c.oid, c.relname, c.relkind, c.relacl, c.relpersistence, c.relrowsecurity, c.reloptions
  from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'v', 'm', 'S', 'p', 'f')
)
select format('relation %s kind %s %s security %s options %s', relname, relkind, relpersistence, relrowsecurity,
              reloptions) from mine
union all
select format('column %s.%s %s not null %s default %s identity %s generated %s collation %s', m.relname, a.attname,
              format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attidentity,
              a.attgenerated, a.attcollation::regcollation)
from mine m join pg_attribute a on a.attrelid = m.oid left join pg_attrdef d on (d.adrelid, d.adnum) = (m.oid, a.attnum)
where a.attnum > 0 and not a.attisdropped
union all
select format('column order %s: %s', m.relname, string_agg(a.attname, ', ' order by a.attnum))
from mine m join pg_attribute a on a.attrelid = m.oid where a.attnum > 0 and not a.attisdropped group by m.relname
union all
select format('constraint %s.%s %s validated %s', m.relname, k.conname, pg_get_constraintdef(k.oid), k.convalidated)
from mine m join pg_constraint k on k.conrelid = m.oid
union all
select format('index %s %s', m.relname, pg_get_indexdef(i.indexrelid)) from mine m join pg_index i on i.indrelid = m.oid
union all
select format('view %s %s', relname, pg_get_viewdef(oid)) from mine where relkind in ('v', 'm')
union all
select format('trigger %s %s', m.relname, pg_get_triggerdef(t.oid))
from mine m join pg_trigger t on t.tgrelid = m.oid where not t.tgisinternal
union all
select format('rule %s %s', m.relname, pg_get_ruledef(r.oid))
from mine m join pg_rewrite r on r.ev_class = m.oid where m.relkind <> 'v'
union all
select format('grant %s to %s on %s by owner %s', g.privilege_type, g.grantee::regrole, m.relname, g.is_grantable)
from mine m, aclexplode(m.relacl) g
union all
select format('column grant %s to %s on %s.%s', g.privilege_type, g.grantee::regrole, m.relname, a.attname)
from mine m join pg_attribute a on a.attrelid = m.oid, aclexplode(a.attacl) g
union all
select format('comment %s.%s %s', m.relname, d.objsubid, d.description)
from mine m join pg_description d on d.objoid = m.oid and d.classoid = 'pg_class'::regclass
union all
select format('function %s', pg_get_functiondef(p.oid))
from pg_proc p where p.pronamespace = current_schema()::regnamespace and p.prokind in ('f', 'p')
union all
select format('type %s %s %s', t.typname, t.typtype, format_type(t.typbasetype, t.typtypmod))
from pg_type t where t.typnamespace = current_schema()::regnamespace and t.typtype in ('d', 'e')
union all
select format('label %s.%s at %s', e.enumtypid::regtype, e.enumlabel, e.enumsortorder) from pg_enum e
union all
select format('domain check %s', pg_get_constraintdef(k.oid))
from pg_constraint k where k.contypid <> 0 and k.connamespace = current_schema()::regnamespace
order by 1;
