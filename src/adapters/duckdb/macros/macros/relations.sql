{# Tables, views and their names. #}

{# A project on DuckLake may sort or partition the table; other adapters take no such arguments. #}
{% macro create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  {{ return(adapter.dispatch('create_table_as', 'dbt')(temporary, relation, compiled_code, language, partitioned_by=partitioned_by, sorted_by=sorted_by)) }}
{%- endmacro %}

{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql', partitioned_by=none, sorted_by=none) -%}
  {%- if language == 'python' -%}
    {{ return(py_write_table(temporary=temporary, relation=relation, compiled_code=compiled_code, partitioned_by=partitioned_by, sorted_by=sorted_by)) }}
  {%- elif language != 'sql' -%}
    {%- do exceptions.raise_compiler_error("duckdb__create_table_as macro didn't get supported language, it got %s" % language) -%}
  {%- endif -%}
  {%- set enforced = config.get('contract').enforced -%}
  {{ config.get('sql_header', '') or '' }}
  {{ get_assert_columns_equivalent(compiled_code) if enforced }}
  {%- set create = 'create temporary table' if temporary else ('create or replace table' if duckdb__rebuilds_table(relation) else 'create table') %}
  {{ create }} {{ relation.include(database=not temporary, schema=not temporary) }}
  {%- if enforced and not temporary %}
    {{ get_table_columns_and_constraints() }};
    {{ duckdb__alter_table_layout(relation, partitioned_by, sorted_by) }}
    insert into {{ relation }} {{ get_column_names() }} (
      {{ get_select_subquery(compiled_code) }}
    );
  {%- elif partitioned_by or sorted_by %} as (
      select * from (
        {{ compiled_code }}
      ) as model_subq
      limit 0
    );
    {{ duckdb__alter_table_layout(relation, partitioned_by, sorted_by) }}
    insert into {{ relation }} select * from (
      {{ compiled_code }}
    ) as model_subq;
  {%- else %} as (
    {{ compiled_code }}
  );
  {%- endif %}
{%- endmacro %}

{#
  Whether this node may write over a table of its name. Everything that keeps rows from earlier runs says `create`
  and fails instead, should the cache not know of a table that exists.
#}
{% macro duckdb__rebuilds_table(relation) %}
  {%- set materialized = config.get('materialized') -%}
  {%- set rebuilt = materialized in ('table', 'test') or (materialized == 'incremental' and should_full_refresh()) -%}
  {{ return(rebuilt and not config.get('contract').enforced and not adapter.is_ducklake(relation)) }}
{% endmacro %}

{% macro duckdb__create_view_as(relation, sql) -%}
  {{ config.get('sql_header', '') or '' }}
  {{ get_assert_columns_equivalent(sql) if config.get('contract').enforced }}
  create {{ 'or replace ' if not adapter.is_ducklake(relation) }}view {{ relation }} as (
    {{ sql }}
  );
{%- endmacro %}

{#
  `create or replace` is one statement and atomic, but it keeps the type of a relation. A contract's table is filled
  by a second statement, before which a model that reads its own table would find it empty.
#}
{% macro duckdb__can_create_or_replace(existing_relation, target_relation) %}
  {{ return(
    not adapter.is_ducklake(target_relation)
    and (
      existing_relation is none
      or (existing_relation.type == target_relation.type and not (target_relation.is_table and config.get('contract').enforced))
    )
  ) }}
{% endmacro %}

{# The names in the order of the contract, in parentheses. #}
{% macro get_column_names() %}
  ({{ default__get_column_names() }})
{% endmacro %}

{% macro duckdb__drop_relation(relation) -%}
  {%- call statement('drop_relation', auto_begin=False) -%}
    drop {{ relation.type }} if exists {{ relation }} {{ 'cascade' if not adapter.is_ducklake(relation) }}
  {%- endcall -%}
{% endmacro %}

{% macro duckdb__rename_relation(from_relation, to_relation) -%}
  {%- call statement('rename_relation') -%}
    alter {{ to_relation.type }} {{ from_relation }} rename to {{ adapter.quote_as_configured(to_relation.identifier, 'identifier') }}
  {%- endcall -%}
{% endmacro %}

{# Temporary tables live in a schema of their own, as long as the connection; the time keeps their names apart. #}
{% macro duckdb__make_temp_relation(base_relation, suffix) %}
  {{ return(base_relation.incorporate(path={
    'identifier': base_relation.identifier ~ suffix ~ py_current_timestring(), 'schema': none, 'database': none,
  })) }}
{% endmacro %}

{#
  The relation for new rows, as {relation, temporary}. MotherDuck keeps no temporary tables, so there it is an
  ordinary one in a schema for such.
#}
{% macro duckdb__dispatch_temporary_relation(target_relation, batch_id='') %}
  {%- if not adapter.is_motherduck() -%}
    {{ return({'relation': make_temp_relation(target_relation), 'temporary': true}) }}
  {%- endif -%}
  {%- set relation = target_relation.incorporate(path=adapter.get_temp_relation_path(target_relation, batch_id)) -%}
  {%- do run_query(create_schema(relation)) -%}
  {%- if not adapter.disable_transactions() -%}
    {%- do adapter.commit() -%}
  {%- endif -%}
  {{ return({'relation': relation, 'temporary': false}) }}
{% endmacro %}

{# DuckLake: how the files of a table are partitioned and sorted. #}

{% macro duckdb__alter_table_layout(relation, partitioned_by, sorted_by) -%}
  {{ duckdb__alter_table_set_partitioned_by(relation, partitioned_by) if partitioned_by }}
  {{ duckdb__alter_table_set_sorted_by(relation, sorted_by) if sorted_by }}
{%- endmacro %}

{% macro duckdb__alter_table_set_partitioned_by(relation, partitioned_by) -%}
  alter table {{ relation }} set partitioned by ({{ partitioned_by }});
{%- endmacro %}

{% macro duckdb__alter_table_set_sorted_by(relation, sorted_by) -%}
  alter table {{ relation }} set sorted by ({{ sorted_by }});
{%- endmacro %}

{% macro duckdb__get_partitioned_by(relation, temporary) -%}
  {%- set columns = duckdb__layout_columns(relation, temporary, ['partitioned_by', 'partition_by']) -%}
  {{ return(columns | join(', ') if columns else none) }}
{%- endmacro %}

{% macro duckdb__get_sorted_by(relation, temporary) -%}
  {%- set quoted = [] -%}
  {%- for column in duckdb__layout_columns(relation, temporary, ['sorted_by', 'sort_by']) or [] -%}
    {%- do quoted.append(adapter.quote(column | replace('"', '""'))) -%}
  {%- endfor -%}
  {{ return(quoted | join(', ') if quoted else none) }}
{%- endmacro %}

{#
  The columns that the first of the settings names; none where it does not apply: to relations beside the target,
  and to databases without layouts.
#}
{% macro duckdb__layout_columns(relation, temporary, settings) %}
  {%- set first, second = config.get(settings[0], none), config.get(settings[1], none) -%}
  {%- set configured = second if first is none or first == '' else first -%}
  {%- if temporary or configured is none or configured == '' -%}
    {{ return(none) }}
  {%- endif -%}
  {%- set columns = normalize_string_or_list(configured, settings | join('/')) -%}
  {%- if not columns -%}
    {%- do exceptions.raise_compiler_error(settings | join('/') ~ ' must contain at least one column') -%}
  {%- endif -%}
  {%- if this is defined and config.get('materialized') in ['table', 'incremental'] and relation.identifier and this.identifier and relation.identifier != this.identifier -%}
    {{ return(none) }}
  {%- endif -%}
  {%- if not adapter.is_ducklake(relation) -%}
    {%- do adapter.warn_once(settings | join('/') ~ ' is only supported for DuckLake relations; ignoring for ' ~ relation) -%}
    {{ return(none) }}
  {%- endif -%}
  {{ return(columns) }}
{% endmacro %}

{%- macro normalize_string_or_list(raw, field_name) -%}
  {%- if raw is none -%}
    {{ return([]) }}
  {%- elif raw is string -%}
    {{ return([raw]) }}
  {%- elif raw is mapping or raw is not sequence -%}
    {%- do exceptions.raise_compiler_error(field_name ~ ' must be a list of strings or a string') -%}
  {%- endif -%}
  {%- if raw | reject('string') | list -%}
    {%- do exceptions.raise_compiler_error(field_name ~ ' list values must be non-empty strings') -%}
  {%- endif -%}
  {{ return(raw | list) }}
{%- endmacro -%}
