import { isTimeGranularity } from '../../../sql/granularity.js'
import { METRIC_TIME } from '../../group-by-item.js'
import { error, type RuleIssue } from './rule.js'

const VALID_NAME = /^[a-z](?:(?!__)[a-z0-9_])*[a-z0-9]$/

/** Names that columns of our own have. */
const RESERVED = new Map([
  [METRIC_TIME, 'it is the time that metrics are aggregated over'],
  ['mf_internal_uuid', 'servers of metrics number rows with it'],
])

/** What is wrong with the name of anything in a semantic manifest. */
export function* checkName(name: string, subject: string | undefined): Iterable<RuleIssue> {
  if (!VALID_NAME.test(name)) {
    yield error(
      `'${name}' cannot be used as a name here.`,
      subject,
      'names are two or more lower case letters, digits and single underscores, from a letter to a letter or digit',
    )
  }
  if (isTimeGranularity(name.toLowerCase())) {
    yield error(`'${name}' cannot be used as a name: it is a time granularity.`, subject)
  }
  const reason = RESERVED.get(name.toLowerCase())
  if (reason !== undefined) yield error(`'${name}' cannot be used as a name: ${reason}.`, subject)
}
