{# As a view, with indexes made before the table is in its place. #}
{% materialization table, default %}

  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='table') -%}
  {%- set intermediate_relation, backup_relation = dbt.clear_swap_relations(existing_relation, target_relation) -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set build_sql, needs_swap = dbt.render_build(existing_relation, target_relation, intermediate_relation, sql) -%}
  {% call statement('main') -%}
    {{ build_sql }}
  {%- endcall %}
  {%- do create_indexes(intermediate_relation if needs_swap else target_relation) -%}
  {%- if needs_swap -%}
    {%- set leftover = dbt.swap_relations(existing_relation, intermediate_relation, target_relation, backup_relation) -%}
  {%- endif -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}

  {%- set revoke = should_revoke(existing_relation, full_refresh_mode=True) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}

  {%- do adapter.commit() -%}
  {%- if leftover -%}
    {%- do adapter.drop_relation(leftover) -%}
  {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {{ return({'relations': [target_relation]}) }}

{% endmaterialization %}
