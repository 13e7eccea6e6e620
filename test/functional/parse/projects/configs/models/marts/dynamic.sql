{%- set kind = 'table' if var('layer') == 'scoped' else 'view' -%}
{{ config(materialized=kind, tags=[var('layer'), 'x'], meta={'n': var('nested')}) }}
{% for m in ['plain', 'just_one'] %}
select * from {{ ref(m) }} {{ "union all" if not loop.last }}
{% endfor %}
-- {{ config.get('materialized') }} {{ config.get('nothing', 'fallback') }}
