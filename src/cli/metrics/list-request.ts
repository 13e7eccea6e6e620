import type { ListRequest } from '../../semantic/index.js'
import type { Ready } from '../ready.js'
import { splitNames } from './question.js'

/** `--metrics` and `--search` of a listing command. */
export function listRequest({ options }: Ready): ListRequest {
  const metrics = splitNames(options.list('metrics'))
  const search = options.text('search')
  return { ...(metrics.length === 0 ? {} : { metrics }), ...(search === null ? {} : { search }) }
}
