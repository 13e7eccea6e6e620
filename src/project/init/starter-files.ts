/** Warehouses that `init` can write a profile for. */
export const STARTER_WAREHOUSES = ['duckdb', 'postgres'] as const
export type StarterWarehouse = (typeof STARTER_WAREHOUSES)[number]

export interface Starter {
  readonly name: string
  /** Name of the profile it uses. */
  readonly profile: string
  readonly warehouse: StarterWarehouse
}

/** profiles.yml of a new project. No secret stands in it: PostgreSQL's password comes from the environment. */
export function starterProfile({ name, warehouse }: Starter): string {
  if (warehouse === 'duckdb') {
    return lines(
      `${name}:`,
      '  target: dev',
      '  outputs:',
      '    dev:',
      '      type: duckdb',
      `      path: ${name}.duckdb`,
      '      threads: 4',
    )
  }
  return lines(
    `${name}:`,
    '  target: dev',
    '  outputs:',
    '    dev:',
    '      type: postgres',
    `      host: "{{ env_var('PGHOST', 'localhost') }}"`,
    `      port: "{{ env_var('PGPORT', '5432') | int }}"`,
    `      user: "{{ env_var('PGUSER', 'postgres') }}"`,
    `      password: "{{ env_var('DBT_ENV_SECRET_PGPASSWORD', '') }}"`,
    `      dbname: "{{ env_var('PGDATABASE', 'postgres') }}"`,
    `      schema: ${name}`,
    '      threads: 4',
  )
}

/** The files of a new project, by path: a small workshop's bookings, from raw seeds to a metric. */
export function starterFiles({ name, profile }: Starter): Readonly<Record<string, string>> {
  return {
    'dbt_project.yml': lines(
      `name: ${name}`,
      "version: '1.0.0'",
      `profile: ${profile}`,
      '',
      'models:',
      `  ${name}:`,
      '    # One view for each raw table: names, types, nothing else.',
      '    staging:',
      '      +materialized: view',
      '    # What people and dashboards read.',
      '    marts:',
      '      +materialized: table',
    ),
    '.gitignore': lines('target/', 'logs/', 'dbt_packages/', '.env', '*.duckdb', '*.duckdb.wal'),
    'README.md': lines(
      `# ${name}`,
      '',
      'Raw bookings of a workshop become one row a day, and a metric.',
      '',
      '- `plumb build` loads the seeds, builds the models, runs the tests',
      '- `plumb show --select daily_bookings` prints the result',
      '- `plumb list --select +daily_bookings` shows what it is made of',
    ),
    'seeds/raw_bookings.csv': lines(
      'id,customer,booked_on,seats,price_cents',
      '1,ada,2024-03-01,2,9000',
      '2,bo,2024-03-01,1,4500',
      '3,chiara,2024-03-02,4,16000',
      '4,ada,2024-03-04,1,4500',
      '5,dao,2024-03-04,3,12600',
      '6,bo,2024-03-05,2,9000',
    ),
    'models/staging/stg_bookings.sql': lines(
      'select',
      '    id as booking_id,',
      '    customer as customer_name,',
      '    cast(booked_on as date) as booked_on,',
      '    seats,',
      '    price_cents / 100.0 as price',
      "from {{ ref('raw_bookings') }}",
    ),
    'models/staging/staging.yml': lines(
      'models:',
      '  - name: stg_bookings',
      '    description: One row for each booking.',
      '    columns:',
      '      - name: booking_id',
      '        data_tests: [unique, not_null]',
      '      - name: seats',
      '        description: Seats that were booked, at least one.',
      '        data_tests: [not_null]',
    ),
    'models/marts/daily_bookings.sql': lines(
      'select',
      '    booked_on,',
      '    count(*) as bookings,',
      '    count(distinct customer_name) as customers,',
      '    sum(seats) as seats,',
      '    sum(price) as revenue',
      "from {{ ref('stg_bookings') }}",
      'group by booked_on',
    ),
    'models/marts/days.sql': lines(
      '-- Every day, for metrics over time.',
      'select cast(day as date) as date_day',
      "from generate_series(date '2024-01-01', date '2026-12-31', interval '1 day') as days(day)",
    ),
    'models/marts/marts.yml': lines(
      'models:',
      '  - name: daily_bookings',
      '    description: Bookings and revenue by day.',
      '    columns:',
      '      - name: booked_on',
      '        data_tests: [unique, not_null]',
      '  - name: days',
      '    description: One row for each day.',
      '    time_spine:',
      '      standard_granularity_column: date_day',
      '    columns:',
      '      - name: date_day',
      '        granularity: day',
    ),
    'models/marts/metrics.yml': lines(
      'semantic_models:',
      '  - name: bookings',
      "    model: ref('stg_bookings')",
      '    defaults:',
      '      agg_time_dimension: booked_on',
      '    entities:',
      '      - name: booking',
      '        type: primary',
      '        expr: booking_id',
      '    dimensions:',
      '      - name: booked_on',
      '        type: time',
      '        type_params:',
      '          time_granularity: day',
      '      - name: customer_name',
      '        type: categorical',
      '    measures:',
      '      - name: revenue',
      '        agg: sum',
      '        expr: price',
      '',
      'metrics:',
      '  - name: revenue',
      '    label: Revenue',
      '    description: What was paid for bookings.',
      '    type: simple',
      '    type_params:',
      '      measure: revenue',
    ),
    'tests/no_free_seats.sql': lines(
      '-- A booking without a price is a mistake: rows here fail the test.',
      'select *',
      "from {{ ref('stg_bookings') }}",
      'where price <= 0',
    ),
  }
}

function lines(...text: string[]): string {
  return `${text.join('\n')}\n`
}
