{# The catalogue: one row per column of every table, view and materialized view, with comments and owners. #}

{% macro postgres__get_catalog_relations(information_schema, relations) -%}
  {%- set database = information_schema.database -%}
  {{ adapter.verify_database(database) }}
  {%- call statement('catalog', fetch_result=True, auto_begin=False) %}
    select
      '{{ database }}' as table_database,
      namespace.nspname as table_schema,
      relation.relname as table_name,
      case relation.relkind when 'v' then 'VIEW' when 'm' then 'MATERIALIZED VIEW' else 'BASE TABLE' end as table_type,
      obj_description(relation.oid, 'pg_class') as table_comment,
      attribute.attname as column_name,
      attribute.attnum as column_index,
      format_type(attribute.atttypid, attribute.atttypmod) as column_type,
      col_description(relation.oid, attribute.attnum) as column_comment,
      pg_get_userbyid(relation.relowner) as table_owner
    from pg_namespace as namespace
    join pg_class as relation on relation.relnamespace = namespace.oid
    join pg_attribute as attribute on attribute.attrelid = relation.oid
    where (
      {%- for wanted in relations %}
        (upper(namespace.nspname) = upper('{{ wanted.schema }}')
        {{- " and upper(relation.relname) = upper('" ~ wanted.identifier ~ "')" if wanted.identifier }}){{ ' or' if not loop.last }}
      {%- endfor %}
      )
      and relation.relkind in ('r', 'p', 'f', 'v', 'm')
      and relation.relpersistence <> 't'
      and not pg_is_other_temp_schema(namespace.oid)
      and attribute.attnum > 0
      and not attribute.attisdropped
    order by namespace.nspname, relation.relname, attribute.attnum
  {%- endcall -%}
  {{ return(load_result('catalog').table) }}
{%- endmacro %}

{% macro postgres__get_catalog(information_schema, schemas) -%}
  {%- set wanted = [] -%}
  {%- for schema in schemas -%}
    {%- do wanted.append({'schema': schema}) -%}
  {%- endfor -%}
  {{ return(postgres__get_catalog_relations(information_schema, wanted)) }}
{%- endmacro %}
