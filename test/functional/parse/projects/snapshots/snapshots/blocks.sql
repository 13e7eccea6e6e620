{% snapshot first %}
  {{ config(unique_key='id', strategy='check', check_cols=['a', 'b'], target_database='memory', tags=['x']) }}
  select * from {{ ref('a') }}
{% endsnapshot %}

{% snapshot second %}
{{ config(unique_key=['id', 'b'], strategy='timestamp', updated_at='ts', target_schema='other', invalidate_hard_deletes=true) }}
select * from {{ source('src', 'tab') }} where '{{ this }}' is not null
{% endsnapshot %}
