{#
  Mostly one statement, `create or replace table ... as`, in a transaction with the hooks. Beside the target the table
  is made where that cannot be: by Python, under a contract, on DuckLake, over a view. Tables with foreign keys are
  never renamed; see foreign_keys.sql.
#}
{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}

  {%- set language = model['language'] -%}
  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set intermediate_relation, backup_relation = dbt.clear_swap_relations(existing_relation, target_relation) -%}
  {%- set partitioned_by = duckdb__get_partitioned_by(target_relation, false) -%}
  {%- set sorted_by = duckdb__get_sorted_by(target_relation, false) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set plan = duckdb__plan_table(existing_relation, target_relation, intermediate_relation, language, partitioned_by, sorted_by) -%}
  {% call statement('main', language=language) -%}
    {{ plan.sql }}
  {%- endcall %}
  {%- set leftover = duckdb__place_table(plan, existing_relation, target_relation, intermediate_relation, backup_relation) -%}
  {%- do create_indexes(target_relation) -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}

  {%- set revoke = should_revoke(existing_relation, full_refresh_mode=True) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {#- DuckLake before 1.5.3 forgot layouts when it renamed, and could not comment in the transaction -#}
  {%- set after_commit = adapter.use_ducklake_table_workarounds(target_relation) -%}
  {%- if not after_commit -%}
    {%- do persist_docs(target_relation, model) -%}
  {%- endif -%}

  {%- do adapter.commit() -%}

  {%- if after_commit -%}
    {%- if partitioned_by or sorted_by -%}
      {% call statement('reassert_layout', auto_begin=False) -%}
        {{ duckdb__alter_table_layout(target_relation, partitioned_by, sorted_by) }}
      {%- endcall %}
    {%- endif -%}
    {%- do persist_docs(target_relation, model) -%}
  {%- endif -%}
  {%- if leftover -%}
    {%- do adapter.drop_relation(leftover) -%}
  {%- endif -%}

  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}

{#
  How the table is built: {sql, in_place, is_referenced, dropped}. A table with foreign keys is
  dropped here already, with those that refer to it; `dropped` is for putting the latter back.
#}
{% macro duckdb__plan_table(existing_relation, target_relation, intermediate_relation, language, partitioned_by, sorted_by) %}
  {%- set plan = {'in_place': true, 'is_referenced': false, 'dropped': []} -%}
  {%- if existing_relation is none -%}
  {%- elif has_foreign_key_constraints(existing_relation) -%}
    {%- do plan.update({'dropped': drop_relation_for_rebuild(existing_relation)}) -%}
    {%- set existing_relation = none -%}
  {%- else -%}
    {%- set is_referenced = existing_relation.is_table and may_be_foreign_key_target(existing_relation) -%}
    {%- set in_place = language == 'sql' and not is_referenced and dbt.can_create_or_replace(existing_relation, target_relation) -%}
    {%- do plan.update({'is_referenced': is_referenced, 'in_place': in_place}) -%}
  {%- endif -%}

  {%- set relation = target_relation if plan.in_place else intermediate_relation -%}
  {%- set build_sql = create_table_as(False, relation, compiled_code, language, partitioned_by=partitioned_by, sorted_by=sorted_by) -%}
  {%- if plan.in_place and existing_relation is not none and 'create or replace' not in build_sql | lower -%}
    {#- a macro of the project that says plain `create` -#}
    {%- do plan.update({'in_place': false}) -%}
    {%- set build_sql = create_table_as(False, intermediate_relation, compiled_code, language, partitioned_by=partitioned_by, sorted_by=sorted_by) -%}
  {%- endif -%}
  {%- do plan.update({'sql': build_sql}) -%}
  {{ return(plan) }}
{% endmacro %}

{# Once the table is built: swaps where need be and puts back what was taken away. Returns the backup, or none. #}
{% macro duckdb__place_table(plan, existing_relation, target_relation, intermediate_relation, backup_relation) %}
  {%- set leftover, dropped = none, plan.dropped -%}
  {%- if not plan.in_place -%}
    {#- a table with indexes, or one that is referred to, cannot be renamed -#}
    {%- do drop_indexes_on_relation(existing_relation) -%}
    {%- set dropped = drop_foreign_key_dependents(existing_relation) if plan.is_referenced else dropped -%}
    {%- set leftover = dbt.swap_relations(existing_relation, intermediate_relation, target_relation, backup_relation) -%}
  {%- endif -%}
  {%- do restore_foreign_key_dependents(dropped) -%}
  {{ return(leftover) }}
{% endmacro %}
