/** Aggregates that the parser reads as ordinary functions. */
const AGGREGATES = new Set(
  `any_value approx_count_distinct approx_percentile approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_min
  arg_min_null argmax argmin array_agg array_concat_agg avg bit_and bit_or bit_xor bitstring_agg bool_and bool_or booland_agg
  boolor_agg collect_list collect_set corr count count_if count_star countif covar_pop covar_samp entropy every favg first
  fsum group_concat histogram hll_count.init json_agg json_object_agg json_group_array jsonb_agg jsonb_object_agg kahan_sum
  kurtosis last list listagg logical_and logical_or mad max max_by median min min_by mode mode_within_group object_agg
  percentile percentile_approx percentile_cont percentile_disc product quantile quantile_cont quantile_disc regr_avgx
  regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy reservoir_quantile skewness stddev
  stddev_pop stddev_samp string_agg sum sumkahan sum_if sumif var_pop var_samp variance xmlagg`.split(/\s+/),
)

export function isAggregateName(name: string): boolean {
  return AGGREGATES.has(name)
}

const DATE_PARTS = new Set(
  `year years quarter quarters month months week weeks day days hour hours minute minutes second seconds millisecond
  milliseconds microsecond microseconds nanosecond dayofweek dayofyear isoweek isoyear epoch dow doy date time yy yyyy qq
  mm dd hh mi ss wk decade century millennium weekday yearofweek dayofmonth monthday`.split(/\s+/),
)

/** `dateadd(day, 1, d)`: the bare word is no column. */
export function isDatePart(word: string): boolean {
  return DATE_PARTS.has(word.toLowerCase())
}

export function takesDatePart(name: string): boolean {
  return /date|time|trunc|diff|_part|last_day|next_day|ceil|floor|round/.test(name)
}
