{# Schemas, relations and columns. A connection may have several databases attached, not all of them DuckDB's. #}

{# SQLite has the one schema main, MySQL's are databases; nothing is created in either. #}
{% macro duckdb__create_schema(relation) -%}
  {%- set foreign = run_query(
    "select type from duckdb_databases() where lower(database_name) = '" ~ relation.database | lower ~ "' and type != 'duckdb'"
  ) -%}
  {%- set type = foreign.columns[0].values()[0] if foreign | length > 0 else 'duckdb' -%}
  {%- if type == 'sqlite' and relation.schema != 'main' -%}
    {%- do exceptions.raise_compiler_error("Schema must be 'main' when writing to sqlite instead got " ~ relation.schema) -%}
  {%- elif type not in ['sqlite', 'mysql'] -%}
    {%- call statement('create_schema') -%}
      create schema if not exists {{ relation.without_identifier() }}
    {%- endcall -%}
  {%- endif -%}
{% endmacro %}

{% macro duckdb__drop_schema(relation) -%}
  {%- call statement('drop_schema') -%}
    drop schema if exists {{ relation.without_identifier() }} cascade
  {%- endcall -%}
{% endmacro %}

{% macro duckdb__list_schemas(database) -%}
  {{ return(run_query(
    'select schema_name from system.information_schema.schemata'
    ~ (" where lower(catalog_name) = '" ~ database | lower ~ "'" if database is not none else '')
  )) }}
{% endmacro %}

{% macro duckdb__check_schema_exists(information_schema, schema) -%}
  {% set sql %}
    select count(*)
    from system.information_schema.schemata
    where lower(schema_name) = '{{ schema | lower }}' and lower(catalog_name) = '{{ information_schema.database | lower }}'
  {% endset %}
  {{ return(run_query(sql)) }}
{% endmacro %}

{% macro duckdb__list_relations_without_caching(schema_relation) %}
  {%- set place -%}
    lower(schema_name) = '{{ schema_relation.schema | lower }}' and lower(database_name) = '{{ schema_relation.database | lower }}'
  {%- endset -%}
  {%- call statement('list_relations_without_caching', fetch_result=True, auto_begin=False) %}
    select '{{ schema_relation.database }}' as database, table_name as name, schema_name as schema, 'table' as type
    from duckdb_tables() where {{ place }}
    union all
    select '{{ schema_relation.database }}', view_name, schema_name, 'view'
    from duckdb_views() where {{ place }}
  {%- endcall -%}
  {{ return(load_result('list_relations_without_caching').table) }}
{% endmacro %}

{# `describe` reads one relation; information_schema.columns would load the whole catalogue of an attached database. #}
{% macro duckdb__get_columns_in_relation(relation) -%}
  {{ return(duckdb__describe(relation.render())) }}
{% endmacro %}

{# The columns of a relation or of a query in parentheses. Types are complete in their names, lengths included. #}
{% macro duckdb__describe(relation_or_query) %}
  {%- call statement('get_columns_in_relation', fetch_result=True, auto_begin=False) %}
    select column_name, column_type as data_type, null::bigint as character_maximum_length, null::bigint as numeric_precision, null::bigint as numeric_scale
    from (describe {{ relation_or_query }})
  {%- endcall -%}
  {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{% endmacro %}

{# Nothing need be created to learn the types of a query. #}
{% macro duckdb__get_unit_test_columns(sql) %}
  {{ return(duckdb__describe('(' ~ get_empty_subquery_sql(sql) ~ ')')) }}
{% endmacro %}

{# The query is wrapped in `describe (...)`, where a header cannot stand; so that runs by itself, in the same session. #}
{% macro duckdb__get_empty_subquery_sql(select_sql, select_sql_header=none) %}
    {%- if select_sql_header is not none -%}
      {%- do run_query(select_sql_header) -%}
    {%- endif %}
    select * from (
        {{ select_sql }}
    ) as __dbt_sbq
    where false
    limit 0
{% endmacro %}

{# One column to a clause, one clause to a statement. #}
{% macro duckdb__alter_relation_add_remove_columns(relation, add_columns, remove_columns) %}
  {%- set changes = [] -%}
  {%- for column in add_columns or [] -%}
    {%- do changes.append('add column ' ~ adapter.quote(column.name) ~ ' ' ~ column.data_type) -%}
  {%- endfor -%}
  {%- for column in remove_columns or [] -%}
    {%- do changes.append('drop column ' ~ adapter.quote(column.name)) -%}
  {%- endfor -%}
  {%- for change in changes -%}
    {%- call statement('alter_relation_add_remove_columns') -%}
      alter {{ relation.type }} {{ relation }} {{ change }}
    {%- endcall -%}
  {%- endfor -%}
{% endmacro %}

{# In place: rows cannot be added in a transaction in which a column was filled by an update and renamed. #}
{% macro duckdb__alter_column_type(relation, column_name, new_column_type) -%}
  {%- call statement('alter_column_type') -%}
    alter table {{ relation }} alter column {{ adapter.quote(column_name) }} type {{ new_column_type }}
  {%- endcall -%}
{%- endmacro %}
