{# What becomes of a target whose columns are no longer those of the query: ignore, fail, append_new_columns, sync_all_columns. #}

{% macro incremental_validate_on_schema_change(on_schema_change, default='ignore') %}
  {% if on_schema_change in ['sync_all_columns', 'append_new_columns', 'fail', 'ignore'] %}
    {{ return(on_schema_change) }}
  {% endif %}
  {% do log('Invalid value for on_schema_change (%s) specified. Setting default value of %s.' % (on_schema_change, default)) %}
  {{ return(default) }}
{% endmacro %}

{# The columns of the source once the target has been brought into line; nothing when changes are ignored. #}
{% macro process_schema_changes(on_schema_change, source_relation, target_relation) %}
  {{ return(adapter.dispatch('process_schema_changes', 'dbt')(on_schema_change, source_relation, target_relation)) }}
{% endmacro %}

{% macro default__process_schema_changes(on_schema_change, source_relation, target_relation) %}
  {% if on_schema_change == 'ignore' %}
    {{ return({}) }}
  {% endif %}
  {% set changes = check_for_schema_changes(source_relation, target_relation) %}
  {% if changes['schema_changed'] and on_schema_change == 'fail' %}
    {% set message %}
              The source and target schemas on this incremental model are out of sync!
              To reconcile them:
                - set the `on_schema_change` config to append_new_columns or sync_all_columns, or
                - rebuild the model with --full-refresh, or
                - alter the table yourself and run again.

              What differs:
                 Source columns not in target: {{ changes['source_not_in_target'] }}
                 Target columns not in source: {{ changes['target_not_in_source'] }}
                 New column types: {{ changes['new_target_types'] }}
    {% endset %}
    {% do exceptions.raise_compiler_error(message) %}
  {% elif changes['schema_changed'] %}
    {% do sync_column_schemas(on_schema_change, target_relation, changes) %}
  {% endif %}
  {{ return(changes['source_columns']) }}
{% endmacro %}

{% macro check_for_schema_changes(source_relation, target_relation) %}
  {{ return(adapter.dispatch('check_for_schema_changes', 'dbt')(source_relation, target_relation)) }}
{% endmacro %}

{% macro default__check_for_schema_changes(source_relation, target_relation) %}
  {%- set source_columns = adapter.get_columns_in_relation(source_relation) -%}
  {%- set target_columns = adapter.get_columns_in_relation(target_relation) -%}
  {%- set added = diff_columns(source_columns, target_columns) -%}
  {%- set removed = diff_columns(target_columns, source_columns) -%}
  {%- set retyped = diff_column_data_types(source_columns, target_columns) -%}
  {%- set changed = added != [] or removed != [] or retyped != [] -%}
  {% do log(
    'In ' ~ target_relation ~ ': schema changed: ' ~ changed ~ '; source columns not in target: ' ~ added
    ~ '; target columns not in source: ' ~ removed ~ '; new column types: ' ~ retyped
  ) %}
  {{ return({
    'schema_changed': changed,
    'source_not_in_target': added,
    'target_not_in_source': removed,
    'source_columns': source_columns,
    'target_columns': target_columns,
    'new_target_types': retyped,
  }) }}
{% endmacro %}

{% macro sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
  {{ return(adapter.dispatch('sync_column_schemas', 'dbt')(on_schema_change, target_relation, schema_changes_dict)) }}
{% endmacro %}

{% macro default__sync_column_schemas(on_schema_change, target_relation, schema_changes_dict) %}
  {%- set everything = on_schema_change == 'sync_all_columns' -%}
  {%- set added = schema_changes_dict['source_not_in_target'] if everything or on_schema_change == 'append_new_columns' else [] -%}
  {%- set removed = schema_changes_dict['target_not_in_source'] if everything else [] -%}
  {%- set retyped = schema_changes_dict['new_target_types'] if everything else [] -%}

  {%- if added or removed -%}
    {%- do alter_relation_add_remove_columns(target_relation, added, removed if everything else none) -%}
  {%- endif -%}
  {%- for change in retyped -%}
    {%- do alter_column_type(target_relation, change['column_name'], change['new_type']) -%}
  {%- endfor -%}

  {% do log(
    'In ' ~ target_relation ~ ': schema change approach: ' ~ on_schema_change ~ '; columns added: ' ~ added
    ~ '; columns removed: ' ~ removed ~ '; data types changed: ' ~ retyped
  ) %}
{% endmacro %}

{# The columns of the first list whose names the second does not have; types do not matter. #}
{% macro diff_columns(source_columns, target_columns) %}
  {{ return(source_columns | rejectattr('name', 'in', target_columns | map(attribute='column') | list) | list) }}
{% endmacro %}

{% macro diff_column_data_types(source_columns, target_columns) %}
  {{ return(adapter.dispatch('diff_column_data_types', 'dbt')(source_columns, target_columns)) }}
{% endmacro %}

{# Columns of one name whose types differ in more than a length the target can grow to. #}
{% macro default__diff_column_data_types(source_columns, target_columns) %}
  {% set by_name = {} %}
  {% for column in target_columns %}
    {% do by_name.setdefault(column.name, column) %}
  {% endfor %}
  {% set result = [] %}
  {% for source in source_columns if source.name in by_name %}
    {% set target = by_name[source.name] %}
    {% if source.expanded_data_type != target.expanded_data_type and not source.can_expand_to(other_column=target) %}
      {% do result.append({'column_name': target.name, 'new_type': source.expanded_data_type}) %}
    {% endif %}
  {% endfor %}
  {{ return(result) }}
{% endmacro %}
