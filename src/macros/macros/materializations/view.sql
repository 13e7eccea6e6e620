{#
  A view over an old relation is made beside it and takes its place in one transaction; the old one is dropped after
  the commit, since a drop locks what depends on it.
#}
{%- materialization view, default -%}

  {%- set existing_relation = load_cached_relation(this) -%}
  {%- set target_relation = this.incorporate(type='view') -%}

  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {%- set intermediate_relation, backup_relation = dbt.clear_swap_relations(existing_relation, target_relation) -%}
  {{ run_hooks(pre_hooks, inside_transaction=True) }}

  {%- set build_sql, needs_swap = dbt.render_build(existing_relation, target_relation, intermediate_relation, sql) -%}
  {% call statement('main') -%}
    {{ build_sql }}
  {%- endcall %}
  {%- if needs_swap -%}
    {%- set leftover = dbt.swap_relations(existing_relation, intermediate_relation, target_relation, backup_relation) -%}
  {%- endif -%}

  {%- set revoke = should_revoke(existing_relation, full_refresh_mode=True) -%}
  {%- do apply_grants(target_relation, config.get('grants'), should_revoke=revoke) -%}
  {%- do persist_docs(target_relation, model) -%}

  {{ run_hooks(post_hooks, inside_transaction=True) }}
  {%- do adapter.commit() -%}
  {%- if leftover -%}
    {%- do adapter.drop_relation(leftover) -%}
  {%- endif -%}
  {{ run_hooks(post_hooks, inside_transaction=False) }}

  {{ return({'relations': [target_relation]}) }}

{%- endmaterialization -%}
