{# Tables, views and their names. #}

{#
  With a contract the table is made empty first, with its constraints, and filled then; both statements go together
  and the response is that of the insert.
#}
{% macro postgres__create_table_as(temporary, relation, sql) -%}
  {%- set enforced = config.get('contract').enforced -%}
  {%- set kind = 'temporary ' if temporary else ('unlogged ' if config.get('unlogged', default=false) else '') -%}
  {{ config.get('sql_header', '') or '' }}
  {{ get_assert_columns_equivalent(sql) if enforced }}
  create {{ kind }}table {{ relation }}
  {%- if enforced and not temporary %}
    {{ get_table_columns_and_constraints() }};
    insert into {{ relation }} ({{ adapter.dispatch('get_column_names', 'dbt')() }})
    {%- set sql = get_select_subquery(sql) -%}
  {%- else %} as
  {%- endif %} (
    {{ sql }}
  );
{%- endmacro %}

{# PostgreSQL has no such statement; forks that do can use this. #}
{% macro postgres__get_replace_table_sql(relation, sql) -%}
  {%- set enforced = config.get('contract').enforced -%}
  {{ config.get('sql_header', '') or '' }}
  create or replace table {{ relation }}
  {%- if enforced %}
    {{ get_assert_columns_equivalent(sql) }}
    {{ get_table_columns_and_constraints() }}
    {%- set sql = get_select_subquery(sql) -%}
  {%- endif %} as (
    {{ sql }}
  );
{%- endmacro %}

{% macro postgres__get_replace_view_sql(relation, sql) -%}
  {{ config.get('sql_header', '') or '' }}
  {{ get_assert_columns_equivalent(sql) if config.get('contract').enforced }}
  create or replace view {{ relation }} as (
    {{ sql }}
  );
{%- endmacro %}

{% macro postgres__drop_table(relation) -%}
  drop table if exists {{ relation }} cascade
{%- endmacro %}

{% macro postgres__drop_view(relation) -%}
  drop view if exists {{ relation }} cascade
{%- endmacro %}

{% macro postgres__get_rename_table_sql(relation, new_name) -%}
  alter table {{ relation }} rename to {{ new_name }}
{%- endmacro %}

{% macro postgres__get_rename_view_sql(relation, new_name) -%}
  alter view {{ relation }} rename to {{ new_name }}
{%- endmacro %}

{#
  Names are cut at 63 bytes without an error, so the base gives way to the suffix. `dstring` adds the time of day:
  temporary tables live as long as the session and must not meet.
#}
{% macro postgres__make_relation_with_suffix(base_relation, suffix, dstring) %}
  {%- if dstring -%}
    {%- set suffix = suffix ~ modules.datetime.datetime.now().strftime('%H%M%S%f') -%}
  {%- endif -%}
  {%- set room = base_relation.relation_max_name_length() - suffix | length -%}
  {%- if room < 0 -%}
    {%- do exceptions.raise_compiler_error(
      'Relation suffix is too long (' ~ suffix | length ~ ' characters). Maximum length is ' ~ base_relation.relation_max_name_length() ~ ' characters.'
    ) -%}
  {%- endif -%}
  {{ return(base_relation.incorporate(path={'identifier': base_relation.identifier[:room] ~ suffix})) }}
{% endmacro %}

{% macro postgres__make_intermediate_relation(base_relation, suffix) %}
  {{ return(postgres__make_relation_with_suffix(base_relation, suffix, dstring=False)) }}
{% endmacro %}

{# Temporary tables have a schema of their own. #}
{% macro postgres__make_temp_relation(base_relation, suffix) %}
  {%- set relation = postgres__make_relation_with_suffix(base_relation, suffix, dstring=True) -%}
  {{ return(relation.incorporate(path={'schema': none, 'database': none})) }}
{% endmacro %}

{% macro postgres__make_backup_relation(base_relation, backup_relation_type, suffix) %}
  {%- set relation = postgres__make_relation_with_suffix(base_relation, suffix, dstring=False) -%}
  {{ return(relation.incorporate(type=backup_relation_type)) }}
{% endmacro %}

{#
  The old table steps aside instead of being dropped, which opens the transaction: readers see it until the new one
  is filled, and a run that is killed changes nothing. Views on it go with it, as dbt's tests of --full-refresh want.
#}
{% macro postgres__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
  {%- if not full_refresh -%}
    {{ return(default__reset_csv_table(model, full_refresh, old_relation, agate_table)) }}
  {%- endif -%}
  {%- set backup_relation = make_backup_relation(old_relation, old_relation.type) -%}
  {%- do drop_relation_if_exists(load_cached_relation(backup_relation)) -%}
  {%- do adapter.rename_relation(old_relation, backup_relation) -%}
  {%- set sql = create_csv_table(model, agate_table) -%}
  {%- do adapter.drop_relation(backup_relation) -%}
  {{ return(sql) }}
{% endmacro %}

{# Arguments of functions may have defaults here. #}
{% macro postgres__formatted_scalar_function_args_sql() %}
  {%- for argument in model.arguments -%}
    {{ argument.name }} {{ argument.data_type }}
    {%- if argument.get('default_value', none) is not none %} DEFAULT {{ argument.default_value }}{% endif -%}
    {{ ', ' if not loop.last }}
  {%- endfor -%}
{% endmacro %}
