import type { MethodName } from '../method-names.js'
import { access } from './access.js'
import { column } from './column.js'
import { config } from './config.js'
import { exposure } from './exposure.js'
import { file } from './file.js'
import { fqn } from './fqn.js'
import { functionMethod } from './function.js'
import { group } from './group.js'
import type { SelectorMethod } from './method.js'
import { metric } from './metric.js'
import { packageMethod } from './package.js'
import { path } from './path.js'
import { resourceType } from './resource-type.js'
import { result } from './result.js'
import { savedQuery } from './saved-query.js'
import { selector } from './selector.js'
import { semanticModel } from './semantic-model.js'
import { source } from './source.js'
import { sourceStatus } from './source-status.js'
import { state } from './state.js'
import { tag } from './tag.js'
import { testName } from './test-name.js'
import { testType } from './test-type.js'
import { unitTest } from './unit-test.js'
import { version } from './version.js'

/** Every selection method, by the name users write. */
export const METHODS: { readonly [M in MethodName]: SelectorMethod } = {
  fqn,
  tag,
  group,
  access,
  source,
  path,
  file,
  package: packageMethod,
  config,
  test_name: testName,
  test_type: testType,
  resource_type: resourceType,
  state,
  exposure,
  metric,
  result,
  source_status: sourceStatus,
  version,
  semantic_model: semanticModel,
  saved_query: savedQuery,
  unit_test: unitTest,
  function: functionMethod,
  selector,
  column,
}
