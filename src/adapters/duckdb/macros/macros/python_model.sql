{# Python models. #}

{# `con` and `df` come from the process that runs the model; pyarrow's datasets have to be imported before use. #}
{% macro py_write_table(temporary, relation, compiled_code, partitioned_by=none, sorted_by=none) -%}
{{ compiled_code }}

def materialize(df, con):
    try:
        import pyarrow
    except ImportError:
        pyarrow = None
    if pyarrow is not None and isinstance(df, pyarrow.Table):
        import pyarrow.dataset
    rows = '__dbt_python_model_df_{{ relation.identifier }}'
    con.register(rows, df)
    {%- if partitioned_by or sorted_by %}
    con.execute('create table {{ relation }} as select * from ' + rows + ' limit 0')
    {%- if partitioned_by %}
    con.execute('alter table {{ relation }} set partitioned by ({{ partitioned_by }})')
    {%- endif %}
    {%- if sorted_by %}
    con.execute('alter table {{ relation }} set sorted by ({{ sorted_by }})')
    {%- endif %}
    con.execute('insert into {{ relation }} select * from ' + rows)
    {%- else %}
    con.execute('create table {{ relation }} as select * from ' + rows)
    {%- endif %}
    con.unregister(rows)
{%- endmacro %}

{# The name of the MotherDuck Flight that runs a model; unique to a user, so override it where two targets share a schema. #}
{% macro flight_name(parsed_model) -%}
  {{ return(adapter.dispatch('flight_name', 'dbt')(parsed_model)) }}
{%- endmacro %}

{% macro default__flight_name(parsed_model) -%}
  {{ return(duckdb__flight_name(parsed_model)) }}
{%- endmacro %}

{% macro duckdb__flight_name(parsed_model) -%}
  {%- set parts = ['dbt', parsed_model.get('package_name'), parsed_model.get('database'), parsed_model.get('schema'), parsed_model.get('alias') or parsed_model.get('name')] -%}
  {{ return(parts | select | join('-')) }}
{%- endmacro %}
