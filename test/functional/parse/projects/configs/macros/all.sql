{% macro cents(col, scale=2) %} round({{ col }} / 100, {{ scale }}) {% endmacro %}
{% macro log_it(msg, rel) %}{{ return("select '" ~ msg ~ "' -- " ~ rel) }}{% endmacro %}
{% macro thing() %}{{ return(adapter.dispatch('thing', 'configs')()) }}{% endmacro %}
{% macro default__thing() %}1{% endmacro %}
{% macro duckdb__thing() %}{{ cents('x') }} {{ default__thing() }}{% endmacro %}
{% macro uses_ref() %}select * from {{ ref('plain') }}{% endmacro %}
