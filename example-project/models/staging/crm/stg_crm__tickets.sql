select
    ticket_id,
    user_id,
    order_id,
    channel,
    topic,
    priority,
    cast(opened_at as timestamp) as opened_at,
    cast(solved_at as timestamp) as solved_at,
    satisfaction
from {{ source('crm', 'tickets') }}
