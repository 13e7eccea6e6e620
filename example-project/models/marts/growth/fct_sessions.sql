{{
    config(
        materialized='incremental',
        unique_key='session_id',
        incremental_strategy='delete+insert',
        on_schema_change='append_new_columns'
    )
}}

select
    sessions.session_id,
    sessions.user_id,
    sessions.started_at,
    sessions.duration_seconds,
    sessions.device,
    sessions.campaign,
    sessions.page_views,
    sessions.viewed_product,
    sessions.added_to_cart,
    sessions.started_checkout,
    assignments.variant as checkout_variant
from {{ ref('stg_web__sessions') }} as sessions
left join {{ ref('stg_web__experiment_assignments') }} as assignments
    on assignments.user_id = sessions.user_id
    and assignments.experiment_name = 'one_page_checkout'
    and assignments.assigned_at <= sessions.started_at

{% if is_incremental() %}
-- Two days of overlap, because sessions that cross midnight arrive late.
where sessions.started_at > (select max(started_at) - interval 2 day from {{ this }})
{% endif %}
