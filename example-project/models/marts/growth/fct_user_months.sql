with months as (

    select distinct date_trunc('month', date_day) as month_start
    from {{ ref('time_spine_daily') }}
    where date_day < cast('{{ var("as_of_date") }}' as date)

),

visits as (

    select distinct
        user_id,
        date_trunc('month', started_at) as month_start
    from {{ ref('fct_sessions') }}

)

select
    users.user_id,
    cast(months.month_start as date) as month_start,
    {{ dbt.datediff('users.signed_up_at', 'months.month_start', 'month') }} as months_since_signup,
    visits.user_id is not null as was_active
from {{ ref('stg_shop__users') }} as users
inner join months on months.month_start >= date_trunc('month', users.signed_up_at)
left join visits on visits.user_id = users.user_id and visits.month_start = months.month_start
