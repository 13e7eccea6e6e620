{# Relation objects: names beside a relation, look-ups in the adapter's cache (no query), and the swap of two relations. #}

{% macro make_intermediate_relation(base_relation, suffix='__dbt_tmp') %}
  {{ return(adapter.dispatch('make_intermediate_relation', 'dbt')(base_relation, suffix)) }}
{% endmacro %}

{% macro default__make_intermediate_relation(base_relation, suffix) %}
  {{ return(default__make_temp_relation(base_relation, suffix)) }}
{% endmacro %}

{# Batches of a microbatch model run at the same time, so each has a temporary relation of its own. #}
{% macro make_temp_relation(base_relation, suffix='__dbt_tmp') %}
  {% if model.batch and suffix == '__dbt_tmp' %}
    {% set suffix = suffix ~ '_' ~ model.batch.id %}
  {% endif %}
  {{ return(adapter.dispatch('make_temp_relation', 'dbt')(base_relation, suffix)) }}
{% endmacro %}

{% macro default__make_temp_relation(base_relation, suffix) %}
  {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix})) }}
{% endmacro %}

{% macro make_backup_relation(base_relation, backup_relation_type, suffix='__dbt_backup') %}
  {{ return(adapter.dispatch('make_backup_relation', 'dbt')(base_relation, backup_relation_type, suffix)) }}
{% endmacro %}

{% macro default__make_backup_relation(base_relation, backup_relation_type, suffix) %}
  {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier ~ suffix}, type=backup_relation_type)) }}
{% endmacro %}

{# The relation as the warehouse has it, its type included; none when it does not exist. #}
{% macro load_cached_relation(relation) %}
  {{ return(adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier)) }}
{% endmacro %}

{# The older name of load_cached_relation. #}
{% macro load_relation(relation) %}
  {{ return(load_cached_relation(relation)) }}
{% endmacro %}

{# [whether it exists, the relation] #}
{% macro get_or_create_relation(database, schema, identifier, type) -%}
  {{ return(adapter.dispatch('get_or_create_relation', 'dbt')(database, schema, identifier, type)) }}
{% endmacro %}

{% macro default__get_or_create_relation(database, schema, identifier, type) %}
  {%- set found = adapter.get_relation(database=database, schema=schema, identifier=identifier) -%}
  {%- if found -%}
    {{ return([true, found]) }}
  {%- endif -%}
  {{ return([false, api.Relation.create(database=database, schema=schema, identifier=identifier, type=type)]) }}
{% endmacro %}

{#
  How a materialization puts a new relation into the place of an old one. These macros are called as dbt.<name>, so
  that a macro of a project with the same name does not get in their way.
#}

{#
  Whether the target can be made under its own name: one statement, `create or replace`, puts it into the place of the
  existing relation (or of nothing, if that is none), and atomically.
#}
{% macro can_create_or_replace(existing_relation, target_relation) %}
  {{ return(adapter.dispatch('can_create_or_replace', 'dbt')(existing_relation, target_relation)) }}
{% endmacro %}

{% macro default__can_create_or_replace(existing_relation, target_relation) %}
  {{ return(false) }}
{% endmacro %}

{# The names used while the target is rebuilt, [intermediate, backup]. What a killed run left under them is dropped. #}
{% macro clear_swap_relations(existing_relation, target_relation) %}
  {% set intermediate_relation = make_intermediate_relation(target_relation) %}
  {% set backup_relation = make_backup_relation(target_relation, target_relation.type if existing_relation is none else existing_relation.type) %}
  {% do drop_relation_if_exists(load_cached_relation(intermediate_relation)) %}
  {% do drop_relation_if_exists(load_cached_relation(backup_relation)) %}
  {{ return([intermediate_relation, backup_relation]) }}
{% endmacro %}

{#
  [the SQL that creates the relation, whether swap_relations has to follow]. A create macro of the project may say
  plain `create`, so where something stands the text has to agree.
#}
{% macro render_build(existing_relation, target_relation, intermediate_relation, sql) %}
  {% if dbt.can_create_or_replace(existing_relation, target_relation) %}
    {% set build_sql = get_create_sql(target_relation, sql) %}
    {% if existing_relation is none or 'create or replace' in build_sql | lower %}
      {{ return([build_sql, false]) }}
    {% endif %}
  {% endif %}
  {{ return([get_create_sql(intermediate_relation, sql), true]) }}
{% endmacro %}

{#
  Moves the existing relation out of the way and the intermediate one into its place. Returns what the caller drops
  after the commit: the backup, or none if nothing stood there (a hook or a cascade may have dropped it meanwhile).
#}
{% macro swap_relations(existing_relation, intermediate_relation, target_relation, backup_relation) %}
  {% set existing_relation = load_cached_relation(existing_relation) if existing_relation is not none else none %}
  {% if existing_relation is none %}
    {% do adapter.rename_relation(intermediate_relation, target_relation) %}
    {{ return(none) }}
  {% endif %}
  {% set dependents = dbt.hold_dependents(existing_relation) %}
  {% do adapter.rename_relation(existing_relation, backup_relation) %}
  {% do adapter.rename_relation(intermediate_relation, target_relation) %}
  {% do dbt.restore_dependents(dependents, backup_relation) %}
  {{ return(backup_relation) }}
{% endmacro %}

{#
  Where views are bound to a relation itself and not to its name, the first notes them before it is replaced, and the
  second binds them to what replaced it; `old_relation` is what is about to be dropped.
#}
{% macro hold_dependents(relation) %}
  {{ return(adapter.dispatch('hold_dependents', 'dbt')(relation)) }}
{% endmacro %}

{% macro default__hold_dependents(relation) %}
  {{ return([]) }}
{% endmacro %}

{% macro restore_dependents(dependents, old_relation=none) %}
  {% if dependents %}
    {{ return(adapter.dispatch('restore_dependents', 'dbt')(dependents, old_relation)) }}
  {% endif %}
{% endmacro %}

{% macro default__restore_dependents(dependents, old_relation) %}
{% endmacro %}
