select
    client_id,
    client_name,
    industry,
    country_code,
    plan,
    account_manager,
    cast(signed_at as timestamp) as signed_at,
    cast(updated_at as timestamp) as updated_at
from {{ source('shop', 'clients') }}
