{# The history of a query: every version of every row, with the time from which and to which it was true. #}
{% materialization snapshot, default %}

  {%- set strategy_name = config.get('strategy') -%}
  {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
  {% set target_relation_exists, target_relation = get_or_create_relation(
    database=model.database, schema=model.schema, identifier=model.get('alias', model.get('name')), type='table') -%}
  {%- if not target_relation.is_table -%}
    {%- do exceptions.relation_wrong_type(target_relation, 'table') -%}
  {%- endif -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set strategy_macro = strategy_dispatch(strategy_name) -%}
  {%- set strategy = strategy_macro(model, 'snapshotted_data', 'source_data', model['config'], target_relation_exists) -%}

  {%- if not target_relation_exists -%}
    {%- set build_sql = build_snapshot_table(strategy, model['compiled_code']) -%}
    {%- do check_time_data_types(build_sql) -%}
    {%- set final_sql = create_table_as(False, target_relation, build_sql) -%}
  {%- else -%}
    {%- do adapter.assert_valid_snapshot_target_given_strategy(target_relation, columns, strategy) -%}
    {%- set staging_table = build_snapshot_staging_table(strategy, sql, target_relation) -%}
    {%- do adapter.expand_target_column_types(from_relation=staging_table, to_relation=target_relation) -%}

    {%- do check_time_data_types('select * from ' ~ staging_table) -%}

    {#- the columns of the staging table serve both: new columns of the target, and the merge -#}
    {%- set helper_columns = dbt.snapshot_helper_columns(strategy.unique_key) -%}
    {%- set staging_columns = adapter.get_columns_in_relation(staging_table) | rejectattr('name', 'in', helper_columns) | list -%}
    {%- set target_columns = adapter.get_columns_in_relation(target_relation) | map(attribute='name') | list -%}
    {%- do create_columns(target_relation, staging_columns | rejectattr('name', 'in', target_columns) | list) -%}

    {%- set insert_columns = [] -%}
    {%- for column in staging_columns -%}
      {%- do insert_columns.append(adapter.quote(column.name)) -%}
    {%- endfor -%}
    {%- set final_sql = snapshot_merge_sql(target=target_relation, source=staging_table, insert_cols=insert_columns) -%}
  {%- endif -%}

  {% call statement('main') %}
    {{ final_sql }}
  {% endcall %}

  {%- set revoke = should_revoke(target_relation_exists, full_refresh_mode=False) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}
  {%- if not target_relation_exists -%}
    {%- do create_indexes(target_relation) -%}
  {%- endif -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- do adapter.commit() -%}
  {%- if staging_table is defined -%}
    {%- do post_snapshot(staging_table) -%}
  {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}

{# The first version of every row. #}
{% macro build_snapshot_table(strategy, sql) -%}
  {{ adapter.dispatch('build_snapshot_table', 'dbt')(strategy, sql) }}
{% endmacro %}

{% macro default__build_snapshot_table(strategy, sql) %}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() %}
    select
        *,
        {{ strategy.scd_id }} as {{ columns.dbt_scd_id }},
        {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
        {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
        {{ get_dbt_valid_to_current(strategy, columns) }}
        {{- ", 'False' as " ~ columns.dbt_is_deleted if strategy.hard_deletes == 'new_record' }}
    from (
        {{ sql }}
    ) sbq
{% endmacro %}

{# A temporary table of what changed since the last run. #}
{% macro build_snapshot_staging_table(strategy, sql, target_relation) %}
  {% set staging_table = make_temp_relation(target_relation) %}
  {% set select = snapshot_staging_table(strategy, sql, target_relation) %}
  {% call statement('build_snapshot_staging_relation') %}
    {{ create_table_as(True, staging_table, select) }}
  {% endcall %}
  {{ return(staging_table) }}
{% endmacro %}

{# Columns that only the staging table has, in both cases of the warehouses that fold names. #}
{% macro snapshot_helper_columns(unique_key) %}
  {% set names = ['dbt_change_type', 'dbt_unique_key'] %}
  {% for key in (unique_key if unique_key | is_list else []) %}
    {% do names.append('dbt_unique_key_' ~ loop.index) %}
  {% endfor %}
  {{ return(names + names | map('upper') | list) }}
{% endmacro %}

{% macro create_columns(relation, columns) %}
  {{ adapter.dispatch('create_columns', 'dbt')(relation, columns) }}
{% endmacro %}

{% macro default__create_columns(relation, columns) %}
  {% for column in columns %}
    {% call statement() %}
      alter table {{ relation.render() }} add column {{ adapter.quote(column.name) }} {{ column.expanded_data_type }};
    {% endcall %}
  {% endfor %}
{% endmacro %}

{# What is left to do with the staging table after the commit. #}
{% macro post_snapshot(staging_relation) %}
  {{ adapter.dispatch('post_snapshot', 'dbt')(staging_relation) }}
{% endmacro %}

{% macro default__post_snapshot(staging_relation) %}
{% endmacro %}

{#
  Warns when the strategy's updated_at is of another type than the time dbt writes down itself. Both types are asked
  for in one query. Snapshots that give the column a name of their own are not checked.
#}
{% macro check_time_data_types(sql) %}
  {% set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() %}
  {% if columns.dbt_updated_at | lower == 'dbt_updated_at' and exceptions.warn_snapshot_timestamp_data_types %}
    {% set both %}
      select {{ columns.dbt_updated_at }}, {{ snapshot_get_time() }} as dbt_snapshot_time from (
        {{ sql }}
      ) snapshot_times
    {% endset %}
    {% set updated_at, snapshot_time = get_column_schema_from_query(both) | map(attribute='dtype') %}
    {% if updated_at and snapshot_time and updated_at != snapshot_time %}
      {% do exceptions.warn_snapshot_timestamp_data_types(snapshot_time, updated_at) %}
    {% endif %}
  {% endif %}
{% endmacro %}

{% macro get_updated_at_column_data_type(snapshot_sql) %}
  {% for column in get_column_schema_from_query(snapshot_sql) if column.column in ('dbt_updated_at', 'DBT_UPDATED_AT') %}
    {{ return(column.dtype or none) }}
  {% endfor %}
  {{ return(none) }}
{% endmacro %}
