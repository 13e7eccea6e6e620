{#
  A table that later runs add to. The first run and --full-refresh build it as a table; the others put the new rows
  into a temporary table and hand that to the macro of the strategy.
#}
{% materialization incremental, default -%}

  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set temp_relation = make_temp_relation(target_relation) -%}
  {%- set full_refresh_mode = should_full_refresh() or existing_relation.is_view -%}
  {%- set intermediate_relation, backup_relation = dbt.clear_swap_relations(existing_relation, target_relation) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {#- looked up on every run, so that a strategy that does not exist is reported on the first -#}
  {%- set strategy_macro = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'default') -%}

  {%- if existing_relation is none -%}
    {%- set build_sql = get_create_table_as_sql(False, target_relation, sql) -%}
  {%- elif full_refresh_mode -%}
    {%- set build_sql, needs_swap = dbt.render_build(existing_relation, target_relation, intermediate_relation, sql) -%}
  {%- else -%}
    {%- do run_query(get_create_table_as_sql(True, temp_relation, sql)) -%}
    {%- set contract = config.get('contract') -%}
    {%- if not contract or not contract.enforced -%}
      {%- do adapter.expand_target_column_types(from_relation=temp_relation, to_relation=target_relation) -%}
    {%- endif -%}
    {%- set build_sql = strategy_macro(dbt.incremental_strategy_arguments(existing_relation, target_relation, temp_relation)) -%}
  {%- endif -%}

  {% call statement('main') %}
    {{ build_sql }}
  {% endcall %}

  {%- if existing_relation is none or existing_relation.is_view or should_full_refresh() -%}
    {%- do create_indexes(intermediate_relation if needs_swap else target_relation) -%}
  {%- endif -%}
  {%- if needs_swap -%}
    {%- set leftover = dbt.swap_relations(existing_relation, intermediate_relation, target_relation, backup_relation) -%}
  {%- endif -%}

  {%- set revoke = should_revoke(existing_relation, full_refresh_mode) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- do adapter.commit() -%}
  {%- if leftover -%}
    {%- do adapter.drop_relation(leftover) -%}
  {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {{ return({'relations': [target_relation]}) }}

{%- endmaterialization %}

{#
  What the macro of a strategy is given. Schema changes are made here, according to on_schema_change; the columns to
  write are then those of the new rows, or those of the target where changes are ignored.
#}
{% macro incremental_strategy_arguments(existing_relation, target_relation, temp_relation) %}
  {% set on_schema_change = incremental_validate_on_schema_change(config.get('on_schema_change'), default='ignore') %}
  {% set dest_columns = process_schema_changes(on_schema_change, temp_relation, existing_relation) %}
  {{ return({
    'target_relation': target_relation,
    'temp_relation': temp_relation,
    'unique_key': config.get('unique_key'),
    'dest_columns': dest_columns or adapter.get_columns_in_relation(existing_relation),
    'incremental_predicates': config.get('predicates', none) or config.get('incremental_predicates', none),
  }) }}
{% endmacro %}

{# True when the model is about to add to a table that exists. #}
{% macro is_incremental() %}
  {% if not execute %}
    {{ return(False) }}
  {% endif %}
  {% set relation = adapter.get_relation(this.database, this.schema, this.table) %}
  {{ return(relation is not none and relation.type == 'table' and model.config.materialized == 'incremental' and not should_full_refresh()) }}
{% endmacro %}
