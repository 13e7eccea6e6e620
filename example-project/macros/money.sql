{#- An amount in cents as a decimal in the main unit of the currency. -#}
{% macro cents_to_amount(column, places=2) -%}
  {{ return(adapter.dispatch('cents_to_amount', 'baram_market')(column, places)) }}
{%- endmacro %}

{% macro default__cents_to_amount(column, places) -%}
  cast(({{ column }}) / 100.0 as decimal(18, {{ places }}))
{%- endmacro %}
