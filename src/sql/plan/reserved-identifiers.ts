/** Words that some warehouse does not take as a bare column or table name. */
export const RESERVED_IDENTIFIERS: ReadonlySet<string> = new Set(
  `all alter analyse analyze and any array as asc asymmetric at authorization between both by case cast check collate
  column constraint create cross current current_date current_role current_time current_timestamp current_user default
  deferrable delete desc describe distinct do drop else end except exclude exists extract false fetch following for
  foreign from full grant group having if ilike in initially inner insert intersect interval into is join lateral
  leading left like limit localtime localtimestamp minus natural new not null of off offset old on only or order outer
  over overlaps partition placing preceding primary qualify range recursive references returning revoke right row rows
  sample select session_user set similar some start symmetric table tablesample then to trailing trigger true
  unbounded union unique unpivot update user using values verbose when where window with`.split(/\s+/),
)
