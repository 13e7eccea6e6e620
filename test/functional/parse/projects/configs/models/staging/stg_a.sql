{{ config(tags=['own', 'own2'], meta={'owner': 'a', 'x': {'y': [1, 2.5, none, true]}}) }}
select * from {{ ref('plain') }}
