import type { Explanation } from '../../query/index.js'

/** What an explanation for a user says: the rules, the steps, the SQL. */
export function explanationText(name: string, { sql, steps, predicates }: Explanation): string {
  const rules = predicates
    .map(({ relation, predicate, policy }) => `  ${relation}: ${predicate} (${policy})\n`)
    .join('')
  const told = rules === '' ? `No rule narrows what ${name} sees.\n` : `What ${name} sees is narrowed:\n${rules}`
  const plan = steps.map((step, at) => `  ${at + 1}. ${step}\n`).join('')
  return `${told}\nSteps:\n${plan}\nSQL:\n${sql}\n`
}
