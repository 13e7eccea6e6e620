{% test calls_config(model, x) %}
{{ config(tags=['from_macro'], fail_calc='sum(n)', meta={'macro': x}) }}
select {{ helper(x) }} from {{ model }}
{% endtest %}
{% macro helper(x) %}{{ x }}{% endmacro %}
{% test uses_ref(model, other, list) %}
select * from {{ model }} join {{ other }} using (id) join {{ ref('sd') }} using (id)
{% for l in list %} join {{ l }} using (id) {% endfor %}
{% endtest %}
{% test not_null(model, column_name) %}
{# overrides the built-in one #}
select * from {{ model }} where {{ column_name }} is null
{% endtest %}
