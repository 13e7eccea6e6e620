select
    session_id,
    user_id,
    cast(started_at as timestamp) as started_at,
    cast(ended_at as timestamp) as ended_at,
    {{ dbt.datediff('cast(started_at as timestamp)', 'cast(ended_at as timestamp)', 'second') }} as duration_seconds,
    device,
    coalesce(campaign, 'direct') as campaign,
    page_views,
    viewed_product,
    added_to_cart,
    started_checkout
from {{ source('web', 'sessions') }}
