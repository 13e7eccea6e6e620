import { PlumbError } from '../../core/diagnostic.js'
import { bindArguments, type HostFunction, toStr, truthy, type Value } from '../../jinja/index.js'
import { readYaml } from '../../project/yaml/read-yaml.js'
import { jsonText, parseJsonText } from './json-text.js'
import { yamlText } from './yaml-text.js'

/** `fromjson(string, default=None)` */
export const fromjson: HostFunction = (args, kwargs) => {
  const [text, fallback] = bindArguments('fromjson', ['string', 'default'], args, kwargs, { default: null })
  const value = parseJsonText(toStr(text))
  return value === undefined ? fallback : value
}

/** `tojson(value, default=None, sort_keys=False)` */
export const tojson: HostFunction = (args, kwargs) => {
  const [value, , sortKeys] = bindArguments('tojson', ['value', 'default', 'sort_keys'], args, kwargs, {
    default: null,
    sort_keys: false,
  })
  return jsonText(value, truthy(sortKeys))
}

/** `fromyaml(value, default=None)` */
export const fromyaml: HostFunction = (args, kwargs) => {
  const [text, fallback] = bindArguments('fromyaml', ['value', 'default'], args, kwargs, { default: null })
  try {
    return readYaml(toStr(text), 'fromyaml') as Value
  } catch (error) {
    if (error instanceof PlumbError) return fallback
    throw error
  }
}

/** `toyaml(value, default=None, sort_keys=False)` */
export const toyaml: HostFunction = (args, kwargs) => {
  const [value, , sortKeys] = bindArguments('toyaml', ['value', 'default', 'sort_keys'], args, kwargs, {
    default: null,
    sort_keys: false,
  })
  return yamlText(value, truthy(sortKeys))
}
