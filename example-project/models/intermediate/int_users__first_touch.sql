select
    user_id,
    started_at as first_seen_at,
    campaign as first_campaign,
    device as first_device
from {{ ref('stg_web__sessions') }}
qualify row_number() over (partition by user_id order by started_at, session_id) = 1
