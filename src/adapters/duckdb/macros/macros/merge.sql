{#
  The merge strategy. Without options: matched rows are updated and others inserted, by name. Options of the config
  add conditions, choose columns, or (`merge_clauses`) spell out every WHEN clause.
#}

{% macro duckdb__get_incremental_merge_sql(args_dict) %}
  {{ return(duckdb__get_merge_sql(
    args_dict['target_relation'], args_dict['temp_relation'], args_dict['unique_key'], args_dict['dest_columns'],
    normalize_incremental_predicates(args_dict.get('incremental_predicates'))
  )) }}
{% endmacro %}

{% macro duckdb__get_merge_sql(target, source, unique_key, dest_columns, incremental_predicates=none) -%}
  {%- set predicates = normalize_incremental_predicates(incremental_predicates) -%}
  {%- do validate_merge_config(config, target) -%}
  {%- set update_columns = config.get('merge_update_columns', []) -%}
  {%- set exclude_columns = config.get('merge_exclude_columns', []) -%}
  {%- set set_expressions = config.get('merge_update_set_expressions', {}) -%}
  {%- set defaults = merge_clause_defaults(
    config.get('merge_update_condition', none), config.get('merge_insert_condition', none), update_columns, exclude_columns, set_expressions) -%}
  {%- set update = defaults.when_matched_update_explicit if update_columns or exclude_columns or set_expressions else defaults.when_matched_update_by_name -%}
  {%- set clauses = config.get('merge_clauses', {}) -%}
  {%- set returning = config.get('merge_returning_columns', []) -%}
    {{ config.get('sql_header', '') or '' }}
    merge into {{ target }} as DBT_INTERNAL_DEST
        using {{ source }} as DBT_INTERNAL_SOURCE
        {{ duckdb__merge_join_clause(unique_key, config.get('merge_on_using_columns', []), predicates) }}
    {%- for clause in clauses.get('when_matched', [update]) %}
    when matched {{ duckdb__merge_condition(clause) }} then
        {{ duckdb__merge_action(clause, duckdb__merge_update(clause, clause.get('update', {}), dest_columns)) }}
    {%- endfor %}
    {%- for clause in clauses.get('when_not_matched', [defaults.when_not_matched_insert_by_name]) %}
    when not matched {{ 'by ' ~ clause.get('by') if clause.get('by') }} {{ duckdb__merge_condition(clause) }} then
        {{ duckdb__merge_action(clause, 'update set ' ~ duckdb__merge_assignments(clause.get('set_expressions', {}), [])) }}
    {%- endfor %}
    {%- if returning %}
    returning {{ returning if returning is string else returning | join(', ') }}
    {%- endif %}
{%- endmacro %}

{# USING (columns) or ON the unique key; predicates narrow either. #}
{% macro duckdb__merge_join_clause(unique_key, merge_on_using_columns, incremental_predicates) -%}
  {%- set conditions = [] -%}
  {%- if not merge_on_using_columns -%}
    {%- set many = unique_key is sequence and unique_key is not mapping and unique_key is not string -%}
    {%- for key in (unique_key if many else [unique_key]) if unique_key -%}
      {%- do conditions.append('DBT_INTERNAL_SOURCE.' ~ key ~ ' = DBT_INTERNAL_DEST.' ~ key) -%}
    {%- else -%}
      {%- do conditions.append('FALSE') -%}
    {%- endfor -%}
  {%- endif -%}
  {%- set conditions = conditions + (incremental_predicates or []) -%}
  {{ 'using (' ~ merge_on_using_columns | join(', ') ~ ')' if merge_on_using_columns }}
  {{ 'on (' ~ conditions | join(') and (') ~ ')' if conditions }}
{%- endmacro %}

{% macro duckdb__merge_condition(clause) -%}
  {%- set condition = clause.get('condition') -%}
  {%- if condition -%}
    and {{ condition if condition is string else '(' ~ condition | join(') and (') ~ ')' }}
  {%- endif -%}
{%- endmacro %}

{# What a WHEN clause does; `update` is what it says if that is an update. #}
{% macro duckdb__merge_action(clause, update) -%}
  {%- set action, mode = clause.get('action'), clause.get('mode') -%}
  {%- if action == 'update' -%}
    {{ update }}
  {%- elif action == 'insert' and mode == 'explicit' -%}
    {%- set insert = clause.get('insert', {}) -%}
    insert ({{ insert.get('columns', []) | join(', ') }}) values ({{ insert.get('values', []) | join(', ') }})
  {%- elif action == 'insert' -%}
    insert {{ {'by_name': 'by name', 'by_position': 'by position', 'star': '*'}[mode] }}
  {%- elif action in ('delete', 'do_nothing') -%}
    {{ action | replace('_', ' ') }}
  {%- elif action == 'error' -%}
    error {{ dbt.string_literal(dbt.escape_single_quotes(clause.get('error_message'))) if clause.get('error_message') }}
  {%- endif -%}
{%- endmacro %}

{# The update of a WHEN MATCHED clause. Of its columns, those with an expression of their own take that. #}
{% macro duckdb__merge_update(clause, options, dest_columns) -%}
  {%- set mode = clause.get('mode') -%}
  {%- if mode == 'explicit' -%}
    {%- set expressions = options.get('set_expressions', {}) -%}
    {%- set columns = [] -%}
    {%- for column in get_merge_update_columns(options.get('include', []), options.get('exclude', []), dest_columns) -%}
      {%- if column.replace('"', '').replace("'", '') not in expressions -%}
        {%- do columns.append(column) -%}
      {%- endif -%}
    {%- endfor -%}
    update set {{ duckdb__merge_assignments(expressions, columns) }}
  {%- else -%}
    update {{ {'by_name': 'by name', 'by_position': 'by position', 'star': 'set *'}.get(mode) }}
  {%- endif -%}
{%- endmacro %}

{% macro duckdb__merge_assignments(expressions, columns) -%}
  {%- set assignments = [] -%}
  {%- for column, expression in expressions.items() -%}
    {%- do assignments.append(column ~ ' = ' ~ expression) -%}
  {%- endfor -%}
  {%- for column in columns -%}
    {%- do assignments.append(column ~ ' = DBT_INTERNAL_SOURCE.' ~ column) -%}
  {%- endfor -%}
  {{ assignments | join(', ') }}
{%- endmacro %}

{# The clauses that the simple options stand for. #}
{% macro merge_clause_defaults(merge_update_condition, merge_insert_condition, merge_update_columns=[], merge_exclude_columns=[], merge_update_set_expressions={}) -%}
  {{ return({
    'when_matched_update_by_name': {'action': 'update', 'condition': merge_update_condition, 'mode': 'by_name'},
    'when_matched_update_explicit': {'action': 'update', 'condition': merge_update_condition, 'mode': 'explicit', 'update': {
      'include': merge_update_columns, 'exclude': merge_exclude_columns, 'set_expressions': merge_update_set_expressions,
    }},
    'when_not_matched_insert_by_name': {'action': 'insert', 'condition': merge_insert_condition, 'mode': 'by_name'},
  }) }}
{%- endmacro %}
