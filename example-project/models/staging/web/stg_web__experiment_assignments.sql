select
    experiment as experiment_name,
    user_id,
    variant,
    cast(assigned_at as timestamp) as assigned_at
from {{ source('web', 'experiment_assignments') }}
