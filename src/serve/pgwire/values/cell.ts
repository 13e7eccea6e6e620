import type { AnswerVector } from '../../../query/index.js'

/** One value of a column that has no typed vector. */
export type Cell = Extract<AnswerVector, { readonly kind: 'cells' }>['values'][number]
