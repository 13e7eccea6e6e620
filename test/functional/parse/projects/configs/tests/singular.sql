{{ config(severity='warn', store_failures=false, limit=10) }}
select * from {{ ref('plain') }} where id is null
