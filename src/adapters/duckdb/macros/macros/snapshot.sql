{# Snapshots, where they differ from the default. #}

{% macro build_snapshot_staging_table(strategy, sql, target_relation) %}
  {%- set staging = duckdb__dispatch_temporary_relation(target_relation) -%}
  {%- set select = snapshot_staging_table(strategy, sql, target_relation) -%}
  {% call statement('build_snapshot_staging_relation') %}
    {{ create_table_as(staging.temporary, staging.relation, select) }}
  {% endcall %}
  {{ return(staging.relation) }}
{% endmacro %}

{% macro duckdb__snapshot_merge_sql(target, source, insert_cols) -%}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
    update {{ target }} as history
    set {{ columns.dbt_valid_to }} = changes.{{ columns.dbt_valid_to }}
    from {{ source }} as changes
    where changes.{{ columns.dbt_scd_id }}::text = history.{{ columns.dbt_scd_id }}::text
      and changes.dbt_change_type in ('update', 'delete')
      and {{ dbt.snapshot_is_current('history.' ~ columns.dbt_valid_to) }};

    insert into {{ target }} ({{ insert_cols | join(', ') }})
    select {{ insert_cols | join(', ') }}
    from {{ source }}
    where dbt_change_type = 'insert';
{%- endmacro %}

{# The staging table would stay in memory as long as the connection. #}
{% macro duckdb__post_snapshot(temporary_relation) %}
  {{ return(drop_relation(temporary_relation)) }}
{% endmacro %}
