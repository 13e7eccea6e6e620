{% snapshot snap %}
{{ config(unique_key='id', strategy='timestamp', updated_at='ts', target_schema='h') }}
select * from {{ ref('a') }}
{% endsnapshot %}
