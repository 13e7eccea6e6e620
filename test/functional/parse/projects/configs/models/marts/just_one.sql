{{ config(alias='Alias With Case', database='mydb') }}
select * from {{ ref('configs', 'stg_deep') }}, {{ ref('stg_twice') }}
