import { fail } from '../../core/diagnostic.js'
import type { Ready } from '../ready.js'
import { splitNames } from './question.js'

/** What `--require` asks for. @throws PlumbError for other words */
export function requiredGround({ options }: Ready): ('fresh' | 'tested')[] {
  return splitNames(options.list('require')).map((word) => {
    if (word === 'fresh' || word === 'tested') return word
    return fail(
      'usage',
      'bad-option-value',
      `Invalid value for '--require': '${word}' is not one of 'fresh', 'tested'.`,
    )
  })
}
