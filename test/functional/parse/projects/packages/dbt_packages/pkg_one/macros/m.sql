{% macro dispatched(x) %}{{ return(adapter.dispatch('dispatched', 'pkg_one')(x)) }}{% endmacro %}
{% macro default__dispatched(x) %}pkg {{ x }}{% endmacro %}
{% macro overridden() %}pkg's{% endmacro %}
{% macro helper() %}{{ overridden() }} {{ pkg_one.dispatched(2) }}{% endmacro %}
{% test pkg_test(model, column_name) %}select * from {{ model }} where {{ helper() }}{% endtest %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}pkg_{{ node.name }}{% endmacro %}
