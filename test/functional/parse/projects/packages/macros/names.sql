{% macro generate_schema_name(custom_schema_name, node) %}
  {%- if node.resource_type == 'seed' -%} seeds_{{ custom_schema_name or 'none' }}
  {%- else -%} {{ target.schema }}__{{ custom_schema_name | trim }}__{{ node.fqn[1] }}
  {%- endif -%}
{% endmacro %}
{% macro default__dispatched(x) %}root {{ x }}{% endmacro %}
{% macro overridden() %}root's{% endmacro %}
