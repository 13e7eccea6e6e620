/** Words that are never a column in an expression, in any dialect we write. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set([
  'all',
  'and',
  'any',
  'as',
  'asc',
  'between',
  'by',
  'case',
  'collate',
  'desc',
  'distinct',
  'else',
  'end',
  'escape',
  'exists',
  'false',
  'from',
  'glob',
  'group',
  'having',
  'ilike',
  'in',
  'is',
  'like',
  'limit',
  'not',
  'null',
  'or',
  'order',
  'over',
  'partition',
  'qualify',
  'regexp',
  'rlike',
  'select',
  'similar',
  'then',
  'true',
  'union',
  'when',
  'where',
  'within',
])

/** Values that look like columns: functions that take no parentheses. */
export const NILADIC_FUNCTIONS: ReadonlySet<string> = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
])

/** Words that make the text more than one expression over one row: it is then left alone, in a scope of its own. */
export const SCOPED_WORDS: ReadonlySet<string> = new Set(['select', 'over', 'exists', 'union', 'qualify'])

/** `DATE '2020-01-01'`: a type before a string is a literal. */
export const TYPED_LITERALS: ReadonlySet<string> = new Set(['date', 'datetime', 'interval', 'time', 'timestamp'])

/** Units of time as bare words: `DATEADD(day, 1, x)`, `EXTRACT(year FROM x)`, `INTERVAL 3 days`. */
export const TIME_UNITS: ReadonlySet<string> = new Set([
  ...[
    'nanosecond',
    'microsecond',
    'millisecond',
    'second',
    'minute',
    'hour',
    'day',
    'week',
    'month',
    'quarter',
    'year',
    'decade',
    'century',
  ].flatMap((unit) => [unit, `${unit}s`]),
  'dayofweek',
  'dayofyear',
  'dow',
  'doy',
  'epoch',
  'isodow',
  'isoweek',
  'isoyear',
])

/** Functions whose arguments may be bare units of time. */
export const UNIT_FUNCTIONS: ReadonlySet<string> = new Set([
  'date_add',
  'date_diff',
  'date_part',
  'date_sub',
  'date_trunc',
  'dateadd',
  'datediff',
  'datepart',
  'datetime_add',
  'datetime_diff',
  'datetime_sub',
  'datetime_trunc',
  'extract',
  'last_day',
  'timestamp_add',
  'timestamp_diff',
  'timestamp_sub',
  'timestamp_trunc',
  'timestampadd',
  'timestampdiff',
])

export const CAST_FUNCTIONS: ReadonlySet<string> = new Set(['cast', 'safe_cast', 'try_cast'])
