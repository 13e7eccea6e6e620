{# Schemas, relations and columns as the system catalogue knows them. One database to a connection. #}

{% macro postgres__create_schema(relation) -%}
  {{ adapter.verify_database(relation.database) if relation.database }}
  {%- call statement('create_schema') -%}
    create schema if not exists {{ relation.without_identifier().include(database=False) }}
  {%- endcall -%}
{% endmacro %}

{% macro postgres__drop_schema(relation) -%}
  {{ adapter.verify_database(relation.database) if relation.database }}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier().include(database=False) }} cascade
  {%- endcall -%}
{% endmacro %}

{% macro postgres__list_schemas(database) %}
  {{ adapter.verify_database(database) if database }}
  {%- call statement('list_schemas', fetch_result=True, auto_begin=False) -%}
    select nspname from pg_namespace
  {%- endcall -%}
  {{ return(load_result('list_schemas').table) }}
{% endmacro %}

{% macro postgres__check_schema_exists(information_schema, schema) -%}
  {{ adapter.verify_database(information_schema.database) if information_schema.database }}
  {%- call statement('check_schema_exists', fetch_result=True, auto_begin=False) -%}
    select count(*) from pg_namespace where nspname = '{{ schema }}'
  {%- endcall -%}
  {{ return(load_result('check_schema_exists').table) }}
{% endmacro %}

{% macro postgres__information_schema_name(database) -%}
  information_schema
{%- endmacro %}

{% macro postgres__list_relations_without_caching(schema_relation) %}
  {%- call statement('list_relations_without_caching', fetch_result=True, auto_begin=False) %}
    with namespace as (
      select oid, nspname from pg_namespace where lower(nspname) = lower('{{ schema_relation.schema }}')
    )
    select
      '{{ schema_relation.database }}' as database,
      relname as name,
      nspname as schema,
      case relkind when 'v' then 'view' when 'm' then 'materialized_view' else 'table' end as type
    from namespace
    join pg_class on relnamespace = namespace.oid
    where relkind in ('r', 'p', 'v', 'm')
    union all
    select distinct '{{ schema_relation.database }}', proname, nspname, 'function'
    from namespace
    join pg_proc on pronamespace = namespace.oid
  {%- endcall -%}
  {{ return(load_result('list_relations_without_caching').table) }}
{% endmacro %}

{% macro postgres__get_columns_in_relation(relation) -%}
  {%- call statement('get_columns_in_relation', fetch_result=True, auto_begin=False) %}
    select column_name, data_type, character_maximum_length, numeric_precision, numeric_scale
    from {{ relation.information_schema('columns') }}
    where table_name = '{{ relation.identifier }}'
      {{ "and table_schema = '" ~ relation.schema ~ "'" if relation.schema }}
    order by ordinal_position
  {%- endcall -%}
  {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{% endmacro %}

{# (dependent schema, dependent, referenced schema, referenced): a view depends through the rewrite rule that it is. #}
{% macro postgres__get_relations() -%}
  {%- call statement('relations', fetch_result=True, auto_begin=False) %}
    select distinct
      dependent_schema.nspname as dependent_schema,
      dependent.relname as dependent_name,
      referenced_schema.nspname as referenced_schema,
      referenced.relname as referenced_name
    from pg_depend
    join pg_rewrite on pg_rewrite.oid = pg_depend.objid
    join pg_class as dependent on dependent.oid = pg_rewrite.ev_class
    join pg_namespace as dependent_schema on dependent_schema.oid = dependent.relnamespace
    join pg_class as referenced on referenced.oid = pg_depend.refobjid
    join pg_namespace as referenced_schema on referenced_schema.oid = referenced.relnamespace
    where pg_depend.classid = 'pg_rewrite'::regclass
      and pg_depend.refclassid = 'pg_class'::regclass
      and referenced.oid <> dependent.oid
      and referenced_schema.nspname <> 'information_schema'
      and referenced_schema.nspname not like 'pg\_%'
    order by 1, 2, 3, 4
  {%- endcall -%}
  {{ return(load_result('relations').table) }}
{% endmacro %}

{# The name from before macros were dispatched. #}
{% macro postgres_get_relations() %}
  {{ return(postgres__get_relations()) }}
{% endmacro %}
