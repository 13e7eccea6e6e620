/** Functions of one row that a client's SQL may use. They read their arguments, and cost what their input costs. */
export const SCALAR_FUNCTIONS: ReadonlySet<string> = new Set(
  `abs acos age ascii asin atan atan2 btrim cbrt ceil ceiling char_length character_length chr concat concat_ws
  contains cos cot date_diff date_part date_trunc datediff day degrees ends_with exp floor hour initcap left length
  ln log log10 lower lpad ltrim make_date md5 minute mod month nullif pi pow power quarter radians
  regexp_replace replace reverse right round rpad rtrim second sign sin split_part sqrt starts_with strpos substr
  substring tan to_char to_date to_timestamp trim trunc upper week year now octet_length translate
  date justify_days justify_hours justify_interval array_length cardinality`.split(/\s+/),
)

/** Functions of many rows, with how a metric's kind of sum is called. */
export const AGGREGATES: ReadonlySet<string> = new Set(
  `count sum avg min max stddev stddev_samp stddev_pop variance var_samp var_pop bool_and bool_or every string_agg
  array_agg percentile_cont percentile_disc mode median corr covar_pop covar_samp regr_slope regr_intercept regr_r2
  approx_count_distinct`.split(/\s+/),
)

/** Functions that only make sense with OVER. */
export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set(
  'row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value'.split(/\s+/),
)

/** Functions that say "the metric as it is defined". */
export const MEASURE_FUNCTIONS: ReadonlySet<string> = new Set(['measure', 'agg', 'aggregate'])

export const OPERATORS: ReadonlySet<string> = new Set(
  '= <> != < <= > >= + - * / % ^ || ~ !~ ~* !~* -> ->> & | # << >>'.split(' '),
)

/** Fields that can be read out of a time. */
export const TIME_FIELDS: ReadonlySet<string> = new Set(
  `century day decade dow doy epoch hour isodow isoyear julian microseconds millennium milliseconds minute month
  quarter second timezone timezone_hour timezone_minute week year`.split(/\s+/),
)
