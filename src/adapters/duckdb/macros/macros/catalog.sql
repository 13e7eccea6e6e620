{# The catalogue: one row per column of every table and view of a database. #}

{% macro duckdb__get_catalog(information_schema, schemas) -%}
  {{ return(duckdb__query_catalog(information_schema, duckdb__get_catalog_schemas_where_clause_sql(schemas))) }}
{%- endmacro %}

{% macro duckdb__get_catalog_relations(information_schema, relations) -%}
  {{ return(duckdb__query_catalog(information_schema, duckdb__get_catalog_relations_where_clause_sql(relations))) }}
{%- endmacro %}

{% macro duckdb__query_catalog(information_schema, where_clause) -%}
  {% set sql %}
    with tables as (
      {{ duckdb__get_catalog_tables_sql(information_schema) }}
      {{ where_clause }}
    ),
    columns as (
      {{ duckdb__get_catalog_columns_sql(information_schema) }}
      {{ where_clause }}
    )
    {{ duckdb__get_catalog_results_sql() }}
  {% endset %}
  {{ return(run_query(sql)) }}
{%- endmacro %}

{% macro duckdb__get_catalog_tables_sql(information_schema) -%}
      {%- set place = "lower(database_name) = lower('" ~ information_schema.database ~ "')" -%}
      select * from (
        select database_name as table_database, schema_name as table_schema, table_name, 'BASE TABLE' as table_type, comment as table_comment
        from duckdb_tables() where {{ place }}
        union all
        select database_name, schema_name, view_name, 'VIEW', comment
        from duckdb_views() where {{ place }}
      ) as relations
{%- endmacro %}

{% macro duckdb__get_catalog_columns_sql(information_schema) -%}
      select * from (
        select
          database_name as table_database, schema_name as table_schema, table_name,
          column_name, column_index, data_type as column_type, comment as column_comment
        from duckdb_columns()
        where lower(database_name) = lower('{{ information_schema.database }}')
      ) as columns
{%- endmacro %}

{% macro duckdb__get_catalog_results_sql() -%}
    select
      table_database, table_schema, table_name, tables.table_type, tables.table_comment,
      columns.column_name, columns.column_index, columns.column_type, columns.column_comment,
      null as table_owner
    from tables
    join columns using (table_database, table_schema, table_name)
    order by table_schema, table_name, column_index
{%- endmacro %}

{% macro duckdb__get_catalog_schemas_where_clause_sql(schemas) -%}
  {%- set conditions = ['1 = 0'] if not schemas else [] -%}
  {%- for schema in schemas -%}
    {%- do conditions.append("lower(table_schema) = lower('" ~ schema ~ "')") -%}
  {%- endfor -%}
  where {{ conditions | join(' or ') }}
{%- endmacro %}

{% macro duckdb__get_catalog_relations_where_clause_sql(relations) -%}
  {%- set conditions = ['1 = 0'] if not relations else [] -%}
  {%- for relation in relations -%}
    {%- if not relation.schema -%}
      {%- do exceptions.raise_compiler_error('`get_catalog_relations` requires a list of relations, each with a schema') -%}
    {%- endif -%}
    {%- set name = " and lower(table_name) = lower('" ~ relation.identifier ~ "')" if relation.identifier else '' -%}
    {%- do conditions.append("(lower(table_schema) = lower('" ~ relation.schema ~ "')" ~ name ~ ')') -%}
  {%- endfor -%}
  where {{ conditions | join(' or ') }}
{%- endmacro %}
