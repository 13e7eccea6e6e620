{{ config(tags='first', meta={'a': 1}, pre_hook='select 1') }}
{{ config(tags=['second'], meta={'b': 2}, pre_hook=['select 2'], post_hook={'sql': 'select 3', 'transaction': False}) }}
{{ config({'schema': 'own_schema', 'materialized': 'table'}) }}
select * from {{ ref('stg_a') }}
