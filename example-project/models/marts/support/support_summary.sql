select
    cast({{ dbt.date_trunc('week', 'opened_at') }} as date) as opened_week,
    topic,
    count(*) as tickets,
    count(solved_at) as solved,
    avg({{ dbt.datediff('opened_at', 'solved_at', 'hour') }}) as average_hours_to_solve,
    avg(satisfaction) as average_satisfaction
from {{ ref('stg_crm__tickets') }}
group by 1, 2
