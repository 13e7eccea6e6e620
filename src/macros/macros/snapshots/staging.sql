{#
  The staging query: one row per version to write (dbt_change_type `insert`) and per version to end (`update`, or
  `delete` for a row that is gone). The strategy's expressions speak of the aliases source_data and snapshotted_data.
#}
{% macro snapshot_staging_table(strategy, source_sql, target_relation) -%}
  {{ adapter.dispatch('snapshot_staging_table', 'dbt')(strategy, source_sql, target_relation) }}
{% endmacro %}

{% macro default__snapshot_staging_table(strategy, source_sql, target_relation) -%}
    {%- set columns = config.get('snapshot_table_column_names') or get_snapshot_table_column_names() -%}
    {%- set keys = unique_key_fields(strategy.unique_key) -%}
    {%- set same_key = unique_key_join_on(strategy.unique_key, 'snapshotted_data', 'source_data') -%}
    {%- set keeps_deleted = strategy.hard_deletes == 'new_record' -%}
    {%- set watches_deletes = keeps_deleted or strategy.hard_deletes == 'invalidate' -%}
    {%- set was_deleted = 'snapshotted_data.' ~ columns.dbt_is_deleted ~ " = 'True'" -%}
    {%- set changed -%}
      ({{ strategy.row_changed }}{{ ' or ' ~ was_deleted if keeps_deleted }})
    {%- endset -%}
    with snapshot_query as (

        {{ source_sql }}

    ),

    snapshotted_data as (
        select *, {{ keys }}
        from {{ target_relation }}
        where {{ dbt.snapshot_is_current(columns.dbt_valid_to) }}
    ),

    insertions_source_data as (
        select *, {{ keys }},
            {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
            {{ get_dbt_valid_to_current(strategy, columns) }},
            {{ strategy.scd_id }} as {{ columns.dbt_scd_id }}
        from snapshot_query
    ),

    updates_source_data as (
        select *, {{ keys }},
            {{ strategy.updated_at }} as {{ columns.dbt_updated_at }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_from }},
            {{ strategy.updated_at }} as {{ columns.dbt_valid_to }}
        from snapshot_query
    ),

    insertions as (
        select 'insert' as dbt_change_type, source_data.*
            {{- ", 'False' as " ~ columns.dbt_is_deleted if keeps_deleted }}
        from insertions_source_data as source_data
        left join snapshotted_data on {{ same_key }}
        where {{ unique_key_is_null(strategy.unique_key, 'snapshotted_data') }} or {{ changed }}
    ),

    updates as (
        select 'update' as dbt_change_type, source_data.*, snapshotted_data.{{ columns.dbt_scd_id }}
            {{- ', snapshotted_data.' ~ columns.dbt_is_deleted if keeps_deleted }}
        from updates_source_data as source_data
        join snapshotted_data on {{ same_key }}
        where {{ changed }}
    )

    {%- if watches_deletes %},

    deletes_source_data as (
        select *, {{ keys }}
        from snapshot_query
    ),

    deletes as (
        select 'delete' as dbt_change_type, source_data.*,
            {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_to }},
            snapshotted_data.{{ columns.dbt_scd_id }}
            {{- ', snapshotted_data.' ~ columns.dbt_is_deleted if keeps_deleted }}
        from snapshotted_data
        left join deletes_source_data as source_data on {{ same_key }}
        where {{ unique_key_is_null(strategy.unique_key, 'source_data') }}
        {{- ' and not (' ~ was_deleted ~ ')' if keeps_deleted }}
    )
    {%- endif %}

    {%- if keeps_deleted %},
    {#- the last known values of a row that is gone, as a version of its own -#}
    {%- set known = get_list_of_column_names(get_columns_in_relation(target_relation)) %}

    deletion_records as (
        select 'insert' as dbt_change_type,
            {% for name in get_columns_in_query(source_sql) -%}
            {{ 'snapshotted_data' if name in known else 'source_data' }}.{{ adapter.quote(name) }},
            {% endfor -%}
            {% if strategy.unique_key | is_list -%}
            {% for key in strategy.unique_key -%}
            snapshotted_data.{{ key }} as dbt_unique_key_{{ loop.index }},
            {% endfor -%}
            {% else -%}
            snapshotted_data.dbt_unique_key as dbt_unique_key,
            {% endif -%}
            {{ snapshot_get_time() }} as {{ columns.dbt_updated_at }},
            {{ snapshot_get_time() }} as {{ columns.dbt_valid_from }},
            snapshotted_data.{{ columns.dbt_valid_to }} as {{ columns.dbt_valid_to }},
            {{ snapshot_hash_arguments([columns.dbt_scd_id, snapshot_get_time()]) }} as {{ columns.dbt_scd_id }},
            'True' as {{ columns.dbt_is_deleted }}
        from snapshotted_data
        left join deletes_source_data as source_data on {{ same_key }}
        where {{ unique_key_is_null(strategy.unique_key, 'source_data') }} and not ({{ was_deleted }})
    )
    {%- endif %}

    select * from insertions
    union all
    select * from updates
    {%- if watches_deletes %}
    union all
    select * from deletes
    {%- endif %}
    {%- if keeps_deleted %}
    union all
    select * from deletion_records
    {%- endif %}
{%- endmacro %}

{# The condition that a version is the current one of its row, on the column given. #}
{% macro snapshot_is_current(valid_to) -%}
  {%- if config.get('dbt_valid_to_current') -%}
    ({{ equals(valid_to | trim, config.get('dbt_valid_to_current') | trim) }} or {{ valid_to | trim }} is null)
  {%- else -%}
    {{ valid_to }} is null
  {%- endif -%}
{%- endmacro %}

{# Null of the type of updated_at, so that a table whose column is all null gets the right type. #}
{% macro get_dbt_valid_to_current(strategy, columns) %}
    coalesce(nullif({{ strategy.updated_at }}, {{ strategy.updated_at }}), {{ config.get('dbt_valid_to_current') or 'null' }}) as {{ columns.dbt_valid_to }}
{% endmacro %}

{# A unique key is one expression or a list of columns. Of a list, the first tells whether a join found a row. #}
{% macro unique_key_fields(unique_key) %}
  {%- if unique_key | is_list -%}
    {%- for key in unique_key -%}
      {{ key }} as dbt_unique_key_{{ loop.index }}{{ ', ' if not loop.last }}
    {%- endfor -%}
  {%- else -%}
    {{ unique_key }} as dbt_unique_key
  {%- endif -%}
{% endmacro %}

{% macro unique_key_join_on(unique_key, identifier, from_identifier) %}
  {%- if unique_key | is_list -%}
    {%- for key in unique_key -%}
      {%- set name = '.dbt_unique_key_' ~ loop.index -%}
      {{ equals(identifier ~ name, from_identifier ~ name) }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
  {%- else -%}
    {{ identifier }}.dbt_unique_key = {{ from_identifier }}.dbt_unique_key
  {%- endif -%}
{% endmacro %}

{% macro unique_key_is_null(unique_key, identifier) %}
  {{- identifier }}.dbt_unique_key{{ '_1' if unique_key | is_list }} is null
{%- endmacro %}

{% macro unique_key_is_not_null(unique_key, identifier) %}
  {{- identifier }}.dbt_unique_key{{ '_1' if unique_key | is_list }} is not null
{%- endmacro %}
