{# Data tests: a query for rows that should not be there, counted and held against the limits of the config. #}
{%- materialization test, default -%}

  {%- set sql_header = config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS -%}
  {%- set main_sql = get_limit_subquery_sql(sql, config.get('limit')) -%}
  {%- set relations = [] -%}

  {%- if should_store_failures() -%}
    {#- --store-failures without the config leaves store_failures_as at none -#}
    {%- set store_failures_as = config.get('store_failures_as') or 'table' -%}
    {%- if store_failures_as not in ['table', 'view'] -%}
      {%- do exceptions.raise_compiler_error(
        "'" ~ store_failures_as ~ "' is not a valid value for `store_failures_as`. Accepted values are: ['ephemeral', 'table', 'view']"
      ) -%}
    {%- endif -%}
    {%- set identifier = model['alias'] -%}
    {%- set old_relation = adapter.get_relation(database=database, schema=schema, identifier=identifier) -%}
    {%- set target_relation = api.Relation.create(identifier=identifier, schema=schema, database=database, type=store_failures_as) -%}
    {#- what the last run kept stays until there is something to take its place -#}
    {%- if old_relation is none -%}
      {%- set build_sql, needs_swap = get_create_sql(target_relation, main_sql), false -%}
    {%- else -%}
      {%- set intermediate_relation, backup_relation = dbt.clear_swap_relations(old_relation, target_relation) -%}
      {%- set build_sql, needs_swap = dbt.render_build(old_relation, target_relation, intermediate_relation, main_sql) -%}
    {%- endif -%}
    {% call statement(auto_begin=True) %}
      {{ sql_header if sql_header }}
      {{ build_sql }}
    {% endcall %}
    {%- if needs_swap -%}
      {%- set leftover = dbt.swap_relations(old_relation, intermediate_relation, target_relation, backup_relation) -%}
    {%- endif -%}
    {%- do relations.append(target_relation) -%}
    {%- do adapter.commit() -%}
    {%- if leftover -%}
      {%- do adapter.drop_relation(leftover) -%}
    {%- endif -%}
    {#- the rows need not be searched for again -#}
    {%- set main_sql = 'select * from ' ~ target_relation -%}
  {%- endif -%}

  {#- a single query needs no transaction around it, unless the header sets something up -#}
  {% call statement('main', fetch_result=True, auto_begin=(true if sql_header else false)) -%}
    {{ sql_header if sql_header }}
    {{ get_test_sql(main_sql, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none) }}
  {%- endcall %}

  {{ return({'relations': relations}) }}

{%- endmaterialization -%}

{# What is tested: the relation, or the part of it that the `where` of the config leaves. #}
{% macro get_where_subquery(relation) -%}
  {{ return(adapter.dispatch('get_where_subquery', 'dbt')(relation)) }}
{%- endmacro %}

{% macro default__get_where_subquery(relation) -%}
  {%- set where = config.get('where', '') -%}
  {%- if where -%}
    {{ return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') dbt_subquery') }}
  {%- endif -%}
  {{ return(relation) }}
{%- endmacro %}

{% macro get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
  {{ adapter.dispatch('get_test_sql', 'dbt')(main_sql, fail_calc, warn_if, error_if, limit) }}
{%- endmacro %}

{% macro default__get_test_sql(main_sql, fail_calc, warn_if, error_if, limit) -%}
    select
      {{ fail_calc }} as failures,
      {{ fail_calc }} {{ warn_if }} as should_warn,
      {{ fail_calc }} {{ error_if }} as should_error
    from (
      {{ main_sql }}
      {{ 'limit ' ~ limit if limit is not none }}
    ) dbt_internal_test
{%- endmacro %}
