{# As the default, for Python models too; builds from scratch go the way of tables. #}
{% materialization incremental, adapter='duckdb', supported_languages=['sql', 'python'] -%}

  {%- set language = model['language'] -%}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set full_refresh_mode = should_full_refresh() or existing_relation.is_view -%}
  {%- set from_scratch = existing_relation is none or full_refresh_mode -%}
  {%- set intermediate_relation, backup_relation = dbt.clear_swap_relations(existing_relation, target_relation) -%}
  {%- set partitioned_by = duckdb__get_partitioned_by(target_relation, false) if from_scratch else none -%}
  {%- set sorted_by = duckdb__get_sorted_by(target_relation, false) if from_scratch else none -%}
  {%- if not from_scratch -%}
    {#- batches may run at the same time, each with a temporary relation of its own -#}
    {%- set temporary_relation = duckdb__dispatch_temporary_relation(target_relation, adapter.batch_id_for_model(model)) -%}
    {%- set temp_relation = temporary_relation.relation -%}
  {%- endif -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- if from_scratch -%}
    {#- DuckLake cannot change the layout of a table within the transaction that made it -#}
    {%- set auto_begin = not ((partitioned_by or sorted_by) and adapter.is_ducklake(target_relation)) -%}
    {%- set plan = duckdb__plan_table(existing_relation, target_relation, intermediate_relation, language, partitioned_by, sorted_by) -%}
    {% call statement('main', language=language, auto_begin=auto_begin) -%}
      {{ plan.sql }}
    {%- endcall %}
    {%- set leftover = duckdb__place_table(plan, existing_relation, target_relation, intermediate_relation, backup_relation) -%}
  {%- else -%}
    {%- set fill_sql = create_table_as(temporary_relation.temporary, temp_relation, compiled_code, language, partitioned_by=none, sorted_by=none) -%}
    {% call statement('pre', language=language, auto_begin=(language == 'python')) -%}
      {{ fill_sql }}
    {%- endcall %}
    {%- set strategy_macro = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') -%}
    {%- set build_sql = strategy_macro(dbt.incremental_strategy_arguments(existing_relation, target_relation, temp_relation)) -%}
    {% call statement('main') %}
      {{ build_sql }}
    {% endcall %}
  {%- endif -%}

  {%- set revoke = should_revoke(existing_relation, full_refresh_mode) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- if from_scratch -%}
    {%- do create_indexes(target_relation) -%}
  {%- endif -%}
  {%- do persist_docs(target_relation, model) -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- do adapter.commit() -%}
  {%- if temp_relation -%}
    {#- its rows would stay in memory as long as the connection -#}
    {%- do drop_relation(temp_relation) -%}
  {%- endif -%}
  {%- if leftover -%}
    {%- do adapter.drop_relation(leftover) -%}
  {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {{ return({'relations': [target_relation]}) }}

{%- endmaterialization %}

{% macro duckdb__get_incremental_default_sql(arg_dict) %}
  {{ return(get_incremental_delete_insert_sql(arg_dict)) }}
{% endmacro %}

{#
  Without a unique key nothing is deleted. A list of columns is joined, so that a null in one of them matches nothing;
  a single one may be any expression.
#}
{% macro duckdb__get_delete_insert_merge_sql(target, source, unique_key, dest_columns, incremental_predicates) -%}
    {%- if unique_key and unique_key is sequence and unique_key is not string -%}
    {%- set conditions = [] -%}
    {%- for key in unique_key -%}
      {%- do conditions.append(source ~ '.' ~ key ~ ' = DBT_INCREMENTAL_TARGET.' ~ key) -%}
    {%- endfor %}
    delete from {{ target }} as DBT_INCREMENTAL_TARGET
    using {{ source }}
    where ({{ (conditions + (incremental_predicates or [])) | join(' and ') }});
    {% elif unique_key %}
    delete from {{ target }}
    where ({{ unique_key }}) in (select ({{ unique_key }}) from {{ source }})
    {%- for predicate in incremental_predicates or [] %}
      and {{ predicate }}
    {%- endfor %};
    {% endif -%}
    {{ get_insert_into_sql(target, source, dest_columns) }}
{%- endmacro %}

{# A batch replaces the rows of its time: what was there is deleted and the batch inserted. Keys have no part in it. #}
{% macro duckdb__get_incremental_microbatch_sql(arg_dict) -%}
  {%- set event_time = config.get('event_time') -%}
  {%- if not event_time -%}
    {%- do exceptions.raise_compiler_error("microbatch incremental strategy requires an 'event_time' model config") -%}
  {%- elif config.get('unique_key') -%}
    {%- do exceptions.raise_compiler_error(
      "microbatch incremental strategy does not support 'unique_key'. Each batch deletes and inserts the rows of its 'event_time'. "
      ~ "Remove 'unique_key', or use incremental_strategy='merge'."
    ) -%}
  {%- endif -%}
  {%- set batch = model.get('batch') or {} -%}
  {%- if not (batch.get('event_time_start') and batch.get('event_time_end')) -%}
    {%- do exceptions.raise_compiler_error("microbatch incremental strategy requires 'batch.event_time_start' and 'batch.event_time_end' to be set in the context") -%}
  {%- endif -%}
  {%- set in_batch = event_time ~ " >= '" ~ batch.get('event_time_start') ~ "' and " ~ event_time ~ " < '" ~ batch.get('event_time_end') ~ "'" -%}
  {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
  {% set build_sql %}
    delete from {{ arg_dict['target_relation'] }}
    where {{ in_batch }}
    {%- for predicate in normalize_incremental_predicates(arg_dict.get('incremental_predicates')) %}
      and ({{ predicate }})
    {%- endfor %};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }}
    from {{ arg_dict['temp_relation'] }}
    where {{ in_batch }};
  {% endset %}
  {{ return(build_sql) }}
{%- endmacro %}

{%- macro normalize_incremental_predicates(incremental_predicates) -%}
  {{ return(normalize_string_or_list(incremental_predicates, 'incremental_predicates')) }}
{%- endmacro -%}
