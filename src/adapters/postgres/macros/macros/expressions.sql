{# Where PostgreSQL's expressions are its own. #}

{% macro postgres__current_timestamp() -%}
  now()
{%- endmacro %}

{% macro postgres__snapshot_get_time() -%}
  {{ current_timestamp() }}::timestamp without time zone
{%- endmacro %}

{% macro postgres__snapshot_string_as_time(timestamp) -%}
  {{ return("'" ~ timestamp ~ "'::timestamp without time zone") }}
{%- endmacro %}

{% macro postgres__current_timestamp_backcompat() %}
    current_timestamp::{{ type_timestamp() }}
{% endmacro %}

{% macro postgres__current_timestamp_in_utc_backcompat() %}
    (current_timestamp at time zone 'utc')::{{ type_timestamp() }}
{% endmacro %}

{# any_value() came with version 16. #}
{% macro postgres__any_value(expression) -%}
    min({{ expression }})
{%- endmacro %}

{% macro postgres__equals(expr1, expr2) -%}
{%- if adapter.behavior.enable_truthy_nulls_equals_macro.no_warn %}
    ({{ expr1 }} IS NOT DISTINCT FROM {{ expr2 }})
{%- else -%}
    ({{ expr1 }} = {{ expr2 }})
{%- endif %}
{%- endmacro %}

{% macro postgres__dateadd(datepart, interval, from_date_or_timestamp) %}
    {{ from_date_or_timestamp }} + ((interval '1 {{ datepart }}') * ({{ interval }}))
{% endmacro %}

{# Intervals know no quarters. #}
{% macro postgres__last_day(date, datepart) -%}
  {%- if datepart == 'quarter' -%}
    cast(
      {{ dbt.dateadd('day', '-1', dbt.dateadd('month', '3', dbt.date_trunc(datepart, date))) }}
    as date)
  {%- else -%}
    {{ dbt.default_last_day(date, datepart) }}
  {%- endif -%}
{%- endmacro %}

{#
  From the coarser part to the finer: 13 months are 1 year and 1 month. Weeks begin on Sunday; what is left over in
  the last one counts when it runs over a Saturday. Milliseconds and below include the seconds of the minute.
#}
{% macro postgres__datediff(first_date, second_date, datepart) -%}
    {%- set finer = {
      'quarter': ['year', 4, 'date'], 'month': ['year', 12, 'date'], 'hour': ['day', 24, 'timestamp'], 'minute': ['hour', 60, 'timestamp'],
      'second': ['minute', 60, 'timestamp'], 'millisecond': ['minute', 60000, 'timestamp'], 'microsecond': ['minute', 60000000, 'timestamp'],
    } %}
    {% if datepart == 'year' %}
        (date_part('year', ({{ second_date }})::date) - date_part('year', ({{ first_date }})::date))
    {% elif datepart == 'day' %}
        (({{ second_date }})::date - ({{ first_date }})::date)
    {% elif datepart == 'week' %}
        ({{ datediff(first_date, second_date, 'day') }} / 7 + case
            when date_part('dow', ({{ first_date }})::timestamp) <= date_part('dow', ({{ second_date }})::timestamp) then
                case when {{ first_date }} <= {{ second_date }} then 0 else -1 end
            else
                case when {{ first_date }} <= {{ second_date }} then 1 else 0 end
        end)
    {% elif datepart in finer %}
        {% set coarser, factor, type = finer[datepart] %}
        {% set part = "date_part('" ~ datepart ~ "', (%s)::" ~ type ~ ')' %}
        {% set part = 'floor(' ~ part ~ ')' if 'second' in datepart else part %}
        ({{ datediff(first_date, second_date, coarser) }} * {{ factor }} + {{ part % second_date }} - {{ part % first_date }})
    {% else %}
        {{ exceptions.raise_compiler_error('Unsupported datepart for macro datediff in postgres: {!r}'.format(datepart)) }}
    {% endif %}
{%- endmacro %}

{% macro postgres__listagg(measure, delimiter_text, order_by_clause, limit_num) -%}
    {% if limit_num -%}
    array_to_string(
      (array_agg(
        {{ measure }}
        {{ order_by_clause if order_by_clause }}
      ))[1:{{ limit_num }}],
      {{ delimiter_text }}
    )
    {%- else %}
    string_agg(
      {{ measure }},
      {{ delimiter_text }}
      {{ order_by_clause if order_by_clause }}
    )
    {%- endif %}
{%- endmacro %}

{# Negative numbers came with version 14. #}
{% macro postgres__split_part(string_text, delimiter_text, part_number) %}
  {% if part_number >= 0 %}
    {{ dbt.default__split_part(string_text, delimiter_text, part_number) }}
  {% else %}
    {{ dbt._split_part_negative(string_text, delimiter_text, part_number) }}
  {% endif %}
{% endmacro %}
