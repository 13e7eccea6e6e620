{# Seeds: the file is read by DuckDB itself, and a table is replaced without being dropped first. #}

{% macro duckdb__create_csv_table(model, agate_table) %}
  {%- set create = 'create or replace table ' if should_full_refresh() and not adapter.is_ducklake(this) else 'create table ' -%}
  {%- set sql = create ~ this.render() ~ ' (' ~ dbt.get_seed_column_definitions(model, agate_table) ~ ')' -%}
  {%- call statement('_') -%}
    {{ sql }}
  {%- endcall -%}
  {{ return(sql) }}
{% endmacro %}

{% macro duckdb__reset_csv_table(model, full_refresh, old_relation, agate_table) %}
  {%- if full_refresh and not adapter.is_ducklake(old_relation) -%}
    {{ return(create_csv_table(model, agate_table)) }}
  {%- endif -%}
  {{ return(default__reset_csv_table(model, full_refresh, old_relation, agate_table)) }}
{% endmacro %}

{# `fast: false` sends the values as bindings, for files that DuckDB's reader takes for something else. #}
{% macro duckdb__load_csv_rows(model, agate_table) %}
  {%- if not config.get('fast', true) -%}
    {{ return(default__load_csv_rows(model, adapter.convert_datetimes_to_strs(agate_table))) }}
  {%- endif -%}
  {%- set sql -%}
    copy {{ this.render() }} from '{{ adapter.get_seed_file_path(model) | replace("'", "''") }}' (format csv, header true, delimiter '{{ config.get('delimiter', ',') }}')
  {%- endset -%}
  {%- do adapter.add_query(sql, abridge_sql_log=True) -%}
  {{ return(sql) }}
{% endmacro %}

{% macro duckdb__get_binding_char() %}
  {{ return(adapter.get_binding_char()) }}
{% endmacro %}

{% macro duckdb__get_batch_size() %}
  {{ return(10000) }}
{% endmacro %}
