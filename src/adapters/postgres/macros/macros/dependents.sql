{#
  Views are bound to a table itself, not to its name: without these macros they would stay with the old table and go
  when it is dropped. What stands on a relation is noted before it makes room, and pointed at the new one afterwards,
  in the transaction of the swap.
#}

{# The views and materialized views on a relation, at any depth, those that others stand on first: as they were made. #}
{% macro postgres__hold_dependents(relation) %}
  {%- call statement('dependents_exist', fetch_result=True, auto_begin=False) %}
    select to_regclass('{{ relation.include(database=False) | string | replace("'", "''") }}')::oid::text as relation
    from pg_depend
    where refclassid = 'pg_class'::regclass and classid = 'pg_rewrite'::regclass and deptype = 'n'
      and refobjid = to_regclass('{{ relation.include(database=False) | string | replace("'", "''") }}')
    limit 1
  {%- endcall -%}
  {%- set found = load_result('dependents_exist').table -%}
  {%- if not found.rows -%}
    {{ return([]) }}
  {%- endif -%}
  {#- two swaps below one view may not read its definition while the other changes it -#}
  {%- call statement('dependents', fetch_result=True) %}
    select pg_advisory_xact_lock(1886155381, hashtext(current_database()));
    with recursive dependents as (
      select distinct pg_rewrite.ev_class as oid, 1 as depth
      from pg_depend
      join pg_rewrite on pg_rewrite.oid = pg_depend.objid
      where pg_depend.refclassid = 'pg_class'::regclass and pg_depend.classid = 'pg_rewrite'::regclass
        and pg_depend.deptype = 'n' and pg_depend.refobjid = {{ found.columns[0].values()[0] }}
        and pg_rewrite.ev_class <> pg_depend.refobjid
      union
      select distinct pg_rewrite.ev_class, dependents.depth + 1
      from dependents
      join pg_depend on pg_depend.refobjid = dependents.oid
      join pg_rewrite on pg_rewrite.oid = pg_depend.objid
      where pg_depend.refclassid = 'pg_class'::regclass and pg_depend.classid = 'pg_rewrite'::regclass
        and pg_depend.deptype = 'n' and pg_rewrite.ev_class <> pg_depend.refobjid
    )
    select
      namespace.nspname as schema,
      relation.relname as identifier,
      format('%I.%I', namespace.nspname, relation.relname) as name,
      case relation.relkind when 'm' then 'materialized view' else 'view' end as kind,
      coalesce(' with (' || array_to_string(relation.reloptions, ', ') || ')', '') as options,
      rtrim(pg_get_viewdef(relation.oid), '; ') as definition,
      case when relation.relispopulated then 'data' else 'no data' end as filled,
      (select string_agg(pg_get_indexdef(indexrelid), '; ' order by indexrelid) from pg_index where indrelid = relation.oid) as indexes,
      concat_ws('; ',
        case when relation.relowner <> current_user::regrole then
          format('alter %s %I.%I owner to %I', case relation.relkind when 'm' then 'materialized view' else 'view' end,
            namespace.nspname, relation.relname, pg_get_userbyid(relation.relowner)) end,
        'comment on ' || case relation.relkind when 'm' then 'materialized view ' else 'view ' end
          || format('%I.%I is %L', namespace.nspname, relation.relname, obj_description(relation.oid, 'pg_class')),
        (select string_agg(format('comment on column %I.%I.%I is %L', namespace.nspname, relation.relname, attname,
            col_description(relation.oid, attnum)), '; ')
          from pg_attribute
          where attrelid = relation.oid and attnum > 0 and col_description(relation.oid, attnum) is not null),
        (select string_agg(format('grant %s on %I.%I to %s', privilege_type, namespace.nspname, relation.relname,
            case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end), '; ')
          from aclexplode(relation.relacl) where grantee <> relation.relowner)
      ) as belongings
    from (select oid, max(depth) as depth from dependents group by oid) as dependents
    join pg_class as relation on relation.oid = dependents.oid
    join pg_namespace as namespace on namespace.oid = relation.relnamespace
    where relation.relkind in ('v', 'm')
    order by dependents.depth, 1
  {%- endcall -%}
  {{ return(load_result('dependents').table.rows) }}
{% endmacro %}

{#
  A view whose columns are as before is replaced; another one, and a materialized view, is made anew with its indexes,
  owner, grants and comments. What the new relation has no columns for is left as it is: it goes with the old one.
#}
{% macro postgres__restore_dependents(dependents, old_relation) %}
  {%- for each in dependents -%}
    {%- set create = 'create ' ~ each['kind'] ~ ' ' ~ each['name'] ~ each['options'] ~ ' as ' ~ each['definition'] -%}
    {%- if each['kind'] == 'materialized view' -%}
      {%- set create = create ~ ' with ' ~ each['filled'] -%}
    {%- endif -%}
    {%- set again = [create, each['indexes'], each['belongings']] | select | join('; ') -%}
    {%- call statement('restore_dependent') %}
    do $plumb_restore$
    begin
      {% if each['kind'] == 'view' -%}
      begin
        {{ create | replace('create view', 'create or replace view', 1) }};
      exception when others then
        drop view if exists {{ each['name'] }} cascade;
        {{ again }};
      end;
      {%- else -%}
      drop materialized view if exists {{ each['name'] }} cascade;
      {{ again }};
      {%- endif %}
    exception when others then
      raise warning '% % was not kept: %', '{{ each['kind'] }}', '{{ each['name'] | replace("'", "''") }}', sqlerrm;
    end
    $plumb_restore$
    {%- endcall -%}
  {%- endfor -%}
  {%- if old_relation is not none -%}
    {%- do adapter.cache_dependents_moved(old_relation, this.incorporate(type=old_relation.type)) -%}
    {%- for lost in postgres__hold_dependents(old_relation) -%}
      {%- do exceptions.warn(lost['kind'] ~ ' ' ~ lost['name'] ~ ' does not fit the new ' ~ this ~ ': it is dropped with the old one') -%}
      {%- do adapter.cache_dropped(api.Relation.create(database=this.database, schema=lost['schema'], identifier=lost['identifier'])) -%}
    {%- endfor -%}
  {%- endif -%}
{% endmacro %}
