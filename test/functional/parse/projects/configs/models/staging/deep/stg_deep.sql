{{
  config(
    materialized='incremental',
    unique_key=['id', 'day'],
    grants={'select': ['only'], '+insert': 'more'},
    incremental_strategy='delete+insert',
    on_schema_change='append_new_columns',
    full_refresh=none,
    custom_number=3,
    custom_float=1.50,
    custom_list=(1, 2),
    event_time='ts'
  )
}}
select * from {{ ref('stg_a') }}
{% if is_incremental() %} where id > (select max(id) from {{ this }}) {% endif %}
