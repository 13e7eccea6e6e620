import { didYouMean } from '../../core/did-you-mean.js'
import { toRepr, typeName, type Value } from '../../jinja/index.js'
import type { YamlMapping, YamlValue } from '../yaml/construct.js'
import { dumpYaml } from '../yaml/dump-yaml.js'
import { isYamlMapping, plainJson } from '../yaml/plain-json.js'
import type { YamlPath } from '../yaml/positions.js'
import { methodFault, SELECTION_METHODS, selectorSpecFault } from './selector-spec.js'

export interface SelectorFault {
  readonly path: YamlPath
  readonly message: string
  readonly hint?: string
}

/** Checks one `definition:` of selectors.yml. `known` holds the names of the selectors above it. */
export function checkDefinition(definition: YamlValue, path: YamlPath, known: ReadonlySet<string>): SelectorFault[] {
  if (isYamlMapping(definition)) {
    const keys = Object.keys(definition)
    if (('union' in definition || 'intersection' in definition) && keys.length > 1) {
      const message =
        "Only a single 'union' or 'intersection' key is allowed in a root level selector definition; " +
        `found ${keys.join(',')}.`
      return [{ path, message, hint: 'put an `exclude` into the list of the union or intersection' }]
    }
  }
  return checkPart(definition, path, known)
}

function checkPart(definition: YamlValue, path: YamlPath, known: ReadonlySet<string>): SelectorFault[] {
  if (typeof definition === 'string') {
    const message = selectorSpecFault(definition)
    return message === undefined ? [] : [{ path, message, ...methodHint(definition.split(':')[0]!) }]
  }
  if (!isYamlMapping(definition)) {
    const message = `Expected to find union, intersection, str or dict, instead found ${toRepr(definition as Value)}`
    return [{ path, message }]
  }
  for (const operator of ['union', 'intersection']) {
    if (operator in definition) return checkOperator(definition, operator, path, known)
  }
  return checkCriterion(definition, path, known)
}

function checkOperator(
  definition: YamlMapping,
  operator: string,
  path: YamlPath,
  known: ReadonlySet<string>,
): SelectorFault[] {
  const parts = definition[operator]!
  const place = [...path, operator]
  if (!Array.isArray(parts)) {
    return [{ path: place, message: `Invalid value for key "${operator}". Expected a list.` }]
  }
  const faults: SelectorFault[] = []
  let excludes = 0
  parts.forEach((part, index) => {
    const at = [...place, index]
    if (isYamlMapping(part) && 'exclude' in part) {
      excludes++
      if (excludes > 1) {
        const message =
          'You cannot provide multiple exclude arguments to the same selector set operator:\n' +
          dumpYaml(plainJson(part))
        faults.push({ path: at, message, hint: 'put all exclusions into one `exclude` list' })
      }
      faults.push(...checkExclude(part, at, known))
    } else {
      faults.push(...checkItem(part, operator, at, known))
    }
  })
  return faults
}

function checkItem(part: YamlValue, key: string, path: YamlPath, known: ReadonlySet<string>): SelectorFault[] {
  if (typeof part === 'string' || isYamlMapping(part)) return checkPart(part, path, known)
  const type = typeName(part as Value)
  const message = `Invalid value type <class '${type}'> in key "${key}", expected dict or str (value: ${toRepr(part as Value)}).`
  return [{ path, message }]
}

function checkExclude(definition: YamlMapping, path: YamlPath, known: ReadonlySet<string>): SelectorFault[] {
  const list = definition['exclude']!
  const place = [...path, 'exclude']
  if (!Array.isArray(list)) return [{ path: place, message: 'Invalid value for key "exclude". Expected a list.' }]
  return list.flatMap((item, index) => checkItem(item, 'exclude', [...place, index], known))
}

function checkCriterion(definition: YamlMapping, path: YamlPath, known: ReadonlySet<string>): SelectorFault[] {
  const keys = Object.keys(definition)
  if (keys.length === 1) return checkMethod(keys[0]!, [...path, keys[0]!])
  if (definition['method'] === 'selector') {
    const name = String(definition['value'])
    if (known.has(name)) return []
    const hint = didYouMean(name, known) ?? 'a selector can only use those that stand above it'
    return [{ path: [...path, 'value'], message: `Existing selector definition for ${name} not found.`, hint }]
  }
  if (!('method' in definition) || !('value' in definition)) {
    const message = `Expected either 1 key or else "method" and "value" keys, but got ${toRepr(keys)}`
    return [{ path, message }]
  }
  const faults = checkMethod(String(definition['method']), [...path, 'method'])
  if ('exclude' in definition) faults.push(...checkExclude(definition, path, known))
  for (const depth of ['parents_depth', 'children_depth']) {
    const value = definition[depth] ?? null
    if (value !== null && !/^\d*$/.test(String(value))) {
      faults.push({
        path: [...path, depth],
        message: `Invalid node spec - could not handle parent depth ${String(value)}`,
      })
    }
  }
  const indirect = definition['indirect_selection']
  if (indirect !== undefined && !INDIRECT.includes(String(indirect))) {
    const message = `${toRepr(indirect as Value)} is not a valid IndirectSelection`
    faults.push({ path: [...path, 'indirect_selection'], message, hint: `it is one of: ${INDIRECT.join(', ')}` })
  }
  if (definition['childrens_parents'] === true && definition['children'] === true) {
    faults.push({ path, message: 'Invalid node spec - "@" prefix and "+" suffix are incompatible' })
  }
  return faults
}

const INDIRECT = ['eager', 'cautious', 'buildable', 'empty']

function checkMethod(method: string, path: YamlPath): SelectorFault[] {
  const message = methodFault(method)
  return message === undefined ? [] : [{ path, message, ...methodHint(method) }]
}

function methodHint(method: string): { hint?: string } {
  const hint = didYouMean(method.split('.')[0]!, SELECTION_METHODS)
  return hint === undefined ? {} : { hint }
}
