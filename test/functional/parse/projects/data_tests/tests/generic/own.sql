{% test row_count(model, above=3, flag=none, nothing=none, text='') %}
select 1 from {{ model }} having count(*) <= {{ above }}
{% endtest %}
{% test dbt_utils_like(model, expression, n) %}
{{ config(severity='warn') }}
select * from {{ model }} where not ({{ expression }})
{% endtest %}
