select
    user_id,
    client_id,
    full_name,
    country_code,
    acquisition_channel,
    marketing_opt_in,
    cast(signed_up_at as timestamp) as signed_up_at
from {{ source('shop', 'users') }}
