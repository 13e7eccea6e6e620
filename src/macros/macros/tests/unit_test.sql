{# Unit tests: a model over given rows, beside the rows that are expected. The two sets are compared by the caller. #}
{%- materialization unit, default -%}

  {%- set sql_header = config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS -%}
  {%- set expected_rows = config.get('expected_rows') -%}
  {%- set expected_sql = config.get('expected_sql') -%}

  {%- set types, quoted, names = {}, {}, [] -%}
  {%- for column in dbt.get_unit_test_columns(sql) -%}
    {%- do types.update({column.name | lower: column.data_type}) -%}
    {%- do quoted.update({column.name | lower: column.quoted}) -%}
    {%- do names.append(column.name) -%}
  {%- endfor -%}
  {#- only the columns that the expectation names are compared -#}
  {%- set expected_columns = [] -%}
  {%- for name in (expected_rows[0].keys() if expected_rows else names) -%}
    {%- do expected_columns.append(quoted[name | lower]) -%}
  {%- endfor -%}

  {%- set unit_test_sql = get_unit_test_sql(sql, expected_sql or get_expected_sql(expected_rows, types, quoted), expected_columns) -%}
  {% call statement('main', fetch_result=True, auto_begin=(true if sql_header else false)) -%}
    {{ sql_header if sql_header }}
    {{ unit_test_sql }}
  {%- endcall %}

  {{ return({'relations': []}) }}

{%- endmaterialization -%}

{# The columns of the model's query with their exact types. #}
{% macro get_unit_test_columns(sql) %}
  {{ return(adapter.dispatch('get_unit_test_columns', 'dbt')(sql)) }}
{% endmacro %}

{# Drivers name types roughly, the catalogue exactly: so an empty table is made and asked about. #}
{% macro default__get_unit_test_columns(sql) %}
  {%- set test_relation = api.Relation.create(database=database, schema=schema, identifier=model['alias'], type='table') -%}
  {%- set temp_relation = make_temp_relation(test_relation) -%}
  {%- do run_query(get_create_table_as_sql(True, temp_relation, get_empty_subquery_sql(sql))) -%}
  {%- set columns = adapter.get_columns_in_relation(temp_relation) -%}
  {%- do adapter.drop_relation(temp_relation) -%}
  {{ return(columns) }}
{% endmacro %}

{% macro get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
  {{ adapter.dispatch('get_unit_test_sql', 'dbt')(main_sql, expected_fixture_sql, expected_column_names) }}
{%- endmacro %}

{% macro default__get_unit_test_sql(main_sql, expected_fixture_sql, expected_column_names) -%}
{%- set columns = expected_column_names | join(', ') -%}
{%- set which = adapter.quote('actual_or_expected') -%}
with dbt_internal_unit_test_actual as (
  select {{ columns }}, {{ dbt.string_literal('actual') }} as {{ which }}
  from (
    {{ main_sql }}
  ) _dbt_internal_unit_test_actual
),
dbt_internal_unit_test_expected as (
  select {{ columns }}, {{ dbt.string_literal('expected') }} as {{ which }}
  from (
    {{ expected_fixture_sql }}
  ) _dbt_internal_unit_test_expected
)
select * from dbt_internal_unit_test_actual
union all
select * from dbt_internal_unit_test_expected
{%- endmacro %}
