{% snapshot third %}
{{ config(unique_key='id', strategy='check', check_cols='all', schema='custom', alias='al', hard_deletes='new_record', dbt_valid_to_current="to_date('9999-12-31')", snapshot_meta_column_names={'dbt_valid_from': 'vf'}) }}
select * from {{ ref('first') }}
{% endsnapshot %}
