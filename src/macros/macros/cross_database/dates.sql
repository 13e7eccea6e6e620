{# Dates. Intervals and date parts are named as in English: year, quarter, month, week, day, hour, minute, second. #}

{% macro date(year, month, day) %}
  {{ return(adapter.dispatch('date', 'dbt')(year, month, day)) }}
{% endmacro %}

{% macro default__date(year, month, day) -%}
    to_date('{{ modules.datetime.date(year, month, day).strftime('%Y-%m-%d') }}', 'YYYY-MM-DD')
{%- endmacro %}

{% macro date_trunc(datepart, date) -%}
  {{ return(adapter.dispatch('date_trunc', 'dbt')(datepart, date)) }}
{%- endmacro %}

{% macro default__date_trunc(datepart, date) -%}
    date_trunc('{{ datepart }}', {{ date }})
{%- endmacro %}

{% macro dateadd(datepart, interval, from_date_or_timestamp) %}
  {{ return(adapter.dispatch('dateadd', 'dbt')(datepart, interval, from_date_or_timestamp)) }}
{% endmacro %}

{% macro default__dateadd(datepart, interval, from_date_or_timestamp) %}
    dateadd(
      {{ datepart }}, {{ interval }}, {{ from_date_or_timestamp }}
    )
{% endmacro %}

{# How many borders of the date part lie between the two: 0 for two times of one day, 1 over midnight. #}
{% macro datediff(first_date, second_date, datepart) %}
  {{ return(adapter.dispatch('datediff', 'dbt')(first_date, second_date, datepart)) }}
{% endmacro %}

{% macro default__datediff(first_date, second_date, datepart) -%}
    datediff(
      {{ datepart }}, {{ first_date }}, {{ second_date }}
    )
{%- endmacro %}

{% macro last_day(date, datepart) %}
  {{ return(adapter.dispatch('last_day', 'dbt')(date, datepart)) }}
{% endmacro %}

{% macro default__last_day(date, datepart) -%}
    {{ dbt.default_last_day(date, datepart) }}
{%- endmacro %}

{# Without the two underscores: adapters call it by this name for the parts that need nothing special. #}
{%- macro default_last_day(date, datepart) -%}
    cast(
      {{ dbt.dateadd('day', '-1', dbt.dateadd(datepart, '1', dbt.date_trunc(datepart, date))) }}
    as date)
{%- endmacro -%}

{# The number of periods between two dates, asked of the warehouse. #}
{% macro get_intervals_between(start_date, end_date, datepart) -%}
  {{ return(adapter.dispatch('get_intervals_between', 'dbt')(start_date, end_date, datepart)) }}
{%- endmacro %}

{% macro default__get_intervals_between(start_date, end_date, datepart) -%}
  {%- call statement('get_intervals_between', fetch_result=True, auto_begin=False) %}
    select {{ dbt.datediff(start_date, end_date, datepart) }}
  {%- endcall -%}
  {%- set result = load_result('get_intervals_between') -%}
  {{ return(result['data'][0][0] if result and result['data'] else 1) }}
{%- endmacro %}

{# One row per period from the start date on, up to and including the end date. #}
{% macro date_spine(datepart, start_date, end_date) %}
  {{ return(adapter.dispatch('date_spine', 'dbt')(datepart, start_date, end_date)) }}
{%- endmacro %}

{% macro default__date_spine(datepart, start_date, end_date) %}
    with rawdata as (
      {{ dbt.generate_series(dbt.get_intervals_between(start_date, end_date, datepart)) }}
    ),

    all_periods as (
      select (
        {{ dbt.dateadd(datepart, 'row_number() over (order by 1) - 1', start_date) }}
      ) as date_{{ datepart }}
      from rawdata
    ),

    filtered as (
      select *
      from all_periods
      where date_{{ datepart }} <= {{ end_date }}
    )

    select * from filtered
{% endmacro %}

{# The smallest n with 2 to the power of n not below the bound. #}
{% macro get_powers_of_two(upper_bound) %}
  {{ return(adapter.dispatch('get_powers_of_two', 'dbt')(upper_bound)) }}
{% endmacro %}

{% macro default__get_powers_of_two(upper_bound) %}
  {% if upper_bound <= 0 %}
    {% do exceptions.raise_compiler_error('upper bound must be positive') %}
  {% endif %}
  {% for n in range(1, 100) if upper_bound <= 2 ** n %}
    {{ return(n) }}
  {% endfor %}
{% endmacro %}

{# The numbers from 1 to the bound, in a column called generated_number. #}
{% macro generate_series(upper_bound) %}
  {{ return(adapter.dispatch('generate_series', 'dbt')(upper_bound)) }}
{% endmacro %}

{# One bit per cross join, for warehouses with no function for it. #}
{% macro default__generate_series(upper_bound) %}
    {%- set bits = dbt.get_powers_of_two(upper_bound) %}
    with p as (
      select 0 as generated_number union all select 1
    ), unioned as (
      select
      {% for bit in range(bits) %}
        p{{ bit }}.generated_number * power(2, {{ bit }}) {{ '+' if not loop.last }}
      {% endfor %}
        + 1
      as generated_number
      from
      {% for bit in range(bits) %}
        p as p{{ bit }} {{ 'cross join' if not loop.last }}
      {% endfor %}
    )

    select *
    from unioned
    where generated_number <= {{ upper_bound }}
    order by generated_number
{% endmacro %}
