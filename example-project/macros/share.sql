{#- a / b as a number between 0 and 1; null where there is nothing to divide by. -#}
{% macro share(part, whole) -%}
  cast({{ part }} as double) / nullif({{ whole }}, 0)
{%- endmacro %}

{#- Days from a moment to the day the data ends. -#}
{% macro days_before_as_of(moment) -%}
  {{ dbt.datediff(moment, "cast('" ~ var('as_of_date') ~ "' as timestamp)", 'day') }}
{%- endmacro %}
